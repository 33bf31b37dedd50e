"""From power on to a light that follows the sweep."""

import time


def test_the_first_start_is_seen_from_power_on_to_the_first_scored_frame(pi):
    assert pi.service("ActiveState") == "active"
    assert pi.service("Type") == "notify"
    assert pi.service("User") == "focuscam"
    assert "score" in pi.service("StatusText")
    # Ready is only said after a frame was scored, and the light greets before it judges.
    assert len(pi.frames()) > 0
    assert any(change.lit for change in pi.led())


def test_the_light_is_on_at_the_best_images_of_the_sweep_and_off_at_its_worst(pi):
    began = time.monotonic()
    cycle = 4 * len(pi.blur) / 30
    time.sleep(3 * cycle)
    shown = pi.frames()
    blur = [pi.blur[pi.image_on_show(frame)] for frame in range(len(shown))]
    # What the light shows is about what was seen a moment before: a frame is scored, and the light holds a while.
    moment = 0.6
    spans = pi.steady(began)
    print(f"lit {[(round(a - began, 2), round(b - began, 2)) for a, b in spans]}")
    for a, b in spans:
        seen = [blur[frame] for frame, when in enumerate(shown) if a - moment <= when <= b]
        assert min(seen) < 2, f"lit from {a - began:.2f} s to {b - began:.2f} s, when nothing was sharp"
    best = [when for frame, when in enumerate(shown) if blur[frame] < 0.1 and blur[frame - 1] >= 0.1]
    best = [when for when in best if began < when < shown[-1] - moment]
    print(f"sharpest from {[round(when - began, 2) for when in best]}")
    assert len(best) >= 5
    for when in best:
        assert any(a <= when + moment and b >= when for a, b in spans), f"not lit at {when - began:.2f} s"
    worst = [when for frame, when in enumerate(shown) if blur[frame] > 8 and when > began]
    lit = [when for when in worst if any(a + moment < when < b for a, b in spans)]
    assert len(lit) <= 0.02 * len(worst), "lit where the picture is soft"


def test_the_sandbox_holds_what_it_promises(pi):
    pid = pi.main_pid()
    status = pi.run(f"cat /proc/{pid}/status")
    assert "NoNewPrivs:\t1" in status
    assert "CapEff:\t0000000000000000" in status
    assert "Seccomp:\t2" in status
    interfaces = pi.run(f"tail -n +3 /proc/{pid}/net/dev").split(":")[0].split()
    assert interfaces == ["lo"]
    groups = pi.run("id -nG focuscam").split()
    assert {"video", "gpio"} <= set(groups)
    assert pi.ended(f"nsenter -t {pid} -m touch /usr/x")[0] != 0
