"""What a file is by its first bytes: its name decides nothing, but for what is a photo and a video alike."""

import io

import pytest

from focuscam.cameras.content import kind_of

VIDEOS = {
    "MP4": b"\0\0\0\x20ftypisom\0\0\2\0",
    "QuickTime": b"\0\0\0\x08wide\0\0\0\0mdat",
    "Matroska": b"\x1aE\xdf\xa3\x01\0\0\0",
    "AVI": b"RIFF\x10\0\0\0AVI LIST",
    "transport stream": (b"G" + bytes(187)) * 3,
    "program stream": b"\0\0\1\xba\x44\0\4",
    "H.264": b"\0\0\0\1\x67\x64\0\x1f",
    "H.264, three bytes": b"\0\0\1\x09\xf0",
    "H.265": b"\0\0\0\1\x40\1\x0c",
    "ASF": b"0&\xb2u\x8ef\xcf\x11\xa6\xd9",
    "Flash": b"FLV\1\5\0",
    "Ogg": b"OggS\0\2",
    "YUV4MPEG": b"YUV4MPEG2 W64 H48\n",
    "IVF": b"DKIF\0\0\x20\0",
}
OTHERS = {
    "nothing": b"",
    "words": b"these are words",
    "a playlist": b"#EXTM3U\n#EXTINF:10,\n/etc/hostname\n",
    "ICO": b"\0\0\1\0\1\0\x10\x10",
    "PSD": b"8BPS\0\1\0\0",
    "TGA": b"\0\0\2\0\0\0\0\0",
    "concat": b"ffconcat version 1.0\nfile a\n",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0",
    "a script": b"#!/bin/sh\n",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "sound": b"RIFF\x10\0\0\0WAVEfmt ",
}


@pytest.mark.parametrize("name", ["a.mp4", "a.jpg", "a"])
@pytest.mark.parametrize("kind", VIDEOS)
def test_videos_are_known_by_their_containers(kind, name):
    assert kind_of(io.BytesIO(VIDEOS[kind]), name) == "video"


@pytest.mark.parametrize("name", ["a.mp4", "a.jpg", "a"])
@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_none_of_them_goes_to_no_decoder(kind, name):
    assert kind_of(io.BytesIO(OTHERS[kind]), name) == "other"


def test_jpegs_one_after_the_other_are_a_video_where_the_name_says_so():
    jpeg = b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9"
    assert kind_of(io.BytesIO(jpeg * 3), "a.mjpeg") == "video"
    assert kind_of(io.BytesIO(jpeg * 3), "a.jpg") == "photo"
    assert kind_of(io.BytesIO(jpeg), "a.mjpg") == "photo"
    assert kind_of(io.BytesIO(jpeg[:20]), "a.mjpg") == "photo"


def test_a_tiff_that_leads_in_a_circle_is_left_to_the_decoder():
    # Its only directory is followed by itself, and by one beyond the end.
    circle = b"II*\0\x08\0\0\0" + b"\1\0" + b"\x4a\1\4\0\1\0\0\0\xff\xff\xff\xff" + b"\x08\0\0\0"
    assert kind_of(io.BytesIO(circle), "a.tif") == "photo"
