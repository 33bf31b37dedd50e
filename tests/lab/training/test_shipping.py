import json

PROGRAM = """
import numpy as np, sys
from pathlib import Path
from lab.training import live, networks, shipping
from lab.training.patches import Patches

rng = np.random.default_rng(0)
luma = rng.integers(0, 256, (30, 64, 64)).astype(np.uint8)
none = np.zeros(30, np.float32)
held_out = Patches(luma, np.zeros((30, 3), np.float32), none, none.astype(np.int32))
model = networks.live(len(live.OUTPUTS), (4, 4, 4))
shipping.ship(model, live.OUTPUTS, luma, held_out, Path(sys.argv[1]), {"axes": list(live.AXES), "radii": [1.0]})
"""


def test_the_card_says_how_often_int8_decides_as_float_does_and_what_a_patch_costs(with_keras, tmp_path):
    with_keras(PROGRAM, tmp_path / "out")
    card = json.loads((tmp_path / "out" / "focus.json").read_text())
    assert card["bytes"] == (tmp_path / "out" / "focus.tflite").stat().st_size
    assert card["radii"] == [1.0]
    assert card["multiply_adds_per_patch"] > 0
    against_float = {name: share for name, share in card["same_decision"].items() if "float" in name}
    assert against_float
    assert all(0 <= share <= 1 for share in against_float.values())
