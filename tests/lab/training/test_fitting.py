PROGRAM = """
import numpy as np, sys
from pathlib import Path
from lab.training import fitting, live, networks
from lab.training.patches import Patches

def patches(scenes, each=64):
    n = scenes * each
    rng = np.random.default_rng(0)
    spread = np.zeros((n, 3), np.float32)
    spread[::2] = 25.0, 0.0, 25.0
    motion = np.where(np.arange(n) % 2 == 0, 0.0, np.nan).astype(np.float32)
    luma = rng.integers(0, 256, (n, 64, 64)).astype(np.uint8)
    luma[::2] = 128
    return Patches(luma, spread, motion, np.repeat(np.arange(scenes), each).astype(np.int32))

train, held_out = fitting.split(patches(12))
assert not set(train.scene) & set(held_out.scene)
assert len(train) + len(held_out) == 12 * 64
try:
    fitting.split(patches(1))
except ValueError as error:
    print(error)
model = networks.live(len(live.OUTPUTS), (2, 2, 2))
plan = fitting.Plan(1, 1)
try:
    fitting.fit(model, train.where(np.arange(10)), held_out, plan, Path(sys.argv[1]))
except ValueError as error:
    print(error)
fitting.fit(model, train, held_out, plan, Path(sys.argv[1]))
again = fitting.kept(Path(sys.argv[1]) / "live.keras")
assert np.allclose(networks.logits(again, held_out.luma), networks.logits(model, held_out.luma), atol=1e-5)
print(sorted(fitting.assess(again, held_out)))
"""


def test_scenes_are_never_parted_too_few_patches_are_refused_and_a_checkpoint_is_the_network(with_keras, tmp_path):
    one_scene, few, figures = with_keras(PROGRAM, tmp_path).splitlines()
    assert "two scenes are needed" in one_scene
    assert "only 10 patches" in few
    assert figures == "['focus', 'loss', 'motion']"
    assert (tmp_path / "live.json").is_file()
