"""Each control, touched, and what the daemon says came of it."""

import time

import pytest

from tests.page.browser.conftest import until


@pytest.fixture
def it(phone):
    made = phone()
    yield made
    assert made.errors == []


def box_of(stand):
    return [float(side) for side in stand.status()["region_name"].split(",")]


def test_a_touch_moves_the_region_there(it, stand):
    before = stand.status()["region_name"]
    it.page.touchscreen.tap(*it.place(0.25, 0.7))
    until(lambda: stand.status()["region_name"] != before)
    x, y, w, h = box_of(stand)
    assert x + w / 2 == pytest.approx(0.25, abs=0.02)
    assert y + h / 2 == pytest.approx(0.7, abs=0.02)
    it.page.touchscreen.tap(*it.place(0.5, 0.5))
    until(lambda: box_of(stand)[0] == pytest.approx(0.375, abs=0.02))


def test_two_fingers_magnify_for_the_eye_alone(it, stand):
    centre = it.place(0.5, 0.5)
    it.fingers("touchStart", (centre[0] - 30, centre[1]), (centre[0] + 30, centre[1]))
    for spread in range(40, 130, 10):
        it.fingers("touchMove", (centre[0] - spread, centre[1]), (centre[0] + spread, centre[1]))
    it.fingers("touchEnd")
    until(lambda: it.seen() == pytest.approx(4.0, abs=0.8))
    assert "×" in it.text("#scale")
    assert stand.status()["zoom"] == 1.0
    # Magnified, a touch means the place that is under it.
    it.page.touchscreen.tap(*it.place(0.9, 0.5))
    until(lambda: box_of(stand)[0] + box_of(stand)[2] / 2 == pytest.approx(0.5 + 0.4 / it.seen(), abs=0.03))
    it.page.touchscreen.tap(*it.place(0.1, 0.5))
    it.page.locator("#magnify").fill("1")
    it.page.touchscreen.tap(*it.place(0.5, 0.5))


def test_the_slider_magnifies_too(it):
    it.page.locator("#magnify").scroll_into_view_if_needed()
    box = it.page.locator("#magnify").bounding_box()
    it.page.touchscreen.tap(box["x"] + box["width"] * 0.45, box["y"] + box["height"] / 2)
    until(lambda: it.seen() > 2)
    until(lambda: it.page.locator("#scale").is_visible())


def test_a_long_touch_magnifies_in_the_camera(it, stand):
    it.fingers("touchStart", it.place(0.5, 0.5))
    until(lambda: stand.status()["zoom"] > 1.5)
    it.fingers("touchEnd")
    assert "camera 2" in until(lambda: it.text("#scale"))
    it.tap("#zoom")
    until(lambda: stand.status()["zoom"] > 3)
    it.tap("#zoom")
    until(lambda: stand.status()["zoom"] == 1)


