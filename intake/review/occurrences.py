"""In which accounts somebody or a place of the register occurs, by the newest coding of each: ids alone."""

from collections.abc import Iterator, Mapping

from intake.errors import IntakeError
from intake.review.case import Case
from intake.review.coding.account import Coding
from intake.review.coding.register import Register
from intake.review.progress import coding_of


def codings_of(case: Case) -> Iterator[tuple[str, Coding]]:
    """The newest coding of every item that has one and can be read, by its id."""
    coded = {path.parent.name for path in case.folder.glob("items/*/code-*.age")}
    for item in sorted(coded & set(case.items())):
        try:
            if case.entry(item).gone:
                continue
            newest = coding_of(case, item)
        except IntakeError:
            continue  # its own page says why
        if newest is not None:
            yield item, newest.value


def names_in(coding: Coding, register: Register) -> set[str]:
    """Everybody and every place that a coding names, by the pseudonym that stands for them now."""
    acts = ((act.victim, act.place) for act in coding.acts)
    named = {name for pair in acts for name in pair} | {o.person for o in coding.involvements}
    named |= {event.place for event in coding.events}
    return {register.now(name) for name in named if name}


def occurrences(case: Case, register: Register) -> Mapping[str, list[str]]:
    """The items in which each pseudonym occurs, in order; none for one that occurs nowhere."""
    found: dict[str, list[str]] = {}
    for item, coding in codings_of(case):
        for name in names_in(coding, register):
            found.setdefault(name, []).append(item)
    return found
