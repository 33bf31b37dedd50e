"""While nothing changes the service looks less often; when something does it is there at once."""

import json
import time

from tests.virtual_pi.virtual_pi import until


def rate(pi):
    """Frames a second that the service scores now, over the last 30 of them."""
    return json.loads(pi.run("focuscam status --json"))["fps"] or 0.0


def test_a_picture_at_rest_is_looked_at_five_times_a_second_until_the_ring_turns(pi):
    pi.camera_is_there(True, film="rest")
    pi.run("systemctl restart focuscam")
    pi.wait_for("active")
    slow = until(lambda: 4 < rate(pi) < 8, 40, "five frames a second", lambda: pi.run("focuscam status"))
    assert pi.lit(), "dark at rest on the best image"
    pid = pi.main_pid()
    spent, frames = pi.cpu_seconds(pid), len(pi.frames())
    until(lambda: not pi.lit(), 20, "the ring turns, and the light goes off")
    dark = time.monotonic()
    print(f"{(pi.cpu_seconds(pid) - spent) / (dark - slow):.1%} of a processor at rest")
    # The film tells when it began to turn: the camera counts its frames.
    cycle = len(list((pi.disk / "srv/rest").iterdir())) * 4
    shown = len(pi.frames()) % cycle
    print(f"dark {shown - 75 * 4} frames of the camera after the ring began to turn")
    until(lambda: rate(pi) > 15, 10, "the full rate", lambda: pi.run("focuscam status"))
    assert len(pi.frames()) - frames > 0
    assert pi.green_again(dark, 30)
