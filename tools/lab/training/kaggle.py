"""Photos in the layout of the reference data set: sharp, defocused_blurred, motion_blurred; SCENE_DEVICE_{S,F,M}."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from lab.training import optics
from lab.training.photos import Losses, find, read

FOLDERS = {"sharp": "S", "defocused_blurred": "F", "motion_blurred": "M"}
_NAME = re.compile(r"(?P<scene>[^_]+)_(?P<device>.+)_(?P<kind>[SFM])", re.IGNORECASE)


@dataclass(frozen=True)
class Photo:
    """One photo of the set."""

    path: Path
    scene: str
    device: str
    kind: str
    """S sharp, F out of focus, M shaken"""


def photos(folder: Path, losses: Losses) -> list[Photo]:
    """The photos of a set. What contradicts itself is passed over and told.

    Passed over: a name that is not SCENE_DEVICE_{S,F,M}; one whose letter is not its folder's; a
    picture that is there, byte for byte, under two kinds; a scene without all three kinds.
    Raises ValueError where a folder is missing or nothing remains.
    """
    missing = [name for name in FOLDERS if not (folder / name).is_dir()]
    if missing:
        raise ValueError(
            f"{folder} has no folder {' or '.join(missing)}: the set must hold the folders {', '.join(FOLDERS)}, "
            "with files named SCENE_DEVICE_S, _F and _M."
        )
    found: list[Photo] = []
    seen: dict[str, Photo] = {}
    contradicted: set[str] = set()
    for name, letter in FOLDERS.items():
        for path in find([folder / name]):
            match = _NAME.fullmatch(path.stem)
            if not match:
                losses.add("name is not SCENE_DEVICE_S, _F or _M", path)
                continue
            if match["kind"].upper() != letter:
                losses.add("its name and its folder contradict each other", path)
                continue
            photo = Photo(path, match["scene"], match["device"], letter)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if digest in seen and seen[digest].kind != letter:
                contradicted.add(digest)
                losses.add("the same picture under two kinds", f"{seen[digest].path} and {path}")
                continue
            seen[digest] = photo
            found.append(photo)
    found = [photo for photo in found if photo not in {seen[digest] for digest in contradicted}]
    kinds: dict[str, set[str]] = {}
    for photo in found:
        kinds.setdefault(photo.scene, set()).add(photo.kind)
    for scene, there in kinds.items():
        if len(there) < len(FOLDERS):
            losses.add("scene without all three kinds", f"{scene} (has {', '.join(sorted(there))})")
    found = [photo for photo in found if len(kinds[photo.scene]) == len(FOLDERS)]
    if not found:
        raise ValueError(f"{folder} holds no scene with a sharp, a defocused and a shaken photo.\n{losses.summary()}")
    return found


def simulate(sharp: list[Path], folder: Path, seed: int, losses: Losses, longest: int = 400) -> None:
    """Make such a set from sharp photos: of each the same view sharp, out of focus and shaken, `longest` px long.

    The blur is made at three times that size, in linear light, as a lens makes it before a photo is shrunk.
    """
    made = 0
    for number, path in enumerate(sharp, 1):
        rng = np.random.default_rng([seed, number])
        try:
            view = read(path, 3 * longest)
        except ValueError as error:
            losses.add("not a readable picture", str(error))
            continue
        made += 1
        light = optics.linear(view, 2.2)
        spreads = {
            "S": np.ones((1, 1), np.float32),
            "F": optics.aperture(rng.uniform(5, 16), rng),
            "M": optics.shake(rng.uniform(18, 80), rng),
        }
        for name, letter in FOLDERS.items():
            seen = optics.encoded(optics.through(spreads[letter], light), 2.2)
            scale = min(1.0, longest / max(seen.shape))
            small = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            seen = optics.noisy(np.asarray(small, np.float32), rng.uniform(0, 4), 0.5, 0.0, rng)
            target = folder / name / f"{number}_SIMULATED_{letter}.jpg"
            target.parent.mkdir(parents=True, exist_ok=True)
            picture = np.clip(np.rint(seen), 0, 255).astype(np.uint8)
            cv2.imwrite(str(target), picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    if not made:
        raise ValueError(f"no photo to simulate from.\n{losses.summary()}")


def split(found: list[Photo], by: str, seed: int, share: float = 0.2) -> tuple[list[Photo], list[Photo]]:
    """Photos to train with and to validate with, about 80 to 20.

    by: "scene" keeps the three photos of a scene together; "file" does as was published, so that the
    network is asked about scenes that it knows.
    """
    rng = np.random.default_rng(seed)
    keys = [photo.scene if by == "scene" else str(photo.path) for photo in found]
    groups = sorted(set(keys))
    count = max(1, round(len(groups) * share))
    held_out = {groups[i] for i in rng.permutation(len(groups))[:count]}
    train = [photo for photo, key in zip(found, keys, strict=True) if key not in held_out]
    validation = [photo for photo, key in zip(found, keys, strict=True) if key in held_out]
    if not train:
        raise ValueError("two scenes are needed, one to train with and one to validate with: give more photos.")
    return train, validation
