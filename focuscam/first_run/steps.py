"""The checklist: what to do, and what to answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try on the Pi."""

    name: str
    do: str
    """What to do before Enter is pressed."""
    question: str
    """What only eyes can tell; yes is as it should be."""
    watch_s: float = 0.0
    """For so long what focuscam sees is written down, from Enter on, s; 0: something else is done then."""


STEPS = (
    Step(
        "cable",
        "The camera is plugged in, with a manual lens on it; an LED with a resistor of 330 ohm is between GPIO 17 "
        "(pin 11) and ground (pin 9).",
        "Is the camera named above the one that you have, and does the picture move with about 30 frames a second?",
        5.0,
    ),
    Step(
        "light",
        "Point the camera at a printed page one metre away. After Enter turn the ring through the best focus and back, "
        "a few times, for twenty seconds, and watch the LED.",
        "Was the LED on at the sharpest place, and off on both sides of it?",
        20.0,
    ),
    Step("cap", "Cover the lens with its cap or a hand.", "Does the LED blip twice, slowly, again and again?", 6.0),
    Step(
        "wall",
        "Take the cap off, and point the camera at a white wall or a sheet of paper that fills the picture.",
        "Does the LED blip twice, slowly, again and again?",
        6.0,
    ),
    Step(
        "ring",
        "Point it at the printed page again, in focus, and let everything rest. After Enter leave it alone for ten "
        "seconds; then turn the ring away, quickly.",
        "Did the LED stay on while the ring rested, and go off at once as it was turned?",
        20.0,
    ),
    Step(
        "release",
        "Other programs get the camera for a moment, and a photo is taken with rpicam-still.",
        "Did the LED blip once in four seconds or so meanwhile, and does it follow the ring again now?",
    ),
    Step(
        "kill",
        "Turn the ring until the LED is on. After Enter the service is killed, as where memory runs out.",
        "Did the LED go off at once, and come back by itself within half a minute?",
    ),
    Step(
        "sweep",
        "On a tripod, or on a table: one turn of the ring from end to end is recorded, with the pictures.",
        "Did you turn it once, slowly and evenly, with nothing moving in the picture?",
    ),
)
