"""Which use a person agreed to: the gate before every export (domain.md 1.6).

Consents are independent of each other, not a ladder. What is not clearly allowed is refused.
"""

import re
from enum import StrEnum

from intake.container import Consent, Container, Kind, Level
from intake.errors import ConsentError

SELF = frozenset({"r.self", "r.na"})
RELATIONS = SELF | {"r.witness", "r.relative", "r.told", "r.service", "r.other_role"}
AWARE = frozenset({"yes", "no", "cannot"})
CODES = {"relation": RELATIONS, "aware": AWARE}
"""Fields that hold a code, and the codes: the only answers that statistics may carry."""

_TELLS = frozenset({Kind.TESTIMONY, Kind.ADDITION})


class Purpose(StrEnum):
    """What an export is for; each needs the consent of the same name."""

    PUBLISH = "publish"
    INVESTIGATORS = "investigators"
    COURTS = "courts"
    STATS = "stats"

    @property
    def level(self) -> Level:
        """The consent that unlocks it."""
        return Level(self.value)


def is_code(path: str, text: str) -> bool:
    """Whether a field holds one of its codes. Any other text there is treated as testimony."""
    return text in CODES.get(path, ())


def code(container: Container, path: str) -> str | None:
    """The code in a field, or None where it was left out or holds something else."""
    answer = container.answers.get(path, "")
    return answer if is_code(path, answer) else None


def about_another(container: Container) -> bool:
    """Whether it may be somebody else's story. An answer that is no known code counts as one."""
    answer = container.answers.get("relation", "r.na")
    return answer not in SELF


def check_consent(container: Container, purpose: Purpose) -> Consent:
    """Return the row that allows this use, or raise `ConsentError`.

    1. the item tells something: decoys and changes of consent are never exported;
    2. the writer said yes to this very use, in words that were shown;
    3. a story of somebody who does not know of it is counted and no more.
    """
    # (1)
    if container.kind not in _TELLS:
        raise ConsentError(f"an item of kind {container.kind} is never exported")
    # (2)
    row = next((row for row in container.consent if row.level == purpose.level), None)
    if row is None or not row.agreed:
        raise ConsentError(
            f"the person did not agree to the use {purpose}",
            "a use is allowed by the person who wrote, and by nobody else",
        )
    if not re.fullmatch(rf"c_{row.level}\.[1-9][0-9]{{0,3}}", row.wording, re.ASCII):
        raise ConsentError(f"the consent to the use {purpose} is to words that no form shows")
    # (3)
    capped = about_another(container) and code(container, "aware") != "yes"
    if capped and purpose is not Purpose.STATS:
        raise ConsentError(
            "it is about a person who may not know of it, so it may only be counted",
            "a lawyer must lift this; it is not possible in this version",
        )
    return row
