#!/usr/bin/env -S tools/python
"""Damaged input of everything that focuscam reads: does each end in a sentence and the right exit status?

    tools/fuzz.py [--seed 0] [--minutes 2 | --count N] [--kind settings] [--case 123]

Settings, model cards, recordings, sweeps, pictures, requests to the daemon and what a daemon answers. Each case runs in
a process of its own, and must end by itself: with a status that is right for its kind, within 30 s of a processor and
1 GiB, and without a line on stderr that is no sentence of ours. One with `--case` and the same seed is run again, and
told in full. Ends with 1 where a case did not.
"""

from __future__ import annotations

import argparse
import sys

from lab.fuzzing import surroundings


class Options(argparse.Namespace):
    """What was given."""

    seed: int
    minutes: float
    count: int | None
    kind: str | None
    case: int | None


def arguments(kinds: list[str]) -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser(prog="tools/fuzz.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--count", type=int, help="so many cases, however long they take")
    parser.add_argument("--kind", choices=kinds, help="this kind alone")
    parser.add_argument("--case", type=int, help="this case alone, told in full")
    return parser


def main(given: list[str] | None = None) -> int:
    """Run, print, and return the exit status."""
    surroundings.prepare()
    from lab.fuzzing import campaign

    options = arguments(sorted(campaign.KINDS)).parse_args(given, Options())
    tally = campaign.run(options.seed, options.minutes, options.count, options.kind, options.case)
    if tally is None:
        print("What the cases are made of could not be made.")
        return 1
    print(tally.told())
    print(f"seed {options.seed}: {len(tally.failed)} of {sum(tally.runs.values())} cases did not end as they should")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
