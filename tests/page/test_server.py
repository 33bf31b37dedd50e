import asyncio
import json
import time

import aiohttp
import pytest

from focuscam.commands import Forget, SetRegion
from focuscam.page.server import MOST_PAGES, files
from focuscam.region import parse
from tests.page.conftest import KEY


def test_without_the_key_there_is_nothing_but_the_way_to_enter_it(served):
    status, _, body = served.ask("/", key=None)
    assert status == 401
    assert b'id="key"' in body
    for path in ("/page.js", "/picture.js", "/live", "/stills/x.jpg", "/thumbs/x.jpg", "/nothing"):
        assert served.ask(path, key=None)[0] == 401
    for path in ("/enter.js", "/page.css", "/icon.svg"):
        assert served.ask(path, key=None)[0] == 200


def test_the_key_is_exchanged_for_a_cookie_that_no_script_sees(served):
    status, headers, body = served.enter(KEY)
    assert (status, body) == (204, b"")
    cookie = headers["Set-Cookie"]
    assert cookie.startswith(f"focuscam-page={KEY};")
    for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in cookie
    assert served.ask("/")[0] == 200


def test_every_file_of_the_page_is_there_and_all_of_them_are_small(served):
    assert sum(map(len, files().values())) < 60_000
    for name, content in files().items():
        if not name.endswith(".html"):
            assert served.ask(f"/{name}")[::2] == (200, content)
        assert b"http://" not in content.replace(b"http://www.w3.org/2000/svg", b""), "it asks nobody else"
        assert b"https://" not in content
    assert served.ask("/enter.html")[0] == served.ask("/index.html")[0] == 404


@pytest.mark.parametrize("path", ["/", "/page.js", "/nothing", "/live", "/stills/x.jpg"])
@pytest.mark.parametrize("key", [KEY, None])
def test_every_answer_forbids_what_the_page_does_not_need(served, path, key):
    _, headers, _ = served.ask(path, key=key)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8017", "", "localhost.evil.example"])
def test_a_host_that_is_none_of_ours_gets_nothing_even_with_the_key(served, host):
    for path in ("/", "/page.js", "/live", "/enter.js"):
        assert served.ask(path, Host=host)[0] in (400, 421)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:1"])
def test_a_page_of_somebody_else_may_ask_for_nothing(served, origin):
    assert served.ask("/page.js", Origin=origin)[0] == 403
    assert served.ask("/live", Origin=origin)[0] == 403
    assert served.enter(KEY, origin=origin)[0] == 403
    assert served.ask("/stills/x.jpg", Sec_Fetch_Site="cross-site")[0] == 403


def test_a_link_on_another_page_may_lead_here(served):
    assert served.ask("/", Sec_Fetch_Site="cross-site")[0] == 200


def test_whoever_does_not_say_where_they_come_from_may_change_nothing(served):
    assert served.enter(KEY, origin=None)[0] == 403
    assert served.ask("/live", Upgrade="websocket", Connection="Upgrade")[0] == 403


def test_many_wrong_keys_close_the_door_for_a_while_for_right_ones_too(served):
    answers = [served.enter(f"wrong{number}")[0] for number in range(6)]
    assert answers == [401, 401, 401, 401, 429, 429]
    assert served.enter(KEY)[0] == 429
    status, headers, _ = served.ask("/", key="also wrong")
    assert status == 429
    assert int(headers["Retry-After"]) <= 1
    time.sleep(1.1)
    assert served.enter(KEY)[0] == 204


def test_other_methods_and_large_bodies_are_refused(served):
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        assert served.ask("/", method)[0] == 405
    assert served.enter("x" * 100_000)[0] == 401
    assert served.ask("/enter", "GET")[0] in (404, 405)


def test_no_key_gets_into_the_log(served, visit, caplog):
    caplog.set_level("DEBUG")
    served.enter(KEY)
    served.enter("wrongwrongwrong")
    served.ask(f"/?key={KEY}")
    served.ask(f"/{KEY}")
    visit(lambda page: page.hear("state"))
    assert KEY not in caplog.text
    assert "wrongwrong" not in caplog.text


def test_an_open_page_is_told_how_the_light_stands(visit, frames):
    async def look(page):
        await page.say(do="look", pictures=True, map=True, width=320)
        return await page.hear("reading"), await page.hear("picture"), await page.hear("map")

    reading, picture, focus = visit(look)
    assert (reading["light"], reading["score"], reading["words"]) == ("on", 0.9, "sharp: hold it there") or (
        reading["light"] == "on" and reading["words"]
    )
    assert b"\xff\xd8" in picture[:200]
    assert focus["score"] == [[0.5, None], [0.25, 1.0]]


def test_a_page_that_nobody_sees_costs_no_picture(bench, visit, frames):
    async def look(page):
        await page.say(do="look", pictures=True)
        await page.hear("picture")
        await page.say(do="look", pictures=False, quick=False)
        for _ in range(2):
            await page.hear("state")
        wanted = bench.server.looked_at
        page.heard.clear()
        began = time.monotonic()
        await page.hear("state", lambda message: time.monotonic() - began > 3)
        return wanted, page.heard

    wanted, heard = visit(look)
    assert wanted is False, "nothing is made for it"
    assert "picture" not in heard
    assert 2 <= heard.count("reading") <= 5


