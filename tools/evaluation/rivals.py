"""What focuscam replaces: classical measures with a fixed threshold, a support vector machine, the seed network.

Each is a judge: it looks at a frame and says a number, higher when sharper; and it makes a light.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from evaluation.light import CoachLight, Light
from evaluation.spots import crop
from evaluation.statistics import best_threshold
from focuscam.focus import measures
from focuscam.focus.model import FocusModel
from focuscam.focus.scorer import Scorer
from focuscam.messages import Frame, Luma, Reading
from focuscam.region import Box, parse

WINDOW = 3
"""Frames whose median a rival's light goes by: as many as ours, so that one noisy frame does not undo it."""


class Ours:
    """The shipped scorer and coach, with one of the two runtimes."""

    def __init__(self, model: FocusModel, name: str = "focuscam") -> None:
        self.name = name
        self.model = model
        self.threshold = model.threshold
        self._whole, self._best = Scorer(model, parse("whole")), Scorer(model, parse("best"))

    def photo(self, frame: Frame) -> Reading:
        """As `focuscam score`: the best subject counts."""
        return self._best.score(frame)

    def frame(self, frame: Frame) -> Reading:
        """As `focuscam --region whole`."""
        return self._whole.score(frame)

    def at(self, box: Box) -> Callable[[Frame], Reading]:
        """What looks at a spot."""
        return Scorer(self.model, parse(",".join(f"{value:g}" for value in box))).score

    def light(self) -> Light:
        """The coach, as it is shipped."""
        return CoachLight(self.threshold)


class Measured:
    """A number from the coarse luma, over a threshold that training data chose: one for photos, one for frames."""

    def __init__(self, name: str, measure: Callable[[Luma], float], hold: float | None = None) -> None:
        """hold: on from this share of the best value seen so far, in place of a threshold."""
        self.name = name
        self._measure = measure
        self._hold = hold
        self.photo_threshold = self.threshold = 0.0

    def train(self, photos: Iterable[tuple[Luma, bool]], frames: Iterable[tuple[Luma, bool]]) -> None:
        """Choose the thresholds: pairs of a luma and whether it is sharp."""
        self.photo_threshold = self._chosen(photos)
        self.threshold = self._chosen(frames)

    def _chosen(self, pairs: Iterable[tuple[Luma, bool]]) -> float:
        values = [(self._measure(luma), sharp) for luma, sharp in pairs]
        return best_threshold([v for v, sharp in values if sharp], [v for v, sharp in values if not sharp])

    def photo(self, frame: Frame) -> Reading:
        """The measure, as a reading."""
        value = self._measure(frame.coarse)
        return Reading(frame.number, frame.time, frame.name, value, 1.0, "unknown", value)

    frame = photo

    def at(self, box: Box) -> Callable[[Frame], Reading]:
        """What looks at a spot, as if it were the whole picture."""
        return lambda frame: self.photo(replace(frame, coarse=crop(frame.fine, box)))

    def light(self) -> Light:
        """A threshold, or a share of the best so far."""
        return _Held(self._hold) if self._hold else _Over(self.threshold)


class _Over:
    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._recent: deque[float] = deque(maxlen=WINDOW)

    def show(self, reading: Reading, _time: float) -> bool:
        self._recent.append(reading.contrast)
        return median(self._recent) >= self._threshold


class _Held:
    def __init__(self, share: float) -> None:
        self._share = share
        self._peak = 0.0
        self._recent: deque[float] = deque(maxlen=WINDOW)

    def show(self, reading: Reading, _time: float) -> bool:
        self._recent.append(reading.contrast)
        value = median(self._recent)
        self._peak = max(self._peak, value)
        return value >= self._share * self._peak


def laplacian(luma: Luma) -> float:
    """Variance of the Laplacian (Pech-Pacheco 2000; Szandala's comparator)."""
    return float(cv2.Laplacian(luma, cv2.CV_64F).var())


def tenengrad(luma: Luma) -> float:
    """Mean squared Sobel gradient (Tenenbaum 1970)."""
    return float(np.mean(cv2.Sobel(luma, cv2.CV_32F, 1, 0) ** 2 + cv2.Sobel(luma, cv2.CV_32F, 0, 1) ** 2))


def difference_of_gaussians(luma: Luma) -> float:
    """Variance of the difference of two Gaussians, sigma 1 and 1.6."""
    grey = luma.astype(np.float32)
    return float(np.var(cv2.GaussianBlur(grey, (0, 0), 1.0) - cv2.GaussianBlur(grey, (0, 0), 1.6)))


def robust_contrast(luma: Luma) -> float:
    """Our own contrast: less the noise, over the brightness."""
    return measures.noise_and_contrast(luma)[1]


def gradient_statistics(luma: Luma) -> np.ndarray:
    """Of the gradient magnitude (after Hsu and Chen 2008): mean, spread, tail, and its share in steps."""
    magnitude = cv2.magnitude(cv2.Sobel(luma, cv2.CV_32F, 1, 0), cv2.Sobel(luma, cv2.CV_32F, 0, 1))
    steps = np.histogram(magnitude, [0, 2, 4, 8, 16, 32, 64, 128, 256, 1e9])[0] / magnitude.size
    top = np.percentile(magnitude, [50, 90, 99, 99.9])
    return np.concatenate([[magnitude.mean(), magnitude.std()], top, steps]).astype(np.float64)


class SupportVectors(Measured):
    """A support vector machine on statistics of the gradient magnitude (Hsu and Chen 2008)."""

    def __init__(self) -> None:
        super().__init__("SVM, gradients", self._decision)
        self._machine = None

    def train(self, photos: Iterable[tuple[Luma, bool]], frames: Iterable[tuple[Luma, bool]]) -> None:
        """Fit on all of them, then choose thresholds as the others do."""
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC

        photos, frames = list(photos), list(frames)
        both = photos + frames
        self._machine = make_pipeline(StandardScaler(), SVC(class_weight="balanced", random_state=0))
        self._machine.fit([gradient_statistics(luma) for luma, _ in both], [sharp for _, sharp in both])
        super().train(photos, frames)

    def _decision(self, luma: Luma) -> float:
        return float(self._machine.decision_function([gradient_statistics(luma)])[0])


class SeedNetwork(Measured):
    """The published network, 256x256x3, trained by `tools/train.py seed` and converted to TFLite."""

    def __init__(self, path: Path) -> None:
        from focuscam.focus import runtime

        super().__init__("seed network", self._probability)
        self._interpreter = runtime.interpreter(path.read_bytes())
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]

    def _probability(self, luma: Luma) -> float:
        picture = cv2.resize(luma, (256, 256), interpolation=cv2.INTER_AREA)
        picture = np.repeat(picture[None, :, :, None], 3, axis=3)
        if self._input["dtype"] is np.float32:
            picture = picture.astype(np.float32) / 255
        self._interpreter.set_tensor(self._input["index"], picture)
        self._interpreter.invoke()
        value = float(self._interpreter.get_tensor(self._output["index"]).ravel()[0])
        scale, zero = self._output["quantization"]
        return (value - zero) * scale if scale else value


def classical() -> list[Measured]:
    """All rivals that need no weights, untrained."""
    return [
        Measured("variance of Laplacian", laplacian),
        Measured("Tenengrad", tenengrad),
        Measured("difference of Gaussians", difference_of_gaussians),
        SupportVectors(),
        Measured("robust contrast, held", robust_contrast, hold=0.9),
    ]
