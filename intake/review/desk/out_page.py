"""What leaves: built, looked at from its beginning to its end, signed off by two, then handed over to a new file.

Nobody signs here what was not on their screen: the bytes are built again before each act, and another
hash is another file.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, redirect, render_template, request

from intake.errors import GateError, IntakeError, MalformedError, StoreError
from intake.review import proof_output
from intake.review.consent import Purpose
from intake.review.desk.finding import sitting_of, typed
from intake.review.desk.naming import name_of
from intake.review.desk.on_screen import Screen, number_in
from intake.review.desk.out_form import FORMS, asked_for, missing
from intake.review.desk.sitting import Desk, Sitting
from intake.review.last_look import Looked, looked_at
from intake.review.outgoing import (
    APART,
    LEFT,
    Output,
    build,
    check_same,
    hand_over,
    sign_off,
    transferred,
    waiting,
)
from intake.review.registering import register_of
from intake.review.revealed import revealed
from intake.review.signing_off import check_signed, signed_by

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


@dataclass(frozen=True)
class Waiting:
    """One output on the list: its hash, what it is, who signed, and whether it left."""

    digest: str
    output: Output
    signed: list[str]
    left: bool


class OutPage:
    """The pages `/out` and `/out/HASH`."""

    def __init__(self, desk: Desk, lang: Callable[[], str]) -> None:
        self._desk = desk
        self._lang = lang

    def add_to(self, app: Flask) -> None:
        """Add them to the application."""
        app.add_url_rule("/out", endpoint="out", view_func=self.out)
        app.add_url_rule("/out", endpoint="build", view_func=self.build, methods=["POST"])
        app.add_url_rule("/out/<digest>", endpoint="output", view_func=self.output)
        rule = "/out/<digest>/picture/<number>"
        app.add_url_rule(rule, endpoint="out_picture", view_func=self.picture)
        for view in (self.sign, self.leave, self.receipt):
            rule = f"/out/<digest>/{view.__name__}"
            app.add_url_rule(
                rule, endpoint=f"out_{view.__name__}", view_func=view, methods=["POST"]
            )

    # The list, and a new output

    def out(self) -> str:
        """What waits for a second name, and a form for what is to be built."""
        items = request.args.get("item", "")
        return self._list(sitting_of(self._desk), {"items": items})

    def build(self) -> "AnyResponse | tuple[str, int]":
        """Build an output, to be looked at; what stops it is said above the form, as it was filled in."""
        sitting = sitting_of(self._desk)
        given = {name: typed(name) for name in ("form", "purpose", "items", "plan", "verbatim")}
        try:
            built = build(sitting.case, asked_for(sitting, given))
        except IntakeError as error:
            return self._list(sitting, given, error), 409
        sitting.built[built.digest] = built.output
        return redirect(f"/out/{built.digest.hex()}", 303)

    @staticmethod
    def _list(sitting: Sitting, given: dict[str, str], error: IntakeError | None = None) -> str:
        rows = [
            Waiting(digest.hex(), output, names, _has_left(sitting, digest))
            for digest, output, names in waiting(sitting.case)
        ]
        return render_template(
            "out.html",
            rows=rows,
            given=given,
            forms=FORMS,
            purposes=[purpose.value for purpose in Purpose],
            error=error,
            missing=missing(sitting, given["items"]) if error else [],
        )

    # One output

    def output(self, digest: str) -> "str | tuple[str, int]":
        """One view of the very bytes, as data; what stops it now is said in its place."""
        sitting = sitting_of(self._desk)
        return self._page(sitting, digest, number=number_in(request.args.get("view", "1")))

    def picture(self, digest: str, number: str) -> Response:
        """A page of what is shown, drawn here as PNG; only while its output is on the screen."""
        sitting = sitting_of(self._desk)
        screen = sitting.looks.shown(_hash(digest))
        if screen is None:
            raise MalformedError("there is no such picture", "look at the file first")
        return Response(screen.view(number_in(number)).picture(), content_type="image/png")

    def sign(self, digest: str) -> "AnyResponse | str | tuple[str, int]":
        """Sign the hash of what was on the page; of anything else, nothing."""
        sitting = sitting_of(self._desk)
        try:
            output = self._known(sitting, digest)
            sitting.looks.check_whole(_hash(digest))
            sign_off(sitting.case, output, _hash(digest))
        except IntakeError as error:
            return self._page(sitting, digest, error=error, status=409)
        return redirect(f"/out/{digest}", 303)

    def leave(self, digest: str) -> "AnyResponse | str | tuple[str, int]":
        """Hand it over to a new file outside the case."""
        sitting = sitting_of(self._desk)
        path = typed("path")
        try:
            if not path.strip():
                raise MalformedError(
                    "the new file has no name", "say where it is to be", key="no_path"
                )
            output = self._known(sitting, digest)
            hand_over(sitting.case, output, self._desk.out / path, _hash(digest))
        except OSError as problem:
            why = os.strerror(problem.errno or 0)
            unwritten = StoreError("the file could not be written", why, key="unwritten", why=why)
            return self._page(sitting, digest, error=unwritten, path=path, status=409)
        except IntakeError as error:
            return self._page(sitting, digest, error=error, path=path, status=409)
        for item in output.items:
            sitting.corpus.renew(sitting.case, item)
        return redirect(f"/out/{digest}", 303)

    def receipt(self, digest: str) -> "AnyResponse | str | tuple[str, int]":
        """The recipient's receipt came back."""
        sitting = sitting_of(self._desk)
        try:
            transferred(sitting.case, _hash(digest))
        except IntakeError as error:
            return self._page(sitting, digest, error=error, status=409)
        return redirect(f"/out/{digest}?received=1", 303)

    def _page(  # noqa: PLR0913 - one parameter a part of the page
        self,
        sitting: Sitting,
        digest: str,
        *,
        number: int = 1,
        error: IntakeError | None = None,
        path: str = "",
        status: int = 200,
    ) -> "str | tuple[str, int]":
        output, key = self._known(sitting, digest), _hash(digest)
        stopped: IntakeError | None = None
        screen = view = None
        left: list[Looked] = []
        try:
            screen = _screen(sitting, output, key, again=number == 1)
            view = sitting.looks.see(number)
            left = looked_at(sitting.case, screen.publications)
        except IntakeError as problem:
            stopped = problem
            status = max(status, 409)
        content = b"" if screen is None else screen.content
        page = render_template(
            "output.html",
            digest=digest,
            output=output,
            view=view,
            number_of=number,
            whole=0 if screen is None else len(screen.views),
            unseen=sitting.looks.next(key),
            files=[] if screen is None else _files(screen),
            left_over=left,
            reveals=self._reveals(output, content),
            earlier=revealed(sitting.case, output, key),
            name_of=partial(name_of, register_of(sitting.case)),
            apart=output.form in APART,
            size=len(content),
            signed=signed_by(sitting.case, key),
            ready=_is_signed(sitting, key),
            left=_has_left(sitting, key),
            received=request.args.get("received") == "1",
            error=error,
            stopped=stopped,
            missing=missing(sitting, " ".join(output.items)) if stopped else [],
            path=path or str(self._desk.out / f"{output.form}-{digest[:8]}"),
        )
        return (page, status) if status != 200 else page

    def _reveals(self, output: Output, content: bytes) -> list[str]:
        """What a publication with proof gives away beside its words; nothing of any other file."""
        if output.form != proof_output.FORM or not content:
            return []
        return proof_output.reveals(content, self._lang())

    @staticmethod
    def _known(sitting: Sitting, digest: str) -> Output:
        """The output with this hash, of those that wait or were built in this sitting."""
        key = _hash(digest)
        if key in sitting.built:
            return sitting.built[key]
        for known, output, _ in waiting(sitting.case):
            if known == key:
                return output
        raise MalformedError("no such file waits here", "build it first", key="no_file")


def _screen(sitting: Sitting, output: Output, digest: bytes, *, again: bool) -> Screen:
    """The output on the screen: built `again`, or where another one is there."""
    screen = sitting.looks.shown(digest)
    if screen is None or again:
        sitting.looks.forget()
        built = build(sitting.case, output)
        check_same(built, digest)
        screen = sitting.looks.show(built)
    return screen


def _files(screen: Screen) -> list[tuple[str, int]]:
    """Every file in an archive with the number of its first view; nothing for any other file."""
    first = [(view.file, at) for at, view in enumerate(screen.views, 1) if view.number == 1]
    return first if len(first) > 1 else []


def _hash(digest: str) -> bytes:
    try:
        key = bytes.fromhex(digest)
    except ValueError:
        key = b""
    if len(key) != 32 or key.hex() != digest:
        raise MalformedError("this is no hash of a file")
    return key


def _is_signed(sitting: Sitting, digest: bytes) -> bool:
    try:
        check_signed(sitting.case, digest)
    except GateError:
        return False
    return True


def _has_left(sitting: Sitting, digest: bytes) -> bool:
    return bool(sitting.case.files.of_output(digest).marks(LEFT))
