"""When something goes away, and when nothing may be changed."""

import time

import pytest

from tests.page.browser.conftest import until


@pytest.fixture(scope="module")
def own(make_stand):
    made = make_stand("[page]\nport = 18018\ncommands = false\n")
    yield made
    made.end()  # what comes next has the processor for itself


def light(it):
    return it.page.evaluate("document.body.dataset.light")


def test_a_killed_daemon_is_told_at_once_and_it_goes_on_when_it_is_back(phone, own):
    it = phone(at=own)
    it.page.wait_for_selector('[data-light="on"]', timeout=60_000)
    own.kill_daemon()
    began = time.monotonic()
    until(lambda: light(it) == "none" and it.page.locator("#veil").is_visible(), 5)
    assert time.monotonic() - began < 2.5
    assert "daemon" in it.text("#why") or "not running" in it.text("#why")
    own.start_daemon()
    it.page.wait_for_selector("#veil", state="hidden", timeout=15_000)


def test_a_lost_connection_is_told_and_it_goes_on_when_it_is_back(phone, own):
    it = phone(at=own)
    it.touch.send("Network.enable")
    own.page.terminate()
    own.page.communicate(timeout=20)
    until(lambda: "lost" in it.text("#why"), 6)
    own.end()
    own.start()
    it.page.wait_for_selector("#veil", state="hidden", timeout=20_000)


def test_a_window_says_why_it_changes_nothing(phone, own):
    it = phone(at=own)
    until(lambda: "window only" in it.text("#reasons"))
    for control in ("capture", "forget", "lock", "autofocus", "zoom", "release", "threshold"):
        assert it.page.locator(f"#{control}").get_attribute("aria-disabled") == "true"
    before = own.status()["scene"]
    it.tap("#forget")
    until(lambda: "window only" in it.text("#toast"))
    assert own.status()["scene"] == before
