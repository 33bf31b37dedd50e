"""Classical measures of luma: what the patches are chosen by, how they are brought to one brightness, the contrast.

Pure: numpy and OpenCV in, numbers out.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from focuscam.frame import Luma

MEAN = 128.0
"""Mean of a normalised patch, grey levels."""
SPREAD = 48.0
"""Standard deviation of a normalised patch, grey levels: most of a patch stays inside 0..255."""
MOST_GAIN = 8.0
"""A patch flatter than SPREAD / MOST_GAIN (6 grey levels) is not stretched further: that would show quantisation steps."""


def normalised(patches: Luma) -> Luma:
    """Bring each patch to one mean and spread, so that exposure and scene contrast do not reach the network.

    patches: uint8, (n, height, width). Returns the same shape and type. The network is trained on
    what this returns; the noise of a patch is stretched with its picture, as it must be.
    """
    levels = np.arange(256, dtype=np.float32)
    result = np.empty(patches.shape, np.uint8)
    for patch, out in zip(patches, result, strict=True):
        mean, spread = cv2.meanStdDev(patch)
        gain = min(SPREAD / max(float(spread[0, 0]), 1e-6), MOST_GAIN)
        table: npt.NDArray[np.uint8] = np.clip(np.rint((levels - float(mean[0, 0])) * gain + MEAN), 0, 255).astype(np.uint8)
        cv2.LUT(patch, table, dst=out)
    return result
