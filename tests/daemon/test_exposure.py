import itertools

import pytest

from focuscam.commands import LockExposure
from focuscam.config import Settings
from focuscam.daemon.exposure import REST_S, SETTLE_S, ExposureHold
from focuscam.daemon.loop import Loop
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.indicators import Indicators
from focuscam.messages import Light, Phase, Reading, Status
from focuscam.region import parse
from focuscam.simulation.camera import Simulated


def asked(hold, seconds, turning, scene=1, since=0.0):
    """What is wanted at each frame of so many seconds."""
    return [hold.wanted(status(n, since + n / 30, turning, scene)) for n in range(round(30 * seconds))]


def status(number, time, turning, scene=1, phase=Phase.CLIMBING):
    reading = Reading(number, time, None, 0.5, 1.0, "none", 0.1)
    rested_s = 0.1 if turning else 9.0
    return Status(reading, Light.OFF, 0.5, 1.0, 0.5, phase=phase, scene=scene, rested_s=rested_s)


def settled():
    hold = ExposureHold()
    assert not any(asked(hold, SETTLE_S, turning=True)), "a new scene is exposed before anything is held"
    return hold


def test_the_exposure_is_held_while_the_ring_turns_and_until_it_has_rested():
    hold = settled()
    assert all(asked(hold, 3, turning=True, since=SETTLE_S))
    resting = asked(hold, 5, turning=False, since=SETTLE_S + 3)
    assert resting.index(False) == pytest.approx(30 * REST_S, abs=2)
    assert not any(resting[resting.index(False) :])


def test_another_scene_frees_the_exposure_at_once_and_for_as_long_as_it_needs():
    hold = settled()
    assert all(asked(hold, 1, turning=True, since=2))
    seen = asked(hold, 3, turning=True, scene=2, since=3)
    assert seen.index(True) == pytest.approx(30 * SETTLE_S, abs=2)


def test_who_wants_it_automatic_has_it_until_the_ring_is_turned_anew():
    hold = settled()
    assert all(asked(hold, 1, turning=True, since=2))
    hold.refuse()
    assert not any(asked(hold, 1, turning=True, since=3))
    assert not any(asked(hold, 2 * REST_S, turning=False, since=4))
    assert all(asked(hold, 1, turning=True, since=10))


def test_where_nothing_can_be_told_nobody_turns():
    hold = settled()
    assert not any(hold.wanted(status(n, 2 + n / 30, True, phase=Phase.BLIND)) for n in range(60))


def test_a_clock_that_goes_back_holds_nothing_for_ever():
    hold = settled()
    assert all(asked(hold, 1, turning=True, since=1000))
    assert not any(asked(hold, 5, turning=False, since=0))


class Watched:
    """A daemon on the simulated lens: whose ring turns from 4 s to 6 s, whose light drifts all the time."""

    def __init__(self, commands=None, **camera):
        settings = Settings().with_changes("test", camera=camera)
        scorer = Scorer(FocusModel(), parse("whole"))
        self.locked, self.exposures = [], []
        commands = commands or {}
        camera = Simulated(size=(320, 240), paced=False)
        camera.hand = lambda t: camera.best - 0.4 + 0.4 * min(max(t - 4, 0), 2)
        loop = Loop(camera, settings, scorer, Indicators(None, None))
        for event in itertools.islice(loop, 300):
            self.locked.append(event.facts["locked"])
            self.exposures.append(event.frame.metadata["ExposureTime"])
            if event.frame.number in commands:
                loop.commands.put(commands[event.frame.number])


def test_on_the_simulated_lens_the_exposure_stands_still_while_the_ring_turns():
    seen = Watched(hold_exposure=True)
    assert not any(seen.locked[: 4 * 30]), "nobody turns yet"
    began, ended = seen.locked.index(True), 300 - seen.locked[::-1].index(True)
    assert 4 * 30 <= began < 4.5 * 30
    assert (6 + REST_S - 0.2) * 30 < ended < (6.5 + REST_S) * 30
    assert all(seen.locked[began:ended])
    assert len(set(seen.exposures[began + 2 : ended])) == 1
    assert len(set(seen.exposures[ended + 2 :])) > 10


def test_nothing_is_held_where_the_settings_do_not_ask_for_it_or_the_exposure_is_fixed():
    assert not any(Watched().locked)
    assert not any(Watched(hold_exposure=True, exposure=0.01).locked)


def test_a_lock_by_hand_stays_when_the_ring_rests():
    seen = Watched({150: LockExposure(True)}, hold_exposure=True)
    assert all(seen.locked[160:])
    seen = Watched({30: LockExposure(True), 290: LockExposure(False)}, hold_exposure=True)
    assert all(seen.locked[35:290])
    assert not seen.locked[-1]
