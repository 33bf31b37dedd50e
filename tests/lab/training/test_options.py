import runpy
from pathlib import Path

from lab.places import TOOLS
from lab.training.options import Options


def test_each_option_of_the_script_has_a_type():
    parser = runpy.run_path(str(TOOLS / "train.py"), run_name="train")["arguments"]()
    given = parser.parse_args(["live", "--photos", "a", "--out", "b"], Options())
    assert given.photos == [Path("a")]
    assert set(vars(given)) <= set(Options.__annotations__)
