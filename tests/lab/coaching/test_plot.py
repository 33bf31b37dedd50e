from PIL import Image

from lab.coaching.feedback import Ours
from lab.coaching.plot import draw
from tests.lab.coaching.hill import played


def test_a_trial_becomes_a_picture_with_its_number(tmp_path):
    feedback = Ours(0.5)
    path = draw(tmp_path / "drawn", 7, played(feedback), feedback.said)
    assert path.name == "007.png"
    with Image.open(path) as picture:
        assert picture.width > 500
