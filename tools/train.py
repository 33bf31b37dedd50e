"""Train the network: `tools/train.py live --photos FOLDER...` ends with models/focus.tflite and focus.json in place."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from training import gathering  # noqa: E402
from training.photos import Losses  # noqa: E402

MODELS = HERE.parent / "models"

RADII = (2.0, 1.4, 4.0)
"""Blur, px, at which the outputs turn. The first is the light's: see models/README.md for why there."""
OUTPUTS = ("focus", "motion")
STEEPNESS = 4.0


def arguments() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/train.py", description="Train the network that the light rests on.")
    commands = parser.add_subparsers(dest="command", required=True)
    live = commands.add_parser("live", help="our network, on patches of photos taken again by a simulated camera")
    live.add_argument("--photos", type=Path, nargs="+", default=[], metavar="FOLDER", help="photos that are sharp at least in part")
    live.add_argument("--sweeps", type=Path, nargs="+", default=[], metavar="FOLDER", help="holds one folder with a sweep.csv for each focus sweep")
    live.add_argument("--stacks", type=Path, nargs="+", default=[], metavar="FOLDER", help="holds one folder for each focus stack")
    live.add_argument("--invented", type=int, default=60, metavar="N", help="pictures drawn by the program (%(default)s)")
    live.add_argument("--patches", type=int, default=900, metavar="N", help="patches from each photo (%(default)s)")
    live.add_argument("--epochs", type=int, default=24, help="times over all patches (%(default)s)")
    live.add_argument("--seed", type=int, default=1, help="decides patches and training (%(default)s)")
    live.add_argument("--resume", action="store_true", help="go on from the last checkpoint in the work folder")
    live.add_argument("--work", type=Path, default=MODELS / "work", metavar="FOLDER", help="for patches and checkpoints (models/work)")
    live.add_argument("--out", type=Path, default=MODELS, metavar="FOLDER", help="where focus.tflite and focus.json go (models)")
    live.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes that make patches")
    return parser


def live(options: argparse.Namespace) -> None:
    """Patches, training, int8, in place. Raises ValueError with a sentence for the user."""
    losses = Losses()
    work = gathering.jobs(
        options.photos, options.sweeps, options.stacks, options.invented, options.patches, options.seed, losses
    )
    if not work:
        raise ValueError("there is nothing to train on: give --photos, --sweeps, --stacks or --invented.")
    patches = gathering.gather(work, options.work, options.workers, losses)
    losses.tell()
    import keras  # after the patches are made: TensorFlow's threads and new processes do not mix

    from training import fitting, networks, shipping

    keras.utils.set_random_seed(options.seed)
    plan = fitting.Plan(RADII, STEEPNESS, options.epochs, options.seed)
    model = networks.live(len(RADII) + 1)
    model = fitting.fit(model, patches, plan, options.work, options.resume)
    train, held_out = fitting.split(patches)
    figures = {name: round(value, 4) for name, value in fitting.assess(model, held_out, plan).items()}
    kinds = [job.kind for job in work]
    card = shipping.ship(
        model,
        [0, len(RADII)],
        list(OUTPUTS),
        train,
        held_out,
        options.out,
        {
            "threshold": 0.5,
            "threshold_chosen": f"the output is trained to be one half at a blur of {RADII[0]} px",
            "blur_at_half_px": RADII[0],
            "training": {
                "command": shlex.join(["tools/train.py", *sys.argv[1:]]),
                "seed": options.seed,
                "epochs": options.epochs,
                "sources": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
                "patches": len(train),
                "patches_held_out": len(held_out),
                "passed_over": len(losses),
            },
            "held_out": figures,
        },
    )
    print(f"{options.out / 'focus.tflite'}: {card['bytes']} bytes, held out {figures}, same decision {card['same_decision']}")


def main() -> int:
    """Run; 1 with one sentence where it cannot, 130 after Ctrl-C."""
    options = arguments().parse_args()
    try:
        live(options)
    except (ValueError, OSError) as error:
        print(f"tools/train.py: {error}", file=sys.stderr)
        return 1
    except ImportError as error:
        print(f"tools/train.py: {error}: install what training needs with pip install '.[train]'", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("tools/train.py: stopped; --resume goes on after the last finished epoch", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
