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

from focuscam.cameras.photo import MOST_PIXELS, read_photo
from focuscam.errors import FocuscamError
from focuscam.frame import FINE_SIDE


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
    with pytest.raises(FocuscamError, match=r"vast\.png has 30000 x 30000 px, over the limit of 268 megapixels"):
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
    with pytest.raises(FocuscamError, match="is not a file"):
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
