"""`focuscam score`: photos, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from focuscam.cameras.recorded import images_in, is_folder, read_photo
from focuscam.errors import FocuscamError
from focuscam.focus.scorer import Scorer
from focuscam.ipc.report import write_line
from focuscam.messages import Frame
from focuscam.system.saying import say

_MANY = 4
"""From so many photos on a progress bar is worth its line."""


def score_photos(paths: Sequence[Path], scorer: Scorer, threshold: float) -> Iterator[dict[str, object]]:
    """The fields of each photo in turn, or its `file` and `error`. A folder stands for its images.

    threshold: the score, 0 to 1, from which on a photo counts as in focus.
    """
    files: list[tuple[Path, str | None]] = []
    for path in paths:
        try:
            files += [(file, None) for file in (images_in(path) if is_folder(path) else [path])]
        except FocuscamError as error:
            files.append((path, str(error)))
    # None: a bar on a terminal only.
    for file, trouble in tqdm(files, unit="photo", leave=False, disable=None if len(files) >= _MANY else True):
        yield {"file": str(file), "error": trouble} if trouble else _score(file, scorer, threshold)


def _score(file: Path, scorer: Scorer, threshold: float) -> dict[str, object]:
    try:
        photo = read_photo(file)
    except FocuscamError as error:
        return {"file": str(file), "error": str(error)}
    reading = scorer.score(Frame(0, 0.0, photo.fine, photo.coarse, taken=0.0, name=file.name))
    return {
        "file": str(file),
        "score": None if reading.score is None else round(reading.score, 4),
        "certainty": round(reading.certainty, 4),
        "in_focus": reading.score is not None and reading.score >= threshold,
        "blur": reading.blur,
        "blur_px": None if reading.blur_px is None else round(reading.blur_px, 2),
        "blur_error": round(reading.blur_error, 3),
        "width": photo.width,
        "height": photo.height,
        "reason": reading.reason,
    }


def show_json(results: Iterable[dict[str, object]]) -> bool:
    """One JSON object a photo on stdout; returns whether all could be scored."""
    fine = True
    for result in results:
        write_line(result)
        fine = fine and "error" not in result
    return fine


def show_table(results: Iterable[dict[str, object]]) -> bool:
    """One line a photo on stdout; returns whether all could be scored."""
    fine = True
    say(f"{'score':>5}  {'':8}  {'blur':7}  {'size':>11}  file")
    for result in results:
        if "error" in result:
            fine = False
            line = f"{'':5}  {'failed':8}  {'':7}  {'':>11}  {result['file']}: {result['error']}"
        else:
            score = "--" if result["score"] is None else f"{result['score']:.2f}"
            word = "in focus" if result["in_focus"] else "can't tell" if result["score"] is None else "soft"
            size = f"{result['width']}x{result['height']}"
            line = f"{score:>5}  {word:8}  {result['blur']:7}  {size:>11}  {result['file']}"
        say(line)
    return fine
