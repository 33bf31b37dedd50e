PROGRAM = """
import cv2, numpy as np, sys
from pathlib import Path
from lab.studies import widths

patches = np.random.default_rng(0).integers(0, 256, (3, 64, 64)).astype(np.uint8)
assert widths.middle(patches, 32).shape == (3, 32, 32)
folder = Path(sys.argv[1])
picture = np.full((200, 300), 120, np.uint8)
picture[64:128, 96:160] = np.random.default_rng(1).integers(0, 256, (64, 64))
cv2.imwrite(str(folder / "a.png"), picture)
cv2.imwrite(str(folder / "small.png"), picture[:40, :40])
places = widths.telling(folder / "a.png")
assert places.shape[1:] == (64, 64) and len(places) <= widths.EACH
assert places[0].std() > 40
try:
    widths.telling(folder / "small.png")
except ValueError as error:
    print(error)
"""


def test_a_photo_is_judged_where_it_has_most_detail_and_one_smaller_than_a_patch_is_refused(with_keras, tmp_path):
    assert "smaller than a patch of 64 px" in with_keras(PROGRAM, tmp_path)
