import numpy as np

from focuscam.focus import runtime
from focuscam.focus.measures import folded
from focuscam.focus.model import SHIPPED
from lab.training import runtimes


def test_the_shipped_network_decides_alike_on_each_runtime_that_is_installed():
    assert len(runtimes.installed()) == len(runtime.installed())
    luma = np.random.default_rng(0).integers(0, 256, (6, 64, 64)).astype(np.uint8)
    content = SHIPPED.read_bytes()
    said = [runtimes.probabilities(content, folded(luma, 4), name) for name in runtimes.installed()]
    assert all(each.min() >= 0 and each.max() <= 1 and len(each) == 6 for each in said)
    assert all(np.abs(each - said[0]).max() < 0.05 for each in said)
