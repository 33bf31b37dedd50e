"""Photos: every kind a camera or a phone makes becomes upright luma; what cannot be read says why, in one sentence."""

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from focuscam.cameras.limits import MOST_PIXELS
from focuscam.cameras.photo import read_photo
from focuscam.errors import FocuscamError
from focuscam.messages import FINE_SIDE


@pytest.fixture(scope="module")
def colours():
    """A smooth RGB picture, 48 x 32, that is different at each corner."""
    y, x = np.mgrid[0:32, 0:48]
    return np.stack([x * 5, y * 8, 255 - x * 3 - y * 2], axis=2).astype(np.uint8)


def luma_of(rgb):
    return rgb @ np.array([0.299, 0.587, 0.114])


def test_colour_becomes_the_y_of_bt601(tmp_path, colours):
    Image.fromarray(colours).save(tmp_path / "a.png")
    photo = read_photo(tmp_path / "a.png")
    assert (photo.width, photo.height) == (48, 32)
    assert np.abs(photo.fine - luma_of(colours)).max() <= 1


def test_a_jpeg_gives_the_y_it_holds(tmp_path, colours):
    Image.fromarray(colours).save(tmp_path / "a.jpg", quality=100, subsampling=0)
    assert np.abs(read_photo(tmp_path / "a.jpg").fine - luma_of(colours)).max() <= 3


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr"])
@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg"])
def test_every_mode_is_read(tmp_path, mode, suffix):
    dark, bright = (0, 255) if mode == "1" else (51, 204)  # shades of the palette of "P"
    grey = Image.new("L", (32, 16), bright)
    grey.paste(dark, (0, 0, 16, 16))
    picture = grey.convert(mode) if mode in ("1", "L", "LA") else grey.convert("RGB").convert(mode)
    try:
        picture.save(tmp_path / f"a{suffix}")
    except OSError:
        pytest.skip(f"{suffix} does not hold {mode}")
    fine = read_photo(tmp_path / f"a{suffix}").fine.astype(int)
    assert abs(fine[8, 4] - dark) <= 2
    assert abs(fine[8, 28] - bright) <= 2


def test_alpha_is_ignored(tmp_path):
    Image.new("RGBA", (8, 8), (100, 100, 100, 0)).save(tmp_path / "a.png")
    assert (read_photo(tmp_path / "a.png").fine == 100).all()


