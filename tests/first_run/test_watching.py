import pytest

from focuscam.first_run.watching import Watch


def reading(at, **more):
    return {"time": at / 30, "light": "on", "reason": None, "score": 0.9, "contrast": 1.0, "age": 0.04} | more


def test_the_delay_of_the_camera_is_told_with_its_worst_cases():
    watch = Watch()
    for at in range(100):
        watch.take(reading(at, age=0.2 if at >= 90 else 0.04))
    told = watch.told()
    assert told["age"] == [0.04, 0.04, 0.2, 0.2]
    assert told["frames"] == 100


def test_lights_and_reasons_are_counted():
    watch = Watch()
    for at in range(4):
        watch.take(
            reading(at, light="unsure" if at else "on", reason="dark" if at else None, score=None if at else 0.9)
        )
    assert watch.told()["light"] == {"on": 1, "unsure": 3}
    assert watch.told()["reason"] == {"dark": 3}
    assert watch.told()["score"] == [0.9] * 4


def test_the_longest_gap_between_two_frames_is_told():
    watch = Watch()
    for at in (0, 1, 2, 32, 33):
        watch.take(reading(at))
    assert watch.told()["longest gap, s"] == pytest.approx(1.0)


def test_what_a_loop_of_our_own_does_not_tell_is_left_out():
    watch = Watch()
    watch.take({"time": 0.0, "light": "off"})
    assert "age" not in watch.told()
