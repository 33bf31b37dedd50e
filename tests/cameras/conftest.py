"""A camera without a Pi: a picamera2 and a libcamera of a few lines, whose frames lie in memory files as a camera's do.

For what the virtual Pi cannot show: other formats, padding, a second stream, controls, sensor modes, and failures.
"""

import mmap
import os
import sys
import types

import numpy as np
import pytest

MODES = [
    {"size": (1332, 990), "bit_depth": 10, "fps": 120.0, "crop_limits": (696, 528, 2664, 1980)},
    {"size": (2028, 1080), "bit_depth": 12, "fps": 50.0, "crop_limits": (0, 440, 4056, 2160)},
    {"size": (2028, 1520), "bit_depth": 12, "fps": 40.0, "crop_limits": (0, 0, 4056, 3040)},
    {"size": (4056, 3040), "bit_depth": 12, "fps": 10.0, "crop_limits": (0, 0, 4056, 3040)},
]
CONTROLS = {
    "Sharpness": (0.0, 16.0, 1.0),
    "NoiseReductionMode": (0, 4, 0),
    "FrameDurationLimits": (25000, 694000000, 33333),
    "ExposureTime": (60, 694000000, 20000),
    "AnalogueGain": (1.0, 22.0, 1.0),
}


class FakeCamera:
    """What a test wants the camera to be, and what became of it."""

    def __init__(self):
        self.cameras = 1
        self.format = "YUV420"
        self.padding = 0
        self.most_streams = 2
        self.size = None  # whatever is asked for
        self.modes = MODES
        self.control_limits = dict(CONTROLS)
        self.metadata = {"SensorTimestamp": 5_000_000_000, "ExposureTime": 20000, "Lux": 120.0, "AeState": 2}
        self.opening = None  # an exception
        self.silent = False
        self.most_pixels = 10**9
        self.asked_space = self.colour_space = None
        self.still_configuration = None
        self.silent_stills = False
        self.configuration = None
        self.configured = 0
        self.controls_set = {}
        self.handed_out = 0
        self.given_back = 0
        self.cancelled = 0
        self.stopped = False
        self.closed = False
        self.paint = None  # of the one that was opened last
        self.kind = type("Picamera2", (_Picamera2,), {"camera": self})


class _Picamera2:
    camera: FakeCamera

    def __init__(self, index):
        camera = self.camera
        self.notifyme_r, self.notifyme_w = os.pipe()
        os.close(self.notifyme_r)
        if camera.opening:
            raise RuntimeError(f"Camera __init__ sequence of {index} did not complete.") from camera.opening
        self.sensor_modes = camera.modes
        self.camera_properties = {"Model": "imx477", **({"ColorFilterArrangement": 0} if camera.modes else {})}
        self.camera_controls = camera.control_limits
        self.stream_map = {}
        self._buffers = {}
        self._sequence = 7
        self.started = False
        camera.paint = self.paint
        self.helpers = types.SimpleNamespace(save_dng=lambda buffer, metadata, config, out: out.write(buffer))

    @classmethod
    def global_camera_info(cls):
        return [{"Num": number} for number in range(cls.camera.cameras)]

    def create_video_configuration(self, main, lores=None, **others):
        if lores and self.camera.most_streams < 2:
            raise RuntimeError("no such stream")
        return {"main": dict(main), "lores": lores and dict(lores), **others}

    def create_still_configuration(self, main, raw, **others):
        self.camera.still_configuration = {"main": dict(main), "lores": None, "raw": raw and dict(raw), **others}
        return self.camera.still_configuration

    def configure(self, configuration):
        assert not self.started, "it runs"
        unknown = set(configuration["controls"]) - set(self.camera_controls)
        assert not unknown, f"{unknown} not advertised"
        sensor = configuration.get("sensor")
        if sensor and sensor["output_size"][0] * sensor["output_size"][1] > self.camera.most_pixels:
            raise RuntimeError("Cannot allocate memory")
        self.camera.asked_space = configuration.get("colour_space")
        configuration["colour_space"] = self.camera.colour_space
        self.camera.configuration = configuration
        self.camera.configured += 1
        self._sequence = 7
        self.stream_map = {"main": None, "lores": None}
        for name in ("main", "lores"):
            stream = configuration[name]
            if not stream:
                continue
            stream["format"] = self.camera.format
            stream["size"] = self.camera.size or stream["size"]
            stream["stride"] = stream["size"][0] + self.camera.padding
            length = stream["stride"] * stream["size"][1] * 3 // 2
            if name in self._buffers:
                os.close(self._buffers.pop(name).planes[0].fd)
            fd = os.memfd_create(name)
            os.ftruncate(fd, length)
            self.stream_map[name] = name
            self._buffers[name] = types.SimpleNamespace(planes=[types.SimpleNamespace(fd=fd, offset=0, length=length)])

    def camera_configuration(self):
        return self.camera.configuration

    def set_controls(self, controls):
        self.camera.controls_set.update(controls)

    def start(self):
        self.started = True

    def stop(self):
        self.started = False

    def paint(self, name, value):
        """Fill a stream's luma with `value`, its padding with 255."""
        stream = self.camera.configuration[name]
        width, height = stream["size"]
        with mmap.mmap(self._buffers[name].planes[0].fd, 0) as memory:
            pixels = np.frombuffer(memory, np.uint8)[: height * stream["stride"]].reshape(height, stream["stride"])
            pixels[:] = 255
            pixels[:, :width] = value
            del pixels

    def capture_request(self, wait):
        assert self.started
        of_a_still = self.camera.configuration is self.camera.still_configuration
        if self.camera.silent or (of_a_still and self.camera.silent_stills):
            raise TimeoutError
        self.camera.handed_out += 1
        self._sequence += 1
        self.camera.metadata["SensorTimestamp"] += 33_000_000
        request = types.SimpleNamespace(buffers=self._buffers, sequence=self._sequence)
        metadata = dict(self.camera.metadata)
        return types.SimpleNamespace(
            request=request, get_metadata=lambda: metadata, release=self._given_back, make_buffer=self._copied
        )

    def _copied(self, name):
        if name == "raw":
            return np.arange(100, dtype=np.uint8)
        with mmap.mmap(self._buffers[name].planes[0].fd, 0) as memory:
            return np.frombuffer(bytes(memory), np.uint8)

    def _given_back(self):
        self.camera.given_back += 1

    def cancel_all_and_flush(self):
        self.camera.cancelled += 1

    def close(self):
        os.close(self.notifyme_w)
        for buffer in self._buffers.values():
            os.close(buffer.planes[0].fd)
        self._buffers = {}
        self.camera.closed = True


@pytest.fixture
def camera(monkeypatch):
    """A camera for PiCamera to find, and what a test wants to know of it."""
    fake = FakeCamera()
    monkeypatch.setitem(sys.modules, "picamera2", types.SimpleNamespace(Picamera2=fake.kind))
    space = types.SimpleNamespace(Sycc=lambda: "sYCC")
    monkeypatch.setitem(sys.modules, "libcamera", types.SimpleNamespace(Transform=dict, ColorSpace=space))
    for room in ("picamera", "acquired"):
        monkeypatch.setattr(f"focuscam.cameras.{room}.camera_devices", list)
    return fake