def test_forget_lock_and_threshold(it, stand):
    scene = stand.status()["scene"]
    it.tap("#forget")
    until(lambda: stand.status()["scene"] != scene)
    it.tap("#lock")
    until(lambda: stand.status()["locked"])
    until(lambda: it.pressed("#lock"))
    it.tap("#lock")
    until(lambda: not stand.status()["locked"])
    it.page.locator("#threshold").scroll_into_view_if_needed()
    box = it.page.locator("#threshold").bounding_box()
    it.page.touchscreen.tap(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2)
    until(lambda: 0.6 < stand.status()["threshold"] < 0.8)
    until(lambda: 0.6 < float(it.text("#limit")) < 0.8)
    it.page.touchscreen.tap(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    until(lambda: 0.45 < stand.status()["threshold"] < 0.55)


def test_a_still_is_taken_shown_and_saved(it, stand):
    it.tap("#capture")
    file = until(lambda: stand.status()["stills"]["file"])
    name = file.rpartition("/")[2]
    until(lambda: it.page.locator("#thumbs img").count() >= 1)
    until(lambda: it.page.locator("#thumbs img").first.evaluate("it => it.naturalWidth") > 0)
    it.tap("#thumbs button >> nth=0")
    until(lambda: it.page.locator("#large").evaluate("it => it.naturalWidth") > 1000)
    with it.page.expect_download() as downloading:
        it.tap("#save")
    assert downloading.value.suggested_filename == name
    assert downloading.value.path().read_bytes() == (stand.folder / "daemon" / "stills" / name).read_bytes()
    it.tap("#close")
    assert not it.page.locator("#still").is_visible()


def test_sound_follows_the_light_once_it_was_touched(it):
    it.page.evaluate("""() => {
        window.heard = [];
        const set = AudioParam.prototype.setTargetAtTime;
        AudioParam.prototype.setTargetAtTime = function (value, ...more) {
            if (value > 0.1) window.heard.push(performance.now());
            return set.call(this, value, ...more);
        };
    }""")
    time.sleep(1)
    assert it.page.evaluate("window.heard.length") == 0, "off until it is touched"
    it.tap("#sound")
    until(lambda: it.page.evaluate("window.heard.length") >= 3, 60)
    it.tap("#sound")
    heard = it.page.evaluate("window.heard.length")
    time.sleep(1.5)
    assert it.page.evaluate("window.heard.length") == heard


def test_vibration_and_a_screen_that_stays_awake(it):
    it.page.evaluate("""() => {
        window.felt = 0;
        navigator.vibrate = (span) => { window.felt += 1; return true; };
        window.locks = 0;
        const request = navigator.wakeLock.request.bind(navigator.wakeLock);
        navigator.wakeLock.request = (kind) => { window.locks += 1; return request(kind); };
    }""")
    it.tap("#vibrate")
    until(lambda: it.page.evaluate("window.felt") >= 2, 60)
    it.tap("#vibrate")
    it.tap("#awake")
    until(lambda: it.page.evaluate("window.locks") == 1 and it.pressed("#awake"))
    it.tap("#awake")
    until(lambda: not it.pressed("#awake"))


def test_where_no_promise_is_given_a_video_keeps_the_screen_awake(it):
    it.page.evaluate("() => { navigator.wakeLock.request = () => Promise.reject(new Error('not here')); }")
    it.tap("#awake")
    until(
        lambda: it.page.evaluate(
            "!!document.querySelector('video.wake') && !document.querySelector('video.wake').paused"
        )
    )
    it.tap("#awake")
    until(lambda: it.page.evaluate("!document.querySelector('video.wake')"))


def test_the_tint_can_be_turned_off(it):
    green = """() => {
        const canvas = document.querySelector('#picture');
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) count += data[at + 1] > data[at] + 25;
        return count / (data.length / 4);
    }"""
    it.page.wait_for_selector('[data-light="on"]', timeout=60_000)
    until(lambda: it.page.evaluate(green) > 0.03, 30)
    it.tap("#tint")
    until(lambda: it.page.evaluate(green) < 0.03)
    it.tap("#tint")


def test_the_camera_is_released_and_taken_back(it, stand):
    it.tap("#release")
    until(lambda: stand.status()["released"])
    until(lambda: "released" in it.text("#veil"))
    assert it.page.evaluate("document.body.dataset.light") == "released"
    it.tap("#back")
    until(lambda: not stand.status()["released"])
    it.page.wait_for_selector("#veil", state="hidden")


def test_the_keyboard_does_what_fingers_do(it, stand):
    it.page.locator("#picture").focus()
    before = box_of(stand) if "," in stand.status()["region_name"] else [0.375, 0.375, 0.25, 0.25]
    it.page.keyboard.press("ArrowRight")
    until(lambda: "," in stand.status()["region_name"] and box_of(stand)[0] > before[0] + 0.03)
    it.page.keyboard.press("ArrowLeft")
    it.page.keyboard.press("+")
    until(lambda: it.seen() > 1.2)
    it.page.keyboard.press("-")
    it.page.locator("#forget").focus()
    scene = stand.status()["scene"]
    it.page.keyboard.press("Enter")
    until(lambda: stand.status()["scene"] != scene)


def test_autofocus_finds_the_focus(it, stand):  # the last one: the lens stays where it is found to be best
    searches = (stand.status()["lens"] or {"searches": 0})["searches"]
    it.tap("#autofocus")
    if why := stand.status()["can"]["autofocus"]:
        assert why in it.text("#reasons")
        assert it.page.locator("#autofocus").get_attribute("aria-disabled") == "true"
        until(lambda: it.text("#toast") == why)
    else:
        until(lambda: stand.status()["lens"]["searches"] > searches)
        until(lambda: not stand.status()["lens"]["searching"], 60)
