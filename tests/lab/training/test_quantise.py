PROGRAM = """
import numpy as np, sys
from pathlib import Path
from focuscam.focus.measures import folded
from lab.training import live, networks, quantise
from lab.training.networks import CENTRE, FOLD, PADDING

model = networks.live(len(live.OUTPUTS), (4, 4, 4))
luma = np.random.default_rng(0).integers(0, 256, (40, 64, 64)).astype(np.uint8)
plain = quantise.plain(quantise.folded(model), FOLD, PADDING)
said = np.asarray(plain(folded(luma, FOLD).astype(np.float32) - CENTRE))
wanted = 1 / (1 + np.exp(-networks.logits(model, luma)))
assert np.abs(said - wanted).max() < 1e-4
content = quantise.to_int8(plain, folded(luma, FOLD), CENTRE)
np.savez(sys.argv[1], luma=folded(luma, FOLD), wanted=wanted, content=np.frombuffer(content, np.uint8))
"""


def test_the_folded_network_says_what_the_trained_one_says_and_int8_nearly_so_on_each_runtime(with_keras, tmp_path):
    import numpy as np

    from lab.training import runtimes

    with_keras(PROGRAM, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as made:
        luma, wanted, content = made["luma"], made["wanted"], made["content"].tobytes()
    for name in runtimes.installed():
        assert np.abs(runtimes.probabilities(content, luma, name) - wanted).max() < 0.08
