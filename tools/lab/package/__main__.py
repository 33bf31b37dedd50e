"""`tools/package`: focuscam as one file to install, for each release of Raspberry Pi OS."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lab.package.build import NoPackage, build
from lab.package.releases import MACHINES, RELEASES
from lab.places import REPOSITORY


class Options(argparse.Namespace):
    """What was given."""

    release: list[str]
    architecture: str
    to: Path


def main() -> int:
    """Make them, say where they are, and return the exit status."""
    parser = argparse.ArgumentParser(prog="tools/package", description=__doc__)
    parser.add_argument("--release", action="append", choices=RELEASES, help="one of them alone (all)")
    parser.add_argument("--architecture", choices=MACHINES, default="arm64", help="what for (arm64)")
    parser.add_argument("--to", type=Path, default=REPOSITORY / "dist", metavar="FOLDER", help="where to (dist/)")
    options = parser.parse_args(namespace=Options())
    for name in options.release or RELEASES:
        print(f"focuscam for {name}, {options.architecture}: wheels, and packing them; a minute ...", file=sys.stderr)
        try:
            print(build(REPOSITORY, RELEASES[name], options.architecture, options.to))
        except NoPackage as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
