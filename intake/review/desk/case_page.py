"""What is recorded of the case as a whole: the way of sticks and files, and what the panel settled."""

from typing import TYPE_CHECKING, Final

from flask import Flask, redirect, render_template, request

from intake.errors import IntakeError, MalformedError
from intake.ledger.act import INCIDENTS, ROLES, Kind
from intake.review import custody, gates, outgoing
from intake.review.acting import record
from intake.review.desk.finding import sitting_of, typed
from intake.review.desk.sitting import Desk, Sitting
from intake.review.panel import Panel, panel_of
from intake.review.steps import RULES, Step

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

ACTS: Final = {
    "collect": ("stick", "size", "root", "count"),
    "handover": ("stick", "from", "to"),
    "session": ("hash",),
    "incident": ("subject",),
    "transfer": ("hash",),
    "wipe": ("subject", "stick"),
}
"""Which fields each act has; the ledger checks what stands in them."""

CHOICES: Final = {
    "from": ROLES,
    "to": ROLES,
    "incident": INCIDENTS,
    "wipe": ("copies", "stick", "machine"),
}
"""Fields that are chosen from a list, by their name or that of their act."""


class CasePage:
    """The pages `/custody` and `/panel`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add them to the application."""
        app.add_url_rule("/custody", endpoint="custody", view_func=self.custody)
        app.add_url_rule(
            "/custody/<act>", endpoint="custody_act", view_func=self.act, methods=["POST"]
        )
        app.add_url_rule("/panel", endpoint="panel", view_func=self.panel)
        app.add_url_rule("/panel", endpoint="settle", view_func=self.settle, methods=["POST"])

    def custody(self) -> str:
        """A form for each act."""
        return self._custody()

    def act(self, act: str) -> "AnyResponse | str | tuple[str, int]":
        """Put an act into the ledger, and of those that gates ask for into the case."""
        sitting = sitting_of(self._desk)
        if act not in ACTS:
            raise MalformedError("there is no such act")
        given = {name: typed(name).strip() for name in ACTS[act]}
        fields = {name: text for name, text in given.items() if text}
        try:
            _do(sitting, act, fields)
        except IntakeError as error:
            return self._custody(act, given, error), 409
        return redirect(f"/custody?done={act}", 303)

    @staticmethod
    def _custody(
        act: str = "", given: dict[str, str] | None = None, error: IntakeError | None = None
    ) -> str:
        done = request.args.get("done", "")
        return render_template(
            "custody.html",
            acts={
                name: [
                    (field, CHOICES.get(field, CHOICES.get(name, ()) if field == "subject" else ()))
                    for field in fields
                ]
                for name, fields in ACTS.items()
            },
            act=act,
            given=given or {},
            error=error,
            done=done if done in ACTS else "",
        )

    def panel(self) -> str:
        """Which of the 22 steps are used, and the settings themselves."""
        return self._panel(sitting_of(self._desk))

    def settle(self) -> "AnyResponse | str | tuple[str, int]":
        """Settle it anew, for both machines with the next stick."""
        sitting, text = sitting_of(self._desk), typed("text")
        try:
            gates.config(sitting.case, Panel.parse(text))
        except IntakeError as error:
            return self._panel(sitting, text, error), 409
        sitting.read_again()
        return redirect("/panel", 303)

    @staticmethod
    def _panel(sitting: Sitting, text: str | None = None, error: IntakeError | None = None) -> str:
        holds = panel_of(sitting.case)
        out_of_the_box = f"steps = {[step.value for step in Step if step in holds.steps]}\n"
        return render_template(
            "panel.html",
            rows=[(step, step in holds.steps, RULES[step]) for step in Step],
            text=(holds.text or out_of_the_box) if text is None else text,
            error=error,
        )


def _do(sitting: Sitting, act: str, fields: dict[str, str]) -> None:
    if act == "transfer":
        digest = fields.get("hash", "").removeprefix("sha256:")
        try:
            key = bytes.fromhex(digest)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise MalformedError(
                "hash is `sha256:` and 64 hex digits", "as the outgoing page shows it"
            )
        outgoing.transferred(sitting.case, key)
    elif act in {Step.COLLECT, Step.HANDOVER, Step.SESSION}:
        custody.keep(sitting.case, Step(act), **fields)
    else:
        record(sitting.case, (Kind(act), fields))
