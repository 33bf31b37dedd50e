"""What came of everybody who looks for focus, as lines to read."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lab.autofocus.scenes import EMPTY
from lab.autofocus.trials import OURS, Found
from lab.autofocus.trials import found as ended_right
from lab.evaluation.statistics import Figure


def table(result: dict[str, dict[str, Figure | float]]) -> Iterator[str]:
    """One line for each method."""
    columns = list(next(iter(result.values())))
    yield f"{'':38}" + "".join(f"{column:>20}" for column in columns)
    for name, each in result.items():
        cells = [
            f"{v.value:.3f} [{v.low:.2f} {v.high:.2f}]" if isinstance(v, Figure) else f"{v:.2f}" for v in each.values()
        ]
        yield f"{name:38}" + "".join(f"{cell:>20}" for cell in cells)
    yield "\nof steps: exposures over the positions that the lens has; the intervals hold 95 %, of spots over series."


def details(found: Found) -> Iterator[str]:
    """Ours, sweep by sweep, spot by spot where it went wrong, and kind by kind."""
    real, seen = found.real[OURS], found.seen[OURS]
    yield "\nfocuscam, by sweep: within one step, mean exposures of all there are"
    for sweep in found.sweeps:
        own = [trial for trial, _ in real if trial.subject == sweep.name]
        right, looks = np.mean([ended_right(trial) for trial in own]), np.mean([trial.exposures for trial in own])
        yield f"  {sweep.name:24} {right:.2f} of {len(own):2}  {looks:4.1f} of {sweep.steps}"
    if seen:
        yield "\nfocuscam, series on whose spots it did not always end within one step"
    for name, own in seen.items():
        right = np.mean([ended_right(trial) for trial in own])
        if right < 1:
            yield f"  {name:24} {right:.2f} of {len(own):2}  {np.mean([trial.exposures for trial in own]):4.1f}"
    yield "\nfocuscam, by kind of scene: right, mean and most exposures"
    for name, tried in sorted(found.kinds.items()):
        empty = name.split(", ")[1] in EMPTY
        rights = [trial.refused if empty else ended_right(trial) for trial in tried]
        exposures = [trial.exposures for trial in tried]
        yield f"  {name:24} {np.mean(rights):.3f} of {len(tried):3}  {np.mean(exposures):4.1f} {max(exposures):3}"


def upsets(found: Found) -> Iterator[str]:
    """Ours, where something goes wrong."""
    yield "\nfocuscam, where something goes wrong: ended right, said so, neither; exposures"
    for name, tried in found.upset.items():
        right, said = [ended_right(each) for each in tried], [each.warned for each in tried]
        silent = [not r and not s for r, s in zip(right, said, strict=True)]
        shares = f"{np.mean(right):.3f}  {np.mean(said):.3f}  {np.mean(silent):.3f}"
        yield f"  {name:32} {shares}  {np.mean([each.exposures for each in tried]):.1f}"


def wrong(found: Found) -> Iterator[str]:
    """A line for each trial of ours that went wrong."""
    tried_by_us = [trial for trial, _ in found.real[OURS] + found.made[OURS]]
    for trial in [t for t in sum(found.seen[OURS].values(), tried_by_us) if not ended_right(t)]:
        yield f"{trial.subject} from {trial.start}, backlash {trial.backlash}: {trial.off:.1f} off. {trial.told}"
    for trial in found.empty[OURS]:
        if not trial.refused:
            yield f"{trial.subject} from {trial.start}: not refused. {trial.told}"
