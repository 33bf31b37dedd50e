"""The page for a phone, as its own service: off at first, for those with its key, and with a finger on it."""

import re
import shutil

import pytest

from tests.virtual_pi.virtual_pi import CHECKOUT, until

ASK = """
import http.client, sys
for cookie in ("", "focuscam-page=" + sys.argv[1]):
    connection = http.client.HTTPConnection("127.0.0.1", 8017, timeout=10)
    connection.request("GET", "/", headers={"Cookie": cookie} if cookie else {})
    print(connection.getresponse().status)
"""


@pytest.fixture
def enabled(pi):
    """The page, turned on; what was said to whoever turned it on."""
    said = pi.run("focuscam page --enable")
    until(lambda: pi.service("ActiveState", "focuscam-page") == "active", 20, "the page", pi.journal)
    yield said
    pi.run("focuscam page --disable; rm -rf /var/lib/focuscam/stills")


def test_its_unit_is_valid_tightly_sandboxed_and_off_at_first(pi):
    said = pi.run("systemd-analyze verify focuscam-page.service", check=False)
    assert "focuscam-page.service:" not in said, said
    unit = f"{CHECKOUT}/deploy/focuscam-page.service"
    report = pi.run(f"systemd-analyze security --no-pager --offline=yes {unit}")
    exposure = float(report.rsplit("focuscam-page.service:", 1)[1].split()[0])
    print(f"exposure {exposure}")
    assert exposure <= 1.5
    assert pi.run("systemctl is-enabled focuscam-page", check=False).strip() == "disabled"


def test_it_answers_with_its_key_only_and_the_log_does_not_tell_it(pi, enabled):
    key = re.search(r"http://localhost:8017/#(\w{24})", enabled)[1]
    until(lambda: "8017" in pi.run("journalctl -u focuscam-page", check=False), 20, "a word of the page", pi.journal)
    (pi.disk / "srv/ask.py").write_text(ASK)
    assert pi.run(f"python3 /srv/ask.py {key}").split() == ["401", "200"]
    assert key not in pi.run("journalctl --no-pager")
    assert key in pi.run("focuscam page")
    status, said = pi.ended("focuscam page", user="bob")
    assert status == 1
    assert key not in said
    assert "sudo" in said


def test_a_still_taken_by_touch_is_saved_by_the_service(pi, enabled):
    sync_api = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("SKIPPED: the page of the virtual Pi was not touched: `apt install chromium`.")
    address = re.search(r"http://localhost:8017/#\w{24}", enabled)[0]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        page.goto(address)
        page.wait_for_selector("#picture", timeout=30_000)
        page.wait_for_selector("#veil", state="hidden", timeout=30_000)
        page.locator("#capture").tap()
        until(lambda: list((pi.disk / "var/lib/focuscam/stills").glob("focuscam-*.jpg")), 30, "a still", pi.journal)
        until(lambda: page.locator("#thumbs img").count() == 1, 20, "the still on the page", pi.journal)
        until(lambda: page.locator("#thumbs img").evaluate("it => it.naturalWidth") > 0, 20, "its picture", pi.journal)
        browser.close()


def test_it_waits_for_the_daemon_and_is_there_when_that_is_back(pi, enabled):
    pi.run("systemctl restart focuscam")
    pi.wait_for("active")
    assert pi.service("ActiveState", "focuscam-page") == "active"
    assert pi.service("NRestarts", "focuscam-page") == "0"
