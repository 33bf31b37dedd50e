"""The tests of the rooms whose arithmetic another architecture could change, run there."""

ROOMS = ("tests/focus/test_model.py", "tests/focus/test_measures.py", "tests/focus/test_patches.py", "tests/coach")
OPTIONS = "-q -p no:cacheprovider --import-mode=importlib --hypothesis-profile=ci"
"""The profile has no deadlines: emulated, everything takes twenty times as long."""


def test_they_pass_there_too(pi):
    print(pi.run("bash", "-c", f"cd /src && python3 -m pytest {OPTIONS} {' '.join(ROOMS)}").splitlines()[-1])
