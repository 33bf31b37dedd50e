"""A motor on the focusing ring: the pulses that it got, as the pins' stand-in wrote them down."""

import itertools
import statistics
import time

from focuscam.lens.coils import HALF_STEPS

PINS = (5, 6, 13, 19)
SPEED = 100
"""Steps a second."""


def steps(pi, since):
    """(when, which of HALF_STEPS; None at rest) each time that other coils had current than before."""
    changes = sorted((change.time, coil, change.lit) for coil, pin in enumerate(PINS) for change in pi.led(since, pin))
    coils, seen = [0] * len(PINS), []
    for when, coil, lit in changes:
        coils[coil] = int(lit)
        now = HALF_STEPS.index(tuple(coils)) if tuple(coils) in HALF_STEPS else None
        # Into rest and out of it more than one coil is switched in a moment.
        if seen and when - seen[-1][0] < 0.2 / SPEED:
            seen.pop()
        if not seen or seen[-1][1] != now:
            seen.append((when, now))
    return seen


def test_the_coils_have_current_in_their_order_at_the_speed_that_was_set_and_none_at_rest(pi):
    pi.settings(
        f'[lens]\ndriver = "uln2003"\npins = {list(PINS)}\ntravel = 60\nbacklash = 4\nspeed = {SPEED}\nstart = "here"\n'
    )
    pi.run("systemctl restart focuscam")
    pi.wait_for("active")
    began = time.monotonic()
    status, said = pi.ended("focuscam autofocus", user="ada")
    # What it finds is chance, since the film goes by whatever the motor does; that it says it is not.
    assert status in (0, 1), said
    assert "Traceback" not in said
    assert said.strip()
    seen = steps(pi, began)
    turned = [
        (b_when - a_when, (b - a) % len(HALF_STEPS))
        for (a_when, a), (b_when, b) in itertools.pairwise(seen)
        if a is not None and b is not None
    ]
    print(f"{len(turned)} half steps, {1000 * statistics.median(each for each, _ in turned):.1f} ms each")
    print(said)
    assert len(turned) > 20
    assert {way for _, way in turned} <= {1, len(HALF_STEPS) - 1}, "a step was left out"
    assert 0.8 / SPEED <= statistics.median(each for each, _ in turned) <= 2 / SPEED
    time.sleep(1)
    assert not any(history[-1].lit for pin in PINS if (history := pi.led(pin=pin))), "current at rest"
    pi.run("systemctl stop focuscam")
    assert all(history[-1].level is None for pin in PINS if (history := pi.led(pin=pin))), "a pin was not given back"
