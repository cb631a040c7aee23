"""People and places of the register as pages show them, and new ones entered where they come up."""

from dataclasses import replace
from typing import Final

from intake.errors import MalformedError
from intake.review.case import Case
from intake.review.coding.register import Of, Person, Place, Register, Scope
from intake.review.desk.coding_form import Form, one
from intake.review.registering import enter, register_of
from intake.review.spelling import foldings, trimmed
from intake.visible import line

_SHOWN: Final = 3  # spellings beside a pseudonym
_UNKNOWN_TYPE: Final = "pl.unknown"


def name_of(register: Register, name: str) -> str:
    """A pseudonym with some spellings, safe to look at; of the one that stands for it now."""
    known = register.entries.get(register.now(name))
    if known is None:
        return name
    spelled = ", ".join(line(spelling) for spelling in known.names[:_SHOWN])
    return f"{known.name} {spelled}".strip()


def alike(spelling: str) -> str:
    """A spelling as it is compared with others: no capitals, no ё, no palochka."""
    return trimmed(foldings(spelling)[0].text) if spelling.strip() else ""


def check_new(case: Case, form: Form) -> None:
    """Raise `MalformedError` where somebody new is spelled like one that the register has.

    Two people of one name are not one person: who they are, somebody decides and no spelling does.
    """
    register = register_of(case)
    for name in ("victim", "person", "place"):
        spelling = _spelled(form, f"{name}_new")
        if not spelling or one(form, name):
            continue
        known = register.places if name == "place" else register.people
        if any(alike(spelling) in map(alike, entry.names) for entry in known):
            raise MalformedError(
                "the register has this name already",
                "choose it from the list, or add a word that tells the two apart",
                key="name_known",
            )


def named_person(case: Case, form: Form, name: str) -> str:
    """The pseudonym that a form names: of somebody known, or new; empty for nobody.

    A spelling beside somebody known is one more of theirs.
    """
    known, spelling = one(form, name), _spelled(form, f"{name}_new")
    if known or not spelling:
        return _spelled_also(case, known, spelling)
    of = one(form, f"{name}_of") or Of.INDIVIDUAL
    if of not in list(Of):
        raise MalformedError("a person of the register is of another kind")
    made = Person.new(Of(of), [spelling], official=bool(form.get("official")))
    enter(case, made)
    return made.name


def named_place(case: Case, form: Form) -> str:
    """The same for a place."""
    known, spelling = one(form, "place"), _spelled(form, "place_new")
    if known or not spelling:
        return _spelled_also(case, known, spelling)
    scope = one(form, "place_scope") or Scope.DISTRICT
    if scope not in list(Scope):
        raise MalformedError("a place of the register is named another way")
    made = Place.new(one(form, "place_type") or _UNKNOWN_TYPE, Scope(scope), [spelling])
    enter(case, made)
    return made.name


def _spelled_also(case: Case, name: str, spelling: str) -> str:
    register = register_of(case)
    entry = register.entries.get(register.now(name))
    if entry is not None and spelling and spelling not in entry.names:
        enter(case, replace(entry, names=tuple(sorted({*entry.names, spelling}))))
    return name


def _spelled(form: Form, name: str) -> str:
    return " ".join(one(form, name).split())
