"""`focuscam capture`: one still now."""

from __future__ import annotations

from focuscam.commands import TakeStill
from focuscam.session import Session
from focuscam.system.saying import say


def run(session: Session) -> None:
    """Take one, and print where it is; of files, the first. Raises FocuscamError, with the reason."""
    session.settle()
    say(session.order(TakeStill()))
