"""Lets an unmodified picamera2 run libcamera's virtual camera. Python imports this by itself, in tests only.

Four things that picamera2 takes for granted and the virtual camera does not have:
* kms++, which no Debian package has and which only its preview on a screen needs: a stand-in module;
* a raw stream, whose sizes it lists on opening: the sizes of the picture are listed instead;
* memory from the Pi's contiguous heap, one block a frame: the virtual camera wants its own two-plane buffers,
  so libcamera allocates them; they are mapped and synchronised by picamera2's own code;
* a media device, which libcamera locks so that a camera has one user at a time: a file in its place is locked the
  same way, by the same kernel.
"""

import importlib.abc
import importlib.machinery
import sys
import types


class _AfterImport(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds picamera2.picamera2 as everybody does, and calls `patch` once it is loaded."""

    def find_spec(self, name, path, target=None):
        if name != "picamera2.picamera2":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        self._real = spec.loader
        spec.loader = self
        return spec

    def create_module(self, spec):
        return self._real.create_module(spec)

    def exec_module(self, module):
        self._real.exec_module(module)
        patch(module)


def patch(module):
    import fcntl
    import mmap
    import pathlib

    import libcamera

    Picamera2, DmaAllocator = module.Picamera2, module.DmaAllocator

    def sizes_of_the_picture(self):
        formats = self.camera.generate_configuration([libcamera.StreamRole.Viewfinder]).at(0).formats
        return [
            {"format": str(f), "size": (s.width, s.height)} for f in formats.pixel_formats for s in formats.sizes(f)
        ]

    class LibcameraMemory(DmaAllocator):
        def __init__(self):
            self.dmaHeap = None  # what DmaAllocator's closing looks for
            self.mapped_buffers, self.mapped_buffers_used, self.frame_buffers = {}, {}, {}
            self.open_fds, self.libcamera_fds = [], []
            self.sync = self.DmaSync

        def allocate(self, libcamera_config, _):
            self.libcamera_fds = []
            self.cleanup()
            self.frame_buffers = {}
            self._allocator = libcamera.FrameBufferAllocator(self.camera)
            for config in libcamera_config:
                self._allocator.allocate(config.stream)
                self.frame_buffers[config.stream] = buffers = self._allocator.buffers(config.stream)
                for buffer in buffers:
                    fd = buffer.planes[0].fd
                    self.libcamera_fds.append(fd)
                    self.mapped_buffers_used[fd] = False
                    self.mapped_buffers[buffer] = mmap.mmap(fd, sum(plane.length for plane in buffer.planes))

    def configure(self, config):
        self.allocator.camera = self.camera
        return really_configure(self, config)

    really_acquire, really_release = libcamera.Camera.acquire, libcamera.Camera.release
    locked = []

    def acquire(self):
        device = pathlib.Path("/dev/media0").open("r+b")  # noqa: SIM115 - it is open as long as the camera is
        try:
            fcntl.lockf(device, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            device.close()
            raise RuntimeError("Failed to acquire camera: Device or resource busy") from error
        really_acquire(self)
        locked.append(device)

    def release(self):
        really_release(self)
        locked.pop().close()

    libcamera.Camera.acquire, libcamera.Camera.release = acquire, release
    Picamera2._get_raw_modes = sizes_of_the_picture
    really_configure, Picamera2.configure_ = Picamera2.configure_, configure
    module.DmaAllocator = LibcameraMemory


class _Anything:
    def __getattr__(self, name):
        return name


kms = types.ModuleType("pykms")
kms.PixelFormat = _Anything()
sys.modules.setdefault("pykms", kms)
sys.meta_path.insert(0, _AfterImport())
