"""What every page of an item asks first: that the desk is open, and that there is such an item."""

import time
from typing import Final

from flask import request

from intake.errors import MalformedError
from intake.review.desk.sitting import Desk, Sitting
from intake.review.desk.table import Row

_PATIENCE: Final = 3.0  # seconds for which a page waits for a list that is being read


def sitting_of(desk: Desk) -> Sitting:
    """The sitting; raises `MalformedError` where the desk is locked."""
    if desk.sitting is None:
        raise MalformedError("the desk is locked")
    return desk.sitting


def found(desk: Desk, item: str) -> tuple[Sitting, Row]:
    """The sitting and the row of an item; raises `MalformedError` where there is none."""
    sitting = sitting_of(desk)
    until = time.monotonic() + _PATIENCE
    while (row := sitting.corpus.row(item)) is None and time.monotonic() < until:
        if sitting.corpus.progress.listed or sitting.corpus.trouble is not None:
            break
        time.sleep(0.02)  # the list is just being read, after a stick was taken
    if row is None:
        raise MalformedError("no such item", "it may not have been read yet", key="no_item")
    return sitting, row


def typed(name: str) -> str:
    """What a form has in a field, with the line ends that a text has here."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
