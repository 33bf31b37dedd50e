import numpy as np
from PIL import Image

from lab.soak.kills import is_whole


def test_a_file_that_is_cut_short_is_not_whole(tmp_path):
    Image.fromarray(np.zeros((48, 64), np.uint8)).save(tmp_path / "x.jpg")
    assert not is_whole(tmp_path / "x.jpg")
    (tmp_path / "x.dng").write_bytes(bytes(100))
    assert not is_whole(tmp_path / "x.dng")


def test_killed_at_random_moments_it_leaves_no_broken_file(tool, tmp_path, capsys):
    assert tool("capture_kills")(["--captures", "30", "--folder", str(tmp_path)]) == 0
    assert "0 files under a final name are broken" in capsys.readouterr().out
