"""Ten minutes' worth of frames: the pace is kept and nothing grows."""

import json
import time

from virtual_pi import until

TEN_MINUTES = 18_000


def footprint(pi, pid):
    """(resident memory in kB, threads, open files) of a process."""
    status = dict(line.split(":\t", 1) for line in pi.run(f"cat /proc/{pid}/status").splitlines() if ":\t" in line)
    files = pi.run(f"ls /proc/{pid}/fd").split()
    return int(status["VmRSS"].split()[0]), int(status["Threads"]), len(files)


def cpu_seconds(pi, pid):
    fields = pi.run(f"cat /proc/{pid}/stat").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_nothing_grows_in_ten_minutes_worth_of_frames(pi):
    pid = pi.main_pid()
    pi.camera("free", True)
    until(lambda: len(pi.frames()) >= 2_000, 60, "2,000 frames")
    before = footprint(pi, pid)
    until(lambda: len(pi.frames()) >= TEN_MINUTES, 300, "18,000 frames")
    after = footprint(pi, pid)
    print(f"memory, threads, files after 2,000 frames {before}, after 18,000 {after}")
    assert pi.main_pid() == pid
    assert after[0] - before[0] < 5_000, "memory grows"
    assert after[1] <= before[1], "threads grow"
    assert after[2] <= before[2], "open files grow"


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
    frames, spent = len(pi.frames()), cpu_seconds(pi, pid)
    time.sleep(10)
    each = (cpu_seconds(pi, pid) - spent) / (len(pi.frames()) - frames)
    print(f"{1000 * each:.1f} ms of processor time a frame")
    assert each < 1 / 30, "more than one processor is busy with 30 frames a second"
