"""When something goes away, and what it costs while all is well."""

import statistics
import time

import pytest

from tests.page.browser.conftest import until


@pytest.fixture(scope="module")
def own(make_stand):
    return make_stand("[page]\nport = 18018\ncommands = false\n")


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


def test_pictures_are_fresh_and_within_a_thin_lines_means(phone, stand):
    it = phone()
    received = []
    it.touch.send("Network.enable")
    it.touch.on("Network.webSocketFrameReceived", lambda event: received.append(event["response"]))
    it.page.wait_for_timeout(4000)  # it begins with small pictures
    received.clear()
    delays, began = [], time.monotonic()
    while time.monotonic() - began < 10:
        it.page.wait_for_timeout(500)
        told = it.text("#more")
        if "ms after" in told:
            delays.append(int(told.split("seen ")[1].split(" ms")[0]))
    seconds = time.monotonic() - began
    pictures = sum(each["opcode"] == 2 for each in received)
    sizes = sum(len(each["payloadData"]) * (0.75 if each["opcode"] == 2 else 1) for each in received)
    print(
        f"median delay {statistics.median(delays)} ms, {pictures / seconds:.1f} pictures a second, "
        f"{8 * sizes / seconds / 1e6:.2f} Mbit/s"
    )
    assert statistics.median(delays) < 250
    assert 8 * sizes / seconds < 1.5e6
    assert pictures / seconds <= 15.5
    assert pictures / seconds > 3, "five or more; on a busy machine fewer"


def test_nothing_is_encoded_for_a_page_that_nobody_sees(phone, stand):
    it = phone()
    it.touch.send("Network.enable")
    received = []
    it.page.evaluate("""() => {
        Object.defineProperty(document, 'hidden', {get: () => true, configurable: true});
        document.dispatchEvent(new Event('visibilitychange'));
    }""")
    it.page.wait_for_timeout(1000)  # for what was on its way
    it.touch.on("Network.webSocketFrameReceived", lambda event: received.append(event["response"]["opcode"]))
    it.page.wait_for_timeout(3000)
    assert received
    assert 2 not in received
    it.page.evaluate("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }")
    until(lambda: it.page.wait_for_timeout(100) or 2 in received)
