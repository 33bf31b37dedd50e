"""The tests of the rooms whose arithmetic another architecture could change, run there."""

ROOMS = {
    "trixie": [
        "tests/focus/test_model.py",
        "tests/focus/test_measures.py",
        "tests/focus/test_patches.py",
        "tests/coach",
    ],
    # What differs is the runtime. Its aarch64 wheel dies of a file that is no model, where x86's refuses it: the sum
    # beside the model is what keeps such a file from it.
    "bookworm": ["tests/focus/test_model.py", "-k", "not though_its_sum_is_right"],
}
OPTIONS = ["-q", "-p", "no:cacheprovider", "--import-mode=importlib", "--hypothesis-profile=ci"]
"""The profile has no deadlines: emulated, everything takes twenty times as long."""


def test_they_pass_there_too(pi):
    line = 'cd /src && exec python3 -m pytest "$@"'
    print(pi.run("bash", "-c", line, "bash", *OPTIONS, *ROOMS[pi.release]).splitlines()[-1])
