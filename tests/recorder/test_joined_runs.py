"""Any run of a daemon, recorded over its socket and played: a frame that came without its picture as well."""

import contextlib
import queue
import shutil
import socket
import threading
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from focuscam.commands import Forget, Reload, SetRegion, SetThreshold, Zoom
from focuscam.config import Settings
from focuscam.daemon.loop import Loop
from focuscam.errors import FocuscamError
from focuscam.focus.scorer import Scorer
from focuscam.indicators import Indicators
from focuscam.ipc.client import Link
from focuscam.ipc.protocol import Rules
from focuscam.ipc.server import Server
from focuscam.messages import Event
from focuscam.recorder.source import Scored, source
from focuscam.recorder.writing import Recorder
from focuscam.region import parse
from focuscam.session import RemoteSession

COMMANDS = st.one_of(
    st.builds(SetRegion, st.sampled_from(["spot", "whole", "0.1,0.2,0.35,0.4"]).map(parse)),
    st.builds(SetThreshold, st.none() | st.floats(0, 1)),
    st.builds(Zoom, st.sampled_from([1.0, 2.0])),
    st.sampled_from([Forget(), Reload()]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.integers(0, 5), max_size=20),
    frames=st.lists(st.tuples(st.integers(0, 5), st.lists(COMMANDS, max_size=2)), min_size=5, max_size=30),
    hold=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_whatever_was_before_a_recorded_daemon_is_played_to_the_same_decisions(
    scripted, decided, play, model, pictures, tmp_path_factory, before, frames, hold
):
    folder = tmp_path_factory.mktemp("runs") / "run"
    begun_with = Settings().with_changes("test", focus={"region": "whole", "hold_s": hold})
    seen = {}
    script = [(pictures[each], []) for each in before]
    commands = queue.SimpleQueue()
    camera = scripted(script, commands.put, more=lambda: more())
    loop = Loop(
        camera, begun_with, Scorer(model, parse("whole")), Indicators(None, None), reread=Settings, commands=commands
    )
    theirs, ours = socket.socketpair()
    with Server(
        None, commands=commands, rules=lambda: Rules(True, loop.can),
        facts=lambda: loop.facts, open_maps=None, header=lambda: loop.recording_header,
    ) as server:  # fmt: skip
        server.adopt(theirs, own=True)
        link = Link(ours)
        recorder, kept = Recorder(folder), []

        def record():
            with link, contextlib.suppress(FocuscamError), recorder:
                for item in source(RemoteSession(link)):
                    recorder.take(item)
                    if isinstance(item, Scored):
                        kept.append(item.fields["seq"])

        recording = threading.Thread(target=record)
        recording.start()
        ahead = iter(frames)

        def more():
            """Frames of whatever, until it records; then those of the run."""
            if not kept:
                time.sleep(0.005)
                return pictures[before[-1] if before else 0], []
            picture, commands = next(ahead, (None, None))
            time.sleep(0.002)
            return None if picture is None else (pictures[picture], commands)

        for event in loop:
            if isinstance(event, Event):
                server.show(event)
                seen[event.sequence] = decided(event.frame, event.status)
        deadline = time.monotonic() + 20
        while len(kept) < len(seen) - (kept[0] - 1) and time.monotonic() < deadline:
            time.sleep(0.01)
    recording.join(10)
    theirs.close()
    was = [each for sequence, each in sorted(seen.items()) if sequence >= kept[0]]
    assert play(folder) == was
    shutil.rmtree(folder)
