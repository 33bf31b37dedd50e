"""No picture takes more than a gigabyte: tried in processes of their own, with files just below the limits."""

import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

READ = """
import sys
from pathlib import Path
from focuscam.cameras.photo import read_photo
from focuscam.errors import FocuscamError
try:
    print("read", read_photo(Path(sys.argv[1])).width)
except FocuscamError as error:
    print("refused:", error)
lines = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")))
"""

MAKE = """
import sys
from PIL import Image
side, kind = int(sys.argv[2]), sys.argv[3]
how = {"quality": 10, "method": 0} if kind == "WEBP" else {"quality": 10, "progressive": True}
Image.new("RGB", (side, side), (90, 120, 60)).save(sys.argv[1], kind, **how)
"""


def run(program, *arguments):
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=True).stdout.splitlines()


def png(file, side, colours):
    """A grey or coloured PNG, without ever having its pixels."""
    row, packer = bytes(1 + side * colours), zlib.compressobj(1)
    data = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2 if colours == 3 else 0, 0, 0, 0)
    with file.open("wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n")
        for kind, content in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")):
            out.write(struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content)))


@pytest.mark.parametrize(("side", "colours"), [(12_600, 3), (16_300, 1)])
def test_a_png_just_below_the_limit_is_read_in_less_than_a_gigabyte(tmp_path, side, colours):
    png(tmp_path / "a.png", side, colours)
    said, mib = run(READ, tmp_path / "a.png")
    assert said == f"read {side}"
    assert int(mib) < 1000


@pytest.mark.parametrize(("side", "kind"), [(6_800, "WEBP"), (9_000, "JPEG")])
def test_so_are_those_that_are_decoded_as_a_whole(tmp_path, side, kind):
    run(MAKE, tmp_path / "a", side, kind)
    said, mib = run(READ, tmp_path / "a")
    assert said == f"read {side}"
    assert int(mib) < 1000


@pytest.mark.parametrize(
    ("side", "mode", "limit"), [(12_700, "RGB", 160), (16_400, "L", 268), (11_000, "RGBA", 160), (2**31 - 1, "L", 268)]
)
def test_a_small_file_that_asks_for_more_is_refused_before_it_gets_any(tmp_path, side, mode, limit):
    Image.new(mode, (64, 64)).save(tmp_path / "a.png")
    content = bytearray((tmp_path / "a.png").read_bytes())
    content[16:24] = struct.pack(">II", side, side if mode != "RGBA" else side * 2)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    (tmp_path / "a.png").write_bytes(content)
    said, mib = run(READ, tmp_path / "a.png")
    assert f"over the limit of {limit} megapixels for a PNG" in said
    assert int(mib) < 200
