"""Waiting for what other threads do."""

import time


def wait_for(what, seconds=10.0):
    """Wait until `what` comes true; fails where it does not in time."""
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.01)
    assert what()
