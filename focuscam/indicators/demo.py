"""Everything that the light and the sound can say, one after the other, with a sentence for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from focuscam.messages import Light


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that is said."""

    says: str
    light: Light
    seconds: float
    near: Callable[[float], float | None] = lambda part: None  # noqa: ARG005
    """Nearness, 0 to 1, at a part, 0 to 1, of the scene."""


SCENES = (
    Scene("Ready: three blinks. The camera is there.", Light.READY, 2.0),
    Scene("Soft: dark, or as far from focus as the mode can say.", Light.OFF, 2.0, lambda part: 0.0),  # noqa: ARG005
    Scene("Nearer and nearer to focus: only some modes say so.", Light.OFF, 6.0, lambda part: part),
    Scene("In focus: steady on. Nothing else is steady.", Light.ON, 3.0, lambda part: 1.0),  # noqa: ARG005
    Scene("Past it, further and further.", Light.OFF, 3.0, lambda part: 1 - part),
    Scene("Can't tell (dark, blown out, or nothing to see): a slow double blip.", Light.CANNOT_TELL, 4.0),
    Scene(
        "Released: a single short blip every four seconds. Another program may have the camera.", Light.RELEASED, 5.0
    ),
    Scene("Fault, such as no camera: fast blinking, before the program ends.", Light.FAULT, 3.0),
    Scene("Over.", Light.OFF, 0.5),
)

LENGTH_S = sum(scene.seconds for scene in SCENES)


def at(since: float) -> tuple[Scene, float] | None:
    """The scene `since` seconds after the beginning, and how long it has been going on (s); None after the end."""
    for scene in SCENES:
        if since < scene.seconds:
            return scene, since
        since -= scene.seconds
    return None


def tell(write: Callable[[str], object], wait: Callable[[float], object]) -> None:
    """Write what each scene says as it begins, and wait for its end."""
    for scene in SCENES:
        write(scene.says)
        wait(scene.seconds)
