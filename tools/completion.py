#!/usr/bin/env -S tools/python
"""Write deploy/completion anew: what bash and zsh complete after `focuscam`. To be run when a command has changed."""

from __future__ import annotations

import argparse
import sys

from lab.docs.completion import FILES, completion
from lab.places import REPOSITORY


def main(given: list[str] | None = None) -> int:
    """Write the files, and return the exit status."""
    argparse.ArgumentParser(prog="tools/completion.py", description=__doc__).parse_args(given)
    for shell, name in FILES.items():
        file = REPOSITORY / "deploy" / "completion" / name
        file.write_text(completion(shell))
        print(file.relative_to(REPOSITORY))
    return 0


if __name__ == "__main__":
    sys.exit(main())