def test_a_transparent_palette_is_read_without_a_warning(tmp_path):
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([0, 0, 0, 60, 60, 60, 250, 250, 250])
    picture.save(tmp_path / "a.png", transparency=bytes([255, 0, 128]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (read_photo(tmp_path / "a.png").fine == 60).all()


@pytest.mark.parametrize("suffix", [".png", ".tif", ".pgm"])
def test_sixteen_bit_grey_keeps_its_scale(tmp_path, suffix):
    deep = (np.arange(256, dtype=np.uint16) * 257).reshape(16, 16)
    Image.fromarray(deep).save(tmp_path / f"deep{suffix}")
    assert np.array_equal(read_photo(tmp_path / f"deep{suffix}").fine, np.arange(256).reshape(16, 16))


def test_big_endian_sixteen_bit_tiff(tmp_path):
    deep = (np.arange(256, dtype=">u2") * 257).reshape(16, 16)
    entries = [(256, 4, 16), (257, 4, 16), (258, 3, 16 << 16), (259, 3, 1 << 16), (262, 3, 1 << 16), (273, 4, 8)]
    entries += [(277, 3, 1 << 16), (278, 4, 16), (279, 4, 512)]
    directory = struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHII", t, k, 1, v) for t, k, v in entries)
    data = b"MM\x00*" + struct.pack(">I", 8 + 512) + deep.tobytes() + directory + struct.pack(">I", 0)
    (tmp_path / "big.tif").write_bytes(data)
    assert np.array_equal(read_photo(tmp_path / "big.tif").fine, np.arange(256).reshape(16, 16))


@pytest.mark.parametrize("mode", ["I", "F"])
def test_deeper_pixels_are_refused_with_a_sentence(tmp_path, mode):
    Image.new(mode, (4, 4), 70_000).save(tmp_path / "deep.tif")
    with pytest.raises(FocuscamError, match=r"deep\.tif .* 16"):
        read_photo(tmp_path / "deep.tif")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_tag_turns_the_picture_upright(tmp_path, colours, suffix, orientation):
    upright = Image.fromarray(colours).convert("L")
    turn = Image.Transpose
    undo = {2: turn.FLIP_LEFT_RIGHT, 3: turn.ROTATE_180, 4: turn.FLIP_TOP_BOTTOM, 5: turn.TRANSPOSE}
    undo |= {6: turn.ROTATE_90, 7: turn.TRANSVERSE, 8: turn.ROTATE_270}
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[274] = orientation
    stored.save(tmp_path / f"a{suffix}", exif=exif, **({"quality": 100} if suffix in (".jpg", ".webp") else {}))
    photo = read_photo(tmp_path / f"a{suffix}")
    assert (photo.width, photo.height) == (48, 32)
    assert photo.fine.shape == (32, 48)
    assert np.abs(photo.fine.astype(int) - np.asarray(upright)).max() <= 6


def test_an_unreadable_orientation_does_not_lose_the_picture(tmp_path):
    Image.new("L", (9, 7), 50).save(tmp_path / "a.jpg", exif=b"Exif\x00\x00II*\x00garbage")
    assert read_photo(tmp_path / "a.jpg").fine.shape == (7, 9)


def test_a_large_jpeg_comes_out_as_if_averaged_over_areas(tmp_path):
    random = np.random.default_rng(3)
    grey = np.kron(random.integers(40, 216, (34, 51)), np.ones((120, 160)))[:4080, :8160].astype(np.uint8)
    Image.fromarray(grey).save(tmp_path / "large.jpg", quality=95)
    photo = read_photo(tmp_path / "large.jpg")
    assert (photo.width, photo.height) == (8160, 4080)
    assert photo.fine.shape == (1014, FINE_SIDE)
    centres = photo.fine.astype(int)[15::30, 20::40][:34, :51]
    assert np.abs(centres - grey[60::120, 80::160][:34, :51]).mean() < 2


@pytest.mark.parametrize("size", [(1, 1), (1, 100_000), (100_000, 1), (2, 2)])
@pytest.mark.parametrize("mode", ["L", "RGB", "I;16"])
def test_tiny_and_endless_pictures_are_readable(tmp_path, size, mode):
    Image.new(mode, size).save(tmp_path / "odd.png")
    photo = read_photo(tmp_path / "odd.png")
    assert (photo.width, photo.height) == size
    assert min(photo.coarse.shape) >= 1


def png_that_claims(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_picture_over_the_pixel_limit_is_refused_before_it_is_decoded(tmp_path):
    # Nothing of it could be decoded: that the sentence speaks of its size shows that nobody tried.
    (tmp_path / "vast.png").write_bytes(png_that_claims(30_000, 30_000))
    with pytest.raises(
        FocuscamError, match=r"vast\.png has 30000 x 30000 px, over the limit of 160 megapixels for a PNG"
    ):
        read_photo(tmp_path / "vast.png")


def test_the_limit_lets_the_largest_phone_photos_pass():
    assert 16_320 * 12_240 < MOST_PIXELS < 30_000 * 30_000


def test_a_photo_of_200_megapixels_is_read_without_a_warning(tmp_path):
    Image.new("L", (16_320, 12_240), 77).save(tmp_path / "phone.jpg")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        photo = read_photo(tmp_path / "phone.jpg")
    assert (photo.width, photo.height) == (16_320, 12_240)
    assert photo.fine.shape == (1521, FINE_SIDE)
    assert np.abs(photo.fine.astype(int) - 77).max() <= 1


def test_pillow_keeps_its_own_limit_for_everybody_else(tmp_path):
    before = Image.MAX_IMAGE_PIXELS
    (tmp_path / "vast.png").write_bytes(png_that_claims(30_000, 30_000))
    for name in ("vast.png", "absent.png"):
        with pytest.raises(FocuscamError):
            read_photo(tmp_path / name)
    assert before == Image.MAX_IMAGE_PIXELS


def test_what_cannot_be_read_is_named_with_its_reason(tmp_path, colours):
    whole = io.BytesIO()
    Image.fromarray(colours).save(whole, "JPEG")
    files = {
        "words.jpg": (b"these are words, not a picture\n", "not a picture"),
        "empty.jpg": (b"", "is empty"),
        "cut.jpg": (whole.getvalue()[: len(whole.getvalue()) // 2], "damaged or cut short"),
    }
    for name, (content, reason) in files.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FocuscamError, match=f"^{name} .*{reason}") as caught:
            read_photo(tmp_path / name)
        assert caught.value.status == 1
        assert "\n" not in str(caught.value)
    with pytest.raises(FocuscamError, match=r"absent\.jpg does not exist"):
        read_photo(tmp_path / "absent.jpg")
    with pytest.raises(FocuscamError, match="it is a folder, not a file"):
        read_photo(tmp_path)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's remarks on odd metadata
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF", "PPM"]))
def test_damage_never_ends_in_anything_but_a_picture_or_a_sentence(tmp_path, colours, data, kind):
    whole = io.BytesIO()
    Image.fromarray(colours).save(whole, kind)
    content = bytearray(whole.getvalue())
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path / "damaged.jpg"
    file.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    try:
        photo = read_photo(file)
    except FocuscamError as error:
        sentence = str(error)
    else:
        sentence = "damaged.jpg "
        assert photo.fine.dtype == photo.coarse.dtype == np.uint8
        assert photo.fine.ndim == 2
    assert sentence.startswith("damaged.jpg ")
    assert "\n" not in sentence


def raw_file(order="<", **tags):
    """A TIFF that begins with a small sharp preview in colour, with these tags besides."""
    shapes = {"kind": 254, "compression": 259, "photometric": 262, "sub": 330, "dng": 50706}
    shapes |= {"tile_width": 322, "tile_height": 323}
    preview = bytes(range(48)) * 4
    told = {256: 8, 257: 8, 258: 8, 259: 1, 262: 2, 273: 8, 277: 3, 278: 8, 279: len(preview)}
    told |= {shapes[name]: value for name, value in tags.items() if name != "sub"}
    sub = tags.get("sub")
    at = 8 + len(preview)
    count = len(told) + (sub is not None)
    if sub is not None:
        told[330] = at + 2 + 12 * count + 4
    longs = {273, 279, 330, 254}

    def entry(tag, value):
        if tag in longs or tag == 50706:
            return struct.pack(order + "HHII", tag, 4, 1, value)
        return struct.pack(order + "HHI", tag, 3, 1) + struct.pack(order + "HH", value, 0)

    def directory(entries):
        rows = b"".join(entry(tag, value) for tag, value in sorted(entries.items()))
        return struct.pack(order + "H", len(entries)) + rows + struct.pack(order + "I", 0)

    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", at)
    below = directory({shapes[name]: value for name, value in sub.items()}) if sub is not None else b""
    return head + preview + directory(told) + below


RAWS = {
    "DNG": raw_file(dng=0x00000401),
    "colour filters at once": raw_file(photometric=32803),
    "the sensor's picture below the preview": raw_file(kind=1, sub={"photometric": 32803}),
    "the same on a Motorola": raw_file(">", sub={"photometric": 34892}),
    "a maker's own compression": raw_file(sub={"compression": 34713}),
    "a preview of nothing": raw_file(kind=1),
    "Canon": b"II*\0\x10\0\0\0CR\2\0" + bytes(40),
    "Canon, newer": b"\0\0\0\x18ftypcrx " + bytes(40),
    "Fujifilm": b"FUJIFILMCCD-RAW 0201" + bytes(40),
    "Olympus": b"IIRO\x08\0\0\0" + bytes(40),
    "Panasonic": b"IIU\0\x18\0\0\0" + bytes(40),
}


@pytest.mark.parametrize("kind", RAWS)
@pytest.mark.parametrize("name", ["a.dng", "a.nef", "a.jpg", "a"])
def test_a_raw_file_is_named_as_one_whatever_its_name(tmp_path, kind, name):
    (tmp_path / name).write_bytes(RAWS[kind])
    with pytest.raises(FocuscamError, match=rf"^{name} is a raw file, .*: give the JPEG beside it\.$"):
        read_photo(tmp_path / name)


def test_the_jpeg_beside_a_raw_file_is_named_where_there_is_one(tmp_path, colours):
    (tmp_path / "IMG_1.dng").write_bytes(RAWS["DNG"])
    Image.fromarray(colours).save(tmp_path / "IMG_1.JPG", "JPEG")
    with pytest.raises(FocuscamError, match=r"IMG_1\.dng is a raw file, .*: give IMG_1\.JPG\.$"):
        read_photo(tmp_path / "IMG_1.dng")


def test_an_ordinary_tiff_is_no_raw_file(tmp_path):
    for order in "<>":
        (tmp_path / "a.tif").write_bytes(raw_file(order))
        assert read_photo(tmp_path / "a.tif").fine.shape == (8, 8)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a"])
@pytest.mark.parametrize("kind", ["EPS", "PCX", "TGA", "DDS", "ICO", "PSD", "SGI"])
def test_what_is_not_listed_is_opened_by_nobody(tmp_path, colours, monkeypatch, kind, name):
    whole = io.BytesIO(b"8BPS\0\1" + bytes(60))
    if kind != "PSD":
        Image.fromarray(colours).save(whole := io.BytesIO(), kind)
    (tmp_path / name).write_bytes(whole.getvalue())
    monkeypatch.setattr("subprocess.Popen", lambda *how, **more: pytest.fail("a program was started"))
    with pytest.raises(FocuscamError, match="is not a picture in a format that can be read"):
        read_photo(tmp_path / name)


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_fewer_than_16_bits_are_read_as_what_they_are(tmp_path, bits, suffix):
    values = np.linspace(0, 2**bits - 1, 48 * 32).round().astype(np.uint16).reshape(32, 48)
    Image.fromarray(values).save(tmp_path / f"a{suffix}")
    whole = np.linspace(0, 65535, 48 * 32).reshape(32, 48) / 257
    assert np.abs(read_photo(tmp_path / f"a{suffix}").fine - whole).max() <= 1


def test_a_black_picture_of_16_bits_stays_black(tmp_path):
    noise = np.random.default_rng(1).integers(0, 200, (32, 48)).astype(np.uint16)
    Image.fromarray(noise).save(tmp_path / "black.png")
    assert read_photo(tmp_path / "black.png").fine.max() <= 1


def test_the_white_that_a_tiff_names_is_taken(tmp_path):
    values = np.full((8, 8), 700, np.uint16)  # by itself it would be taken for 10 bits
    Image.fromarray(values).save(tmp_path / "a.tif", tiffinfo={281: 4095})
    assert np.abs(read_photo(tmp_path / "a.tif").fine.astype(int) - 700 * 255 // 4095).max() <= 1


def test_colours_of_12_bits_in_16_are_refused_with_what_to_do(tmp_path, colours):
    import cv2

    for bits, fine in ((12, False), (16, True)):
        cv2.imwrite(str(tmp_path / "a.png"), (colours.astype(np.uint16) * 257) >> (16 - bits))
        if fine:
            assert read_photo(tmp_path / "a.png").fine.max() > 100
        else:
            with pytest.raises(FocuscamError, match="save it with 8, or with all 16"):
                read_photo(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("kind", "mode", "width", "height", "limit"),
    [
        ("WEBP", "RGB", 8000, 6000, 47),
        ("JPEG2000", "RGB", 7000, 4000, 26),
        ("AVIF", "RGB", 8000, 6000, 47),
        ("TIFF", "RGB", 10000, 9000, 88),
    ],
)
def test_what_takes_much_memory_has_a_lower_limit(tmp_path, monkeypatch, kind, mode, width, height, limit):
    # Its header alone is true: that the sentence speaks of its size shows that nobody tried to decode it.
    Image.new(mode, (64, 48)).save(tmp_path / "a", kind)
    with Image.open(tmp_path / "a") as small:
        opener = type(small)
    monkeypatch.setattr(opener, "size", property(lambda image: (width, height)))
    with pytest.raises(
        FocuscamError, match=rf"{width} x {height} px, over the limit of {limit} megapixels for a {kind}"
    ):
        read_photo(tmp_path / "a")


def test_a_tile_larger_than_its_picture_counts_as_what_it_takes(tmp_path):
    (tmp_path / "a.tif").write_bytes(raw_file(tile_width=65_520, tile_height=65_520))
    with pytest.raises(FocuscamError, match="is stored in vast tiles"):
        read_photo(tmp_path / "a.tif")


def test_a_name_that_no_file_can_have_is_one_sentence(tmp_path):
    for name, reason in (("x" * 5000, "too long"), ("a\0b", "no file can have such a name")):
        with pytest.raises(FocuscamError, match=reason) as caught:
            read_photo(tmp_path / name)
        assert len(str(caught.value)) < 300
