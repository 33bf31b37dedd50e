"""focuscam: a light that says when a Raspberry Pi camera is in focus."""

__version__ = "0.1.0"
