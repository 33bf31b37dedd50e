"""What the file of a still is called: for those who save them and those who show them."""

from __future__ import annotations

import re

NAME = re.compile(r"focuscam-(\d{8}T\d{6}Z)-(\d{4})\.(?:jpg|dng)")
"""When it was taken (UTC), and which one of that second it is. Names sort as they were taken."""
