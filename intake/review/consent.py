"""Which use a person agreed to: the gate before every export (domain.md 1.6).

Consents are independent of each other, not a ladder, and the newest word under a code counts. What
is not clearly allowed is refused.
"""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum

from intake.caps import SELF, Cap
from intake.container import Consent, Container, Kind, Level
from intake.errors import ConsentError, StoreError
from intake.field import TextField
from intake.form import FORMS
from intake.review.thread import Said, Thread

RELATIONS = SELF | {"r.witness", "r.relative", "r.told", "r.service", "r.other_role"}
AWARE = frozenset({"yes", "no", "cannot"})
CODES = {"relation": RELATIONS, "aware": AWARE}
"""Fields that hold a code, and the codes: the only answers that statistics may carry."""

_CODED: dict[str, frozenset[str]] = {
    field.name: frozenset(field.choices)
    for form in FORMS.values()
    for field in form.fields
    if not isinstance(field, TextField)
} | CODES
_INTERNAL = frozenset({"area_now", "told_before"})
_PLACES = frozenset({"where_text", "ep_place_type", "ep_place_text", "missing_where"})
_MISSING = "missing_"  # how every field of the page about a missing person begins
_MISSING_WORDING = "c_missing.1"

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
    """Whether a field holds one or more of its codes. Any other text is treated as testimony."""
    known = _CODED.get(path.rpartition(".")[2], frozenset())
    return all(code in known for code in text.split(" "))


def code(container: Container, path: str) -> str | None:
    """The code in a field, or None where it was left out or holds something else."""
    answer = container.answers.get(path, "")
    return answer if is_code(path, answer) else None


def check_tells(container: Container) -> None:
    """Raise `ConsentError` for what tells nothing: a decoy, or a change of consent."""
    if container.kind not in _TELLS:
        raise ConsentError(
            f"an item of kind {container.kind} is never redacted or exported", key="no_telling"
        )


def check_consent(container: Container, purpose: Purpose, thread: Thread) -> Consent:
    """Return the row that allows this use, or raise `ConsentError`.

    `thread` is all that the case has of its code, the item itself too.

    1. the item tells something: decoys and changes of consent are never exported;
    2. an addition stands under a testimony's consent, which is here;
    3. the newest word of the code on this very use is a yes, in words that were shown;
    4. a story of somebody who does not know of it is counted and no more;
    5. nothing of a person under 18 is published.
    """
    # (1)
    check_tells(container)
    # (2)
    if not thread.testimonies:
        raise ConsentError(
            "no testimony of the same code is in this case, and an addition has no consent of its own",
            "import the bundle with the testimony; without it this may be read, and no more",
            key="lone_addition",
        )
    # (3)
    row = check_agreed(thread, purpose.level)
    # (4)
    held = {cap for cap in thread.caps_on(container) if row.level in cap.levels}
    if Cap.OTHER in held:
        raise ConsentError(
            "it is about a person who may not know of it, so it may only be counted",
            "a lawyer must lift this; it is not possible in this version",
            key="third_party",
        )
    # (5)
    if Cap.MINOR in held:
        raise ConsentError(
            "it is about a person who may be under 18, so it is not published", key="minor"
        )
    return row


def check_agreed(thread: Thread, level: Level) -> Consent:
    """Return the row of a thread that allows a use now, or raise `ConsentError`.

    Raises `StoreError` while something that may be of the same code cannot be read: it may be the
    no to what is about to leave.
    """
    if thread.unread:
        raise StoreError(
            f"{len(thread.unread)} items that may be of the same code cannot be read in this folder:"
            f" {', '.join(thread.unread[:5])}",
            "import the last bundle again, which mends them, or restore them from a copy",
        )
    last = thread.newest(level)
    week = thread.taken_back(level)
    hint = "a use is allowed by the person who wrote, and by nobody else"
    if any(said.agreed and not said.counts for said in thread.said if said.level is level):
        hint = "a yes that is not yet logged does not count yet: see `intake review show`"
    if week is not None:
        raise ConsentError(
            f"the consent to the use {level} was taken back in {week}",
            hint,
            key="use_taken_back",
            use=level,
            week=week,
        )
    if not isinstance(last, Said) or not last.agreed:
        raise ConsentError(
            f"the person did not agree to the use {level}", hint, key="use_not_agreed", use=level
        )
    if not re.fullmatch(rf"c_{level}\.[1-9][0-9]{{0,3}}", last.row.wording, re.ASCII):
        raise ConsentError(
            f"the consent to the use {level} is to words that no form shows",
            key="use_unknown",
            use=level,
        )
    return last.row


def check_fields(container: Container, purpose: Purpose, shown: Collection[str]) -> None:
    """Raise `ConsentError` where a field that would be shown may not be, whatever was agreed to.

    Statistics are codes of two fields, which `export` picks itself.
    """
    if purpose is Purpose.STATS:
        return
    for why, paths in _held_back(container, purpose, shown):
        if paths:
            options = " ".join(f"--withhold {path}" for path in paths)
            raise ConsentError(
                f"{paths[0]} {why}", f"leave it out: intake review redact ITEM {options}"
            )


def held_back(container: Container, purpose: Purpose) -> tuple[str, ...]:
    """Every field of an original that may not be shown for a use, sorted."""
    every = _held_back(container, purpose, [path for path, _ in container.fields])
    return tuple(sorted({path for _, paths in every for path in paths}))


def _held_back(
    container: Container, purpose: Purpose, shown: Collection[str]
) -> Iterator[tuple[str, list[str]]]:
    """Why fields may not be shown, and which of them.

    1. where the person is now and whom they told is for the team alone;
    2. an age is never shown beside a place;
    3. the page about a missing person has a consent of its own, and it is for investigators.
    """
    names = {path: path.rpartition(".")[2] for path in shown}
    # (1)
    yield "is for the team alone", [path for path, name in names.items() if name in _INTERNAL]
    # (2)
    if "age_band" in shown and _PLACES & set(names.values()):
        yield "stands beside a place", ["age_band"]
    # (3)
    agreed = container.answers.get("missing_agree") == _MISSING_WORDING
    if purpose is not Purpose.INVESTIGATORS or not agreed:
        missing = [path for path, name in names.items() if name.startswith(_MISSING)]
        yield f"was not agreed to for the use {purpose}", missing
