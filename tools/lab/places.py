"""Where things are: the repository, and the data beside it that are not ours to ship."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TOOLS = REPOSITORY / "tools"
SHARED = REPOSITORY.parent / "shared"
DATA = SHARED / "data"
"""Real photos, focus sweeps and series."""
MODELS = REPOSITORY / "models"
SCRATCH = MODELS / "scratch"
"""What training and studies leave on the way."""
SEED_MODEL = SCRATCH / "seed.tflite"
"""The published network as int8, where somebody has trained and converted it."""
