from hypothesis import given
from hypothesis import strategies as st

from focuscam.cameras.sensor_mode import chosen, stream_size

IMX477 = [
    {"size": (1332, 990), "bit_depth": 10, "fps": 120.0, "crop_limits": (696, 528, 2664, 1980)},
    {"size": (2028, 1080), "bit_depth": 12, "fps": 50.0, "crop_limits": (0, 440, 4056, 2160)},
    {"size": (2028, 1520), "bit_depth": 12, "fps": 40.0, "crop_limits": (0, 0, 4056, 3040)},
    {"size": (4056, 3040), "bit_depth": 12, "fps": 10.0, "crop_limits": (0, 0, 4056, 3040)},
]
IMX219 = [
    {"size": (640, 480), "bit_depth": 10, "fps": 103.3, "crop_limits": (1000, 752, 1280, 960)},
    {"size": (1640, 1232), "bit_depth": 10, "fps": 41.9, "crop_limits": (0, 0, 3280, 2464)},
    {"size": (1920, 1080), "bit_depth": 10, "fps": 47.6, "crop_limits": (680, 692, 1920, 1080)},
    {"size": (3280, 2464), "bit_depth": 10, "fps": 21.2, "crop_limits": (0, 0, 3280, 2464)},
    {"size": (1640, 1232), "bit_depth": 8, "fps": 41.9, "crop_limits": (0, 0, 3280, 2464)},
]


def test_the_hq_camera_bins_its_whole_field():
    assert chosen(IMX477, 30)["size"] == (2028, 1520)


def test_another_camera_shows_its_whole_field_at_the_speed_wanted():
    assert (chosen(IMX219, 30)["size"], chosen(IMX219, 30)["bit_depth"]) == ((1640, 1232), 10)


def test_with_time_enough_it_shows_every_pixel():
    assert chosen(IMX219, 10)["size"] == (3280, 2464)


def test_too_much_speed_gets_the_fastest_of_the_widest():
    assert chosen(IMX219, 100)["size"] == (1640, 1232)


def test_a_camera_that_lists_only_formats_has_no_mode_to_pin():
    assert chosen([{"format": "MJPEG"}, {"format": "YUYV"}], 30) is None


def test_a_mode_without_its_crop_is_judged_by_its_size():
    assert chosen([{"size": (640, 480), "bit_depth": 10}, {"size": (800, 600), "bit_depth": 10}], 30)["size"] == (
        800,
        600,
    )


def test_the_streams_of_the_hq_camera():
    assert stream_size((2028, 1520), 2028) == (2028, 1520)
    assert stream_size((2028, 1520), 640) == (640, 480)


@given(st.integers(2, 10000), st.integers(2, 10000))
def test_a_stream_is_even_and_within_its_bounds_and_keeps_its_shape(width, height):
    w, h = stream_size((width, height), 640)
    assert w % 2 == h % 2 == 0
    assert 2 <= max(w, h) <= 640
    scale = min(1, 640 / max(width, height))
    assert abs(w - width * scale) <= 2
    assert abs(h - height * scale) <= 2
