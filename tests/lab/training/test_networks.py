import importlib.util
import subprocess
import sys

import pytest


def test_what_is_turned_has_its_axes_turned_with_it():
    code = (
        "import numpy as np\nfrom lab.training import networks, optics, patches\nfrom lab.training.live import RADII\n"
        "psf = optics.shake(12, np.random.default_rng(0))\n"
        "def wanted(psf):\n"
        "    one = patches.Patches(np.zeros((1, 64, 64), np.uint8), np.array([optics.covariance(psf)], np.float32),\n"
        "                          np.ones(1, np.float32), np.zeros(1, np.int32))\n"
        "    return networks.targets(one, list(RADII), 6.0)\n"
        "for turn in range(8):\n"
        "    q = psf[::-1] if turn & 1 else psf\n"
        "    q = q[:, ::-1] if turn & 2 else q\n"
        "    q = q.T if turn & 4 else q\n"
        "    assert np.allclose(wanted(q), networks.turned(wanted(psf), turn), atol=1e-5), turn\n"
    )
    # In a process of its own: Keras brings TensorFlow, which the runtimes do not bear in theirs.
    if importlib.util.find_spec("keras") is None:
        pytest.skip("Keras is not installed here: pip install '.[train]' brings it")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
