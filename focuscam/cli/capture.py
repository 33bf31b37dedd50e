"""`focuscam capture`: one still now."""

from __future__ import annotations

from focuscam.commands import TakeStill
from focuscam.saying import say
from focuscam.session import Session


def run(session: Session) -> None:
    """Take one, and print where it is; of files, the first. Raises FocuscamError, with the reason."""
    session.settle()
    say(session.order(TakeStill()))