def test_no_second_picture_is_sent_before_the_first_was_taken_but_readings_are(visit, frames):
    async def look(page):
        await page.say(do="look", pictures=True)
        await page.hear("picture")
        page.heard.clear()
        began = time.monotonic()
        await page.hear("reading", lambda message: time.monotonic() - began > 1.5)
        return page.heard

    heard = visit(look)
    assert "picture" not in heard
    assert 10 <= heard.count("reading") <= 17


def test_the_light_is_told_at_once_when_it_changes(bench, visit, reading):
    async def look(page):
        bench.show(reading, score=0.1)
        await page.hear("state")
        await page.say(do="look", pictures=False, quick=False)
        bench.show(reading, score=0.1)
        await page.hear("reading")
        return await page.hear("state")

    assert visit(look)["there"]


def test_commands_reach_the_loop_and_what_comes_of_them_the_page(bench, visit, frames):
    async def order(page):
        await page.hear("state", lambda message: message["there"])
        await page.say(do="forget", id=1)
        first = await page.hear("answer")
        await page.say(do="region", id=2, value="0.1,0.2,0.3,0.4")
        second = await page.hear("answer")
        await page.say(do="zoom", id=3, value=2)
        return first, second, await page.hear("answer")

    first, second, third = visit(order)
    assert first == {"type": "answer", "id": 1, "ok": True, "why": None}
    assert second["ok"]
    assert third == {"type": "answer", "id": 3, "ok": False, "why": "It has no crop."}
    bench.obey()
    assert bench.commands == [Forget(), SetRegion(parse("0.1,0.2,0.3,0.4"))]


def test_what_can_not_be_done_is_told_before_anybody_asks(visit, frames):
    state = visit(lambda page: page.hear("state", lambda message: message["there"]))
    assert state["can"]["zoom"] == "It has no crop."
    assert state["can"]["forget"] is None
    assert "older" in state["can"]["capture"]


def test_a_window_changes_nothing(bench, serve, visit, frames):
    async def order(page):
        state = await page.hear("state", lambda message: message["there"])
        await page.say(do="forget", id=1)
        return state, await page.hear("answer")

    state, answer = visit(order, serve(forbidden="A window only."))
    assert set(state["can"].values()) == {"A window only."}
    assert answer["why"] == "A window only."
    bench.obey()
    assert bench.commands == []


def test_it_says_so_when_the_daemon_is_away_and_goes_on_by_itself(served, visit, frames):
    async def look(page):
        served.there = False
        first = await page.hear("state")
        await page.say(do="forget", id=9)
        answer = await page.hear("answer")
        served.there = True
        await page.hear("state", lambda message: message["there"])
        return first, answer, await page.hear("reading")

    served.there = False
    state, answer, _ = visit(look)
    assert (state["there"], state["why"]) == (False, "focuscam is not running here.")
    assert answer["why"] == "The daemon is away just now."


def test_a_fifth_page_is_told_that_there_are_four(served):
    async def many():
        async with aiohttp.ClientSession() as session:
            pages = [await served.live(session) for _ in range(MOST_PAGES)]
            for each in pages:
                await each.receive()
            fifth = await served.live(session)
            said = json.loads((await fifth.receive()).data)
            ended = (await fifth.receive()).type
            await pages[0].close()
            await asyncio.sleep(0.2)
            sixth = await served.live(session)
            return said, ended, json.loads((await sixth.receive()).data)

    said, ended, last = asyncio.run(many())
    assert said == {"type": "full", "why": "4 pages are open already: close one of them."}
    assert ended is aiohttp.WSMsgType.CLOSE
    assert last["type"] == "hello"


def test_a_page_goes_without_leaving_anything_behind(bench, served, visit, frames):
    for _ in range(12):  # more than a daemon has places
        visit(lambda page: page.hear("reading"))
    deadline = time.monotonic() + 5
    while bench.server._readers:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_stills_are_given_to_whoever_has_the_key(bench, served, visit, frames, tmp_path, leaves):
    from PIL import Image

    name = "focuscam-20261127T120000Z-0000.jpg"
    Image.fromarray(leaves).save(tmp_path / name)
    stills = {"asked": 0, "file": None, "why": None, "saved": 1, "folder": str(tmp_path)}
    bench.facts = bench.facts | {"stills": stills}
    state = visit(lambda page: page.hear("state", lambda message: message["stills"]))
    assert state["stills"] == [name]
    status, headers, body = served.ask(f"/stills/{name}")
    assert (status, headers["Content-Type"], body) == (200, "image/jpeg", (tmp_path / name).read_bytes())
    assert len(served.ask(f"/thumbs/{name}")[2]) < len(body)
    assert served.ask(f"/stills/{name}", key=None)[0] == 401
    assert served.ask("/stills/..%2f..%2fetc%2fpasswd")[0] == 404
