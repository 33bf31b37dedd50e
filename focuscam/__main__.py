"""`python -m focuscam`: the same as the command."""

from focuscam.cli import main
from focuscam.system.threads import leave


def run() -> None:
    """Run the command, and end the process with its status."""
    leave(main())


if __name__ == "__main__":
    run()
