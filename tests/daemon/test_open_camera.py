from focuscam.config import CameraSettings
from focuscam.daemon.open_camera import OpenCamera
from focuscam.simulation.camera import Simulated


class Noted(Simulated):
    """The simulated camera, which notes what it is set to."""

    def __init__(self):
        super().__init__(size=(64, 48))
        self.was_set = []

    def set(self, controls):
        self.was_set.append(dict(controls))
        return super().set(controls)


def handled(**settings):
    camera = Noted()
    open_camera = OpenCamera(CameraSettings(**settings))
    open_camera.opened(camera)
    return camera, open_camera


def test_an_exposure_that_the_settings_fix_is_not_locked_and_so_never_let_go():
    camera, open_camera = handled(exposure=0.01)
    for locked in (True, False, None):
        open_camera.lock(locked)
    open_camera.hold_for_motor(True)
    assert camera.was_set == []
    assert "nothing to lock" in open_camera.can["lock"]


def test_a_lock_by_hand_outlives_the_search_of_a_motor():
    camera, open_camera = handled()
    open_camera.hold_for_motor(True)
    open_camera.lock(True)
    open_camera.hold_for_motor(False)
    assert open_camera.locked
    assert camera.was_set == [{"AeEnable": False}]
    open_camera.lock(None)
    assert not open_camera.locked


def test_a_camera_that_was_given_back_has_its_exposure_automatic_again():
    camera, open_camera = handled()
    open_camera.lock(True)
    open_camera.closed()
    assert not open_camera.locked
    assert "closed" in open_camera.can["lock"]
    open_camera.opened(camera)
    open_camera.lock(None)
    assert camera.was_set == [{"AeEnable": False}, {"AeEnable": False}]
