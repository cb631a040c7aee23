"""The stick: what others put on it is taken, what is here is put on it, and each line is shown as it comes."""

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, redirect, render_template

from intake.errors import IntakeError, MalformedError, StoreError
from intake.review.desk.finding import sitting_of, typed
from intake.review.desk.merging import Merging
from intake.review.desk.sitting import Desk, Sitting
from intake.review.syncing import sync
from intake.visible import line

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


class SyncPage:
    """The page `/sync`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application."""
        app.add_url_rule("/sync", endpoint="sync", view_func=self.sync)
        app.add_url_rule("/sync", endpoint="begin_sync", view_func=self.begin, methods=["POST"])
        app.add_url_rule("/sync/on", endpoint="sync_on", view_func=self.go_on, methods=["POST"])

    def sync(self) -> str:
        """Where the stick is, or how far the merge is."""
        return self._page(sitting_of(self._desk))

    def begin(self) -> "AnyResponse | tuple[str, int]":
        """Begin a merge; nothing else is done in the case until it has ended."""
        sitting, path = sitting_of(self._desk), typed("path")
        if sitting.merging is None or not sitting.merging.is_running:
            try:
                stick = checked_stick(path, sitting.case.folder)
            except IntakeError as error:
                return self._page(sitting, path, error), 409
            sitting.merging = Merging(sync(sitting.case, stick))
        return self.go_on()

    def go_on(self) -> "AnyResponse":
        """Do a little more of it; at its end the list is read again, for what is new or gone."""
        sitting = sitting_of(self._desk)
        merging = sitting.merging
        if merging is not None and merging.is_running:
            merging.go_on()
            if not merging.is_running:
                sitting.read_again()
        return redirect("/sync", 303)

    @staticmethod
    def _page(sitting: Sitting, path: str = "", error: IntakeError | None = None) -> str:
        merging = sitting.merging
        lines = [] if merging is None else merging.others
        return render_template(
            "sync.html",
            path=path,
            error=error,
            merging=merging,
            trouble=None
            if merging is None or merging.trouble is None
            else [line(words) for words in merging.trouble],
            alarms=[] if merging is None else [line(one.what) for one in merging.alarms],
            lines=[line(one.what) for one in lines],
        )


def checked_stick(path: str, case: Path) -> Path:
    """The folder on a stick; raises where there is none, or where the case itself is."""
    if not path.strip():
        raise MalformedError("no folder is named", "say where the stick is mounted")
    stick = Path(path.strip())
    if not stick.is_absolute() or not stick.is_dir():
        raise StoreError("there is no such folder", "put the stick in, and give its whole path")
    if stick.resolve() in (case.resolve(), *case.resolve().parents):
        raise StoreError("the stick is the case folder, or holds it", "name a folder on the stick")
    return stick
