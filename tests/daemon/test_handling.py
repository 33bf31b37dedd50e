from focuscam.config import CameraSettings
from focuscam.daemon.handling import Handling
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
    handling = Handling(CameraSettings(**settings))
    handling.took(camera)
    return camera, handling


def test_an_exposure_that_the_settings_fix_is_not_locked_and_so_never_let_go():
    camera, handling = handled(exposure=0.01)
    for locked in (True, False, None):
        handling.lock(locked)
    handling.hold_for_motor(True)
    assert camera.was_set == []
    assert "nothing to lock" in handling.can["lock"]


def test_a_lock_by_hand_outlives_the_search_of_a_motor():
    camera, handling = handled()
    handling.hold_for_motor(True)
    handling.lock(True)
    handling.hold_for_motor(False)
    assert handling.locked
    assert camera.was_set == [{"AeEnable": False}]
    handling.lock(None)
    assert not handling.locked


def test_a_camera_that_was_given_back_has_its_exposure_automatic_again():
    camera, handling = handled()
    handling.lock(True)
    handling.gave_back()
    assert not handling.locked
    assert "closed" in handling.can["lock"]
    handling.took(camera)
    handling.lock(None)
    assert camera.was_set == [{"AeEnable": False}, {"AeEnable": False}]
