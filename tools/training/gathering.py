"""From folders to patches: photos, sweeps, stacks, invented pictures; in parallel, kept for the next run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from training import patches, scenes, series
from training.licences import kept
from training.patches import Patches
from training.photos import Losses, find, read

RECIPE = 5
"""Counts the changes of the simulation: patches kept by an older one are made anew."""


@dataclass(frozen=True)
class Job:
    """One scene's share of the patches."""

    kind: str
    """photo, series or invented"""
    path: str
    """Of the photo or the folder; the number of an invented picture."""
    scene: int
    count: int
    seed: int
    without: str = ""
    """One of patches.ADDED that is left out."""


def jobs(
    photos: list[Path],
    sweeps: list[Path],
    stacks: list[Path],
    invented: int,
    count: int,
    seed: int,
    losses: Losses,
    licences: Path | None = None,
    without: str = "",
) -> list[Job]:
    """What there is to do. A folder of `sweeps` or `stacks` holds one folder for each series.

    count: patches for each photo and invented picture; a series, which is many pictures, gives three times as many.
    licences: a table of the pictures' licences; what is not free by it is left out.
    without: one of patches.ADDED, what the simulated camera leaves out.
    Raises ValueError where a folder is missing or holds nothing to learn from.
    """
    found: list[tuple[str, str, int]] = []
    for folder in photos:
        here = [path for path in _there(folder, "photos") if path]
        found += [("photo", str(path), count) for path in here]
    for folder, what in [(f, "sweeps") for f in sweeps] + [(f, "stacks") for f in stacks]:
        _there(folder, what)
        inside = sorted(p for p in folder.iterdir() if p.is_dir() and any(find([p])))
        if what == "sweeps":
            for stray in [p for p in inside if not (p / "sweep.csv").is_file()]:
                losses.add("a sweep without sweep.csv, which gives the order", stray)
            inside = [p for p in inside if (p / "sweep.csv").is_file()]
        if not inside:
            raise ValueError(f"{folder} holds no {what}: it must hold one folder of pictures for each.")
        found += [("series", str(path), 3 * count) for path in inside]
    if licences is not None:
        for one in [one for one in found if not kept(licences, Path(one[1]))]:
            losses.add("its licence leaves a question open", one[1])
            found.remove(one)
    found += [("invented", str(number), max(count // 2, 2)) for number in range(invented)]
    return [Job(kind, path, scene, share, seed, without) for scene, (kind, path, share) in enumerate(found)]


def _there(folder: Path, what: str) -> list[Path]:
    """The pictures below a folder. Raises ValueError where there are none."""
    if not folder.exists():
        raise ValueError(f"{folder} does not exist: give a folder of {what}.")
    inside = list(find([folder]))
    if not inside:
        raise ValueError(f"{folder} holds no pictures: give a folder of {what}.")
    return inside


def done(job: Job) -> tuple[Patches, Losses]:
    """The patches of one job. What cannot be read is among the losses."""
    cv2.setNumThreads(1)
    losses = Losses()
    if job.kind == "series":
        return series.from_series(Path(job.path), job.scene, job.count, job.seed, losses), losses
    if job.kind == "invented":
        picture = scenes.invented(int(job.path), job.seed)
    else:
        try:
            picture = read(Path(job.path))
        except ValueError as error:
            losses.add("not a readable picture", str(error))
            return patches.none(), losses
    made = patches.from_photo(picture, job.scene, job.count, job.seed, job.kind == "invented", job.without)
    if not len(made):
        losses.add("nothing sharp enough to learn from", job.path)
    return made, losses


def gather(work: list[Job], cache: Path, workers: int, losses: Losses) -> Patches:
    """The patches of all jobs, from the cache where the same jobs were done before.

    Raises ValueError where not one patch came out.
    """
    told = json.dumps([RECIPE, [[*asdict(j).values(), _changed(j)] for j in work]])
    kept = cache / f"patches-{hashlib.sha256(told.encode()).hexdigest()[:12]}.npz"
    if kept.is_file():
        with np.load(kept) as file:
            for reason, what in json.loads(str(file["losses"])):
                losses.add(reason, what)
            return Patches(file["luma"], file["spread"], file["motion"], file["scene"])
    parts: list[Patches] = []
    lost: list[tuple[str, str]] = []
    for made, missing in tqdm(_all(done, work, workers), total=len(work), desc="patches", unit="scene"):
        parts.append(made)
        lost += [(reason, what) for reason, names in missing.reasons.items() for what in names]
    for reason, what in lost:
        losses.add(reason, what)
    result = patches.joined(parts) if parts else patches.none()
    if not len(result):
        raise ValueError("not one patch to learn from: the folders hold nothing that is sharp.\n" + losses.summary())
    cache.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(".part")
    with partial.open("wb") as file:
        np.savez(
            file,
            luma=result.luma,
            spread=result.spread,
            motion=result.motion,
            scene=result.scene,
            losses=json.dumps(lost),
        )
    partial.replace(kept)
    return result


def _changed(job: Job) -> float:
    """When the job's pictures last changed, s."""
    return 0.0 if job.kind == "invented" else Path(job.path).stat().st_mtime


def _all(function: Callable[[Job], tuple[Patches, Losses]], work: list[Job], workers: int) -> Iterator:
    """The results in the order of the work, whoever finishes first: the same patches for any number of workers."""
    if workers == 1:
        yield from map(function, work)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(function, work)
