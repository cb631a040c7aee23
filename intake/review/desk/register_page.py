"""The pages `/people` and `/places`: who and what the case calls by a pseudonym, and in which accounts.

Names are shown here and on the case sheet alone; of accounts there are only ids and how many they are.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from flask import Flask, redirect, render_template, request

from intake.errors import MalformedError
from intake.review.coding.register import Of, Person, Place, Register, Registered, Scope
from intake.review.coding.vocabulary import TERMS, Vocabulary
from intake.review.desk import coding_form as forms
from intake.review.desk.naming import check_new, name_of
from intake.review.desk.sitting import Desk, Sitting
from intake.review.linking import MOST, hints
from intake.review.occurrences import occurrences
from intake.review.registering import (
    apart_of,
    bring_back,
    enter,
    join,
    keep_apart,
    part,
    register_of,
    unspell,
    withdraw,
)
from intake.visible import line

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

PEOPLE, PLACES = "people", "places"
_FIELDS: Final = ("name", "spelling", "of", "official", "type", "scope", "district", "remark")


@dataclass(frozen=True)
class Line:
    """One entry as it is listed, safe to look at; `former` are pseudonyms that it stands for too."""

    entry: Registered
    names: tuple[str, ...]
    remark: str
    items: list[str]
    former: tuple[str, ...]


class RegisterPage:
    """The pages of the register."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add them to the application."""
        for kind in (PEOPLE, PLACES):
            app.add_url_rule(
                f"/{kind}", endpoint=kind, view_func=self.page, defaults={"kind": kind}
            )
            for name, view in (
                ("enter", self.enter),
                ("join", self.join),
                ("apart", self.apart),
                ("part", self.undo),
                ("withdraw", self.undo),
                ("back", self.undo),
                ("unspell", self.undo),
            ):
                app.add_url_rule(
                    f"/{kind}/{name}",
                    endpoint=f"{kind}-{name}",
                    view_func=view,
                    methods=["POST"],
                    defaults={"kind": kind},
                )

    def page(self, kind: str) -> str:
        """Everybody, or every place, that stands for themselves."""
        case = self._sitting().case
        register = register_of(case)
        found = occurrences(case, register)
        apart = apart_of(case)
        alike = hints(register, apart, people=kind == PEOPLE)
        entries: list[Registered] = [*(register.people if kind == PEOPLE else register.places)]
        return render_template(
            "register.html",
            kind=kind,
            lines=[_line(register, entry, found.get(entry.name, [])) for entry in entries],
            hints=alike[:MOST],
            hints_count=len(alike),
            apart=[pair for pair in sorted(apart) if _are_of(register, pair, kind)],
            withdrawn=[
                _line(register, register.entries[name], found.get(name, []))
                for name in sorted(register.withdrawn)
                if isinstance(register.entries[name], Person) == (kind == PEOPLE)
            ],
            name_of=partial(name_of, register),
            kinds=list(Of),
            scopes=list(Scope),
            types=list(TERMS[Vocabulary.PLACE_TYPE]),
        )

    def enter(self, kind: str) -> "AnyResponse":
        """Enter somebody new; or one more spelling, or a remark, of the one with `name`."""
        case = self._sitting().case
        form = forms.form_in(dict(request.form.lists()), _FIELDS)
        name, spelling = forms.one(form, "name"), " ".join(forms.one(form, "spelling").split())
        if name:
            entry = register_of(case).entries.get(name)
            if entry is None or isinstance(entry, Person) != (kind == PEOPLE):
                raise MalformedError("there is nobody of this pseudonym in the register")
            names = tuple(sorted({*entry.names, *([spelling] if spelling else [])}))
            remark = forms.one(form, "remark") or entry.remark
            enter(case, replace(entry, names=names, remark=remark))
            return redirect(f"/{kind}#{name}", 303)
        check_new(case, {"person_new" if kind == PEOPLE else "place_new": [spelling]})
        if not spelling:
            raise MalformedError(
                "a name is missing", "write it as an account does", key="name_missing"
            )
        entered = _person(form, spelling) if kind == PEOPLE else _place(form, spelling)
        enter(case, entered)
        return redirect(f"/{kind}#{entered.name}", 303)

    def join(self, kind: str) -> "AnyResponse":
        """Say that two are one."""
        stays = join(
            self._sitting().case, request.form.get("one", ""), request.form.get("other", "")
        )
        return redirect(f"/{kind}#{stays}", 303)

    def apart(self, kind: str) -> "AnyResponse":
        """Say that two that look alike are not one; with `again`, that it is open again."""
        one, other = request.form.get("one", ""), request.form.get("other", "")
        keep_apart(self._sitting().case, one, other, apart=not request.form.get("again"))
        return redirect(f"/{kind}#alike", 303)

    def undo(self, kind: str) -> "AnyResponse":
        """Take something back that was said of an entry: every time by a newer record."""
        case, form = self._sitting().case, request.form
        name = form.get("name", "")
        match request.path.rpartition("/")[2]:
            case "part":
                part(case, name)
            case "withdraw":
                withdraw(case, name)
            case "back":
                bring_back(case, name)
            case _:
                unspell(case, name, form.get("spelling", ""))
        return redirect(f"/{kind}", 303)

    def _sitting(self) -> Sitting:
        if self._desk.sitting is None:
            raise MalformedError("the desk is locked")
        return self._desk.sitting


def _are_of(register: Register, pair: tuple[str, str], kind: str) -> bool:
    """Whether two that are kept apart are on this page, and still two."""
    one, other = (register.entries.get(register.now(name)) for name in pair)
    return one != other and isinstance(one, Person) == (kind == PEOPLE)


def _person(form: forms.Form, spelling: str) -> Person:
    of = forms.one(form, "of") or Of.INDIVIDUAL
    if of not in list(Of):
        raise MalformedError("a person of the register is of another kind")
    official, remark = bool(form.get("official")), forms.one(form, "remark")
    return Person.new(Of(of), [spelling], official=official, remark=remark)


def _place(form: forms.Form, spelling: str) -> Place:
    scope = forms.one(form, "scope") or Scope.DISTRICT
    if scope not in list(Scope):
        raise MalformedError("a place of the register is named another way")
    kind = forms.one(form, "type") or "pl.unknown"
    district, remark = forms.one(form, "district"), forms.one(form, "remark")
    return Place.new(kind, Scope(scope), [spelling], district=district, remark=remark)


def _line(register: Register, entry: Registered, items: list[str]) -> Line:
    names = tuple(map(line, entry.names))
    return Line(entry, names, line(entry.remark), items, tuple(register.former(entry.name)))
