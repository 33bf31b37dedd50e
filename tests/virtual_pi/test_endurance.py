"""Ten minutes' worth of frames: the pace is kept and nothing grows."""

import json
import time

from tests.virtual_pi.virtual_pi import until

TEN_MINUTES = 18_000


def test_nothing_grows_in_ten_minutes_worth_of_frames(pi):
    pid = pi.main_pid()
    pi.camera("free", True)
    until(lambda: len(pi.frames()) >= 2_000, 60, "2,000 frames")
    before = pi.footprint(pid)
    until(lambda: len(pi.frames()) >= TEN_MINUTES, 300, "18,000 frames")
    after = pi.footprint(pid)
    for frames, it in (("2,000", before), ("18,000", after)):
        print(f"after {frames} frames: {it.memory_kb} kB of memory, {it.threads} threads, {len(it.files)} files")
    assert pi.main_pid() == pid
    assert after.memory_kb - before.memory_kb < 5_000, "memory grows"
    assert after.threads <= before.threads, "threads grow"
    assert len(after.files) <= len(before.files), f"open files grow: {before.files} {after.files}"


def test_thirty_frames_a_second_are_kept(pi):
    pi.run("systemctl stop focuscam")
    lines = pi.run(pi.as_the_service("--source picamera --json 2>/dev/null | head -n 450 | tail -n 300")).splitlines()
    pi.run("systemctl start focuscam")
    numbers = [json.loads(line)["frame"] for line in lines]
    kept = len(numbers) / (numbers[-1] - numbers[0] + 1)
    print(f"{kept:.1%} of the frames were scored")
    assert kept > 0.9


def test_processor_time_for_a_frame(pi):
    pid = pi.main_pid()
    frames, spent = len(pi.frames()), pi.cpu_seconds(pid)
    time.sleep(5)
    each = (pi.cpu_seconds(pid) - spent) / (len(pi.frames()) - frames)
    print(f"{1000 * each:.1f} ms of processor time a frame")
    assert each < 1 / 30, "more than one processor is busy with 30 frames a second"
