"""The 22 steps of a testimony on the reviewers' side: what each needs, and whose it is.

The rules are the table; `gates` asks it, and nothing else decides. Source: the domain's step list
(docs/decisions/0014), and the checklist of what no program finds (0030).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake.errors import MalformedError


class Step(StrEnum):
    """Every step, in order; the value is the name of its records and in `panel.toml`."""

    COLLECT = "collect"
    HANDOVER = "handover"
    SESSION = "session"
    IMPORT = "import"
    INCIDENT = "incident"
    OPEN = "open"
    TRIAGE = "triage"
    READ = "read"
    CODE = "code"
    CONSISTENCY = "consistency"
    CORROBORATE = "corroborate"
    INDEPENDENCE = "independence"
    SECOND = "second"
    MESSAGE = "message"
    REQUEST = "request"
    REDACT = "redact"
    CHECKLIST = "checklist"
    JIGSAW = "jigsaw"
    BUILD = "build"
    SIGNOFF = "signoff"
    EXPORT = "export"
    RETAIN = "retain"

    @property
    def number(self) -> int:
        """From 1 to 22."""
        return list(Step).index(self) + 1


class Who(StrEnum):
    """Whose a step is: the first reader of an item and the second are never one person."""

    ANYBODY = "anybody"
    FIRST = "the first reader"
    SECOND = "another than the first reader"
    TWO = "two people on two machines"


class On(StrEnum):
    """What a step is done to."""

    STICK = "stick"
    ITEM = "item"
    OUTPUT = "output"


@dataclass(frozen=True)
class Rule:
    """What must have been done before, whose it is, and whether every panel does it.

    `needs` counts only those steps that the panel uses; behind one that it does not use stand those
    that this one needs, but not where it `ends` there. An `optional` step gates nothing.
    """

    on: On
    who: Who
    needs: tuple[Step, ...]
    always: bool = False
    optional: bool = False
    ends: bool = False


RULES: Final = {
    Step.COLLECT: Rule(On.STICK, Who.ANYBODY, ()),
    Step.HANDOVER: Rule(On.STICK, Who.ANYBODY, (Step.COLLECT,)),
    Step.SESSION: Rule(On.STICK, Who.ANYBODY, ()),
    Step.IMPORT: Rule(
        On.STICK, Who.ANYBODY, (Step.COLLECT, Step.HANDOVER, Step.SESSION), always=True
    ),
    Step.INCIDENT: Rule(On.STICK, Who.ANYBODY, (), optional=True),
    Step.OPEN: Rule(On.ITEM, Who.ANYBODY, (Step.IMPORT,), always=True),
    Step.TRIAGE: Rule(On.ITEM, Who.ANYBODY, (Step.OPEN,)),
    Step.READ: Rule(On.ITEM, Who.ANYBODY, (Step.TRIAGE,)),
    Step.CODE: Rule(On.ITEM, Who.FIRST, (Step.READ,)),
    Step.CONSISTENCY: Rule(On.ITEM, Who.FIRST, (Step.READ,)),
    Step.CORROBORATE: Rule(On.ITEM, Who.FIRST, (Step.CODE, Step.CONSISTENCY)),
    Step.INDEPENDENCE: Rule(On.ITEM, Who.FIRST, (Step.CORROBORATE,)),
    Step.SECOND: Rule(On.ITEM, Who.SECOND, (Step.READ, Step.CODE)),
    Step.MESSAGE: Rule(On.ITEM, Who.SECOND, (Step.SECOND,), optional=True),
    # A panel that chooses no output first may redact before the second reading, which then reads both.
    Step.REQUEST: Rule(On.ITEM, Who.FIRST, (Step.SECOND, Step.INDEPENDENCE), ends=True),
    Step.REDACT: Rule(On.ITEM, Who.FIRST, (Step.READ, Step.REQUEST), always=True),
    Step.CHECKLIST: Rule(On.ITEM, Who.FIRST, (Step.REDACT,), always=True),
    Step.JIGSAW: Rule(On.ITEM, Who.SECOND, (Step.REDACT,)),
    Step.BUILD: Rule(
        On.OUTPUT,
        Who.ANYBODY,
        (Step.SECOND, Step.REDACT, Step.CHECKLIST, Step.JIGSAW),
        always=True,
    ),
    Step.SIGNOFF: Rule(On.OUTPUT, Who.TWO, (Step.BUILD,), always=True),
    Step.EXPORT: Rule(On.OUTPUT, Who.ANYBODY, (Step.SIGNOFF,), always=True),
    Step.RETAIN: Rule(On.ITEM, Who.ANYBODY, (Step.EXPORT,)),
}
"""The table. Steps that a panel does not use are passed over, and what they need is needed all the same."""

DEFAULT: Final = (
    *(Step.IMPORT, Step.TRIAGE, Step.READ, Step.REDACT, Step.SECOND, Step.SIGNOFF, Step.EXPORT),
)
"""What a panel uses out of the box; for court work it uses all."""


def used(names: Iterable[str]) -> frozenset[Step]:
    """The steps of a panel that names these; raises `MalformedError` for another word.

    Those that no panel can do without are always in it.
    """
    try:
        steps = {Step(name) for name in names}
    except ValueError:
        known = " ".join(Step)
        raise MalformedError(
            "panel.toml names a step that there is not", f"they are: {known}"
        ) from None
    return frozenset(steps | {step for step, rule in RULES.items() if rule.always})


def needs(step: Step, panel: Collection[Step]) -> tuple[Step, ...]:
    """What must be done before a step, in order, in a panel that uses these.

    Behind a step that the panel does not use stand those that this one needs: leaving out the coding
    must not leave out the reading before it.
    """
    found = set[Step]()

    def look(at: Step) -> None:
        for before in RULES[at].needs:
            if before in panel:
                found.add(before)
            elif not RULES[before].ends:
                look(before)

    look(step)
    return tuple(one for one in Step if one in found)
