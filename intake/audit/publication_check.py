"""Checks a publication with public data alone: its own proof, and the site's log where that is asked.

It shows nothing of a file that does not hold.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from intake.audit.receipt import Checked, believed, compare, find_entry
from intake.errors import MalformedError, ProofError
from intake.log_reading import Fault
from intake.visible import CLOSE, OPEN, line, safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intake.audit.follow import Ask
    from intake.publication import Piece, Publication
    from intake.tlog.policy import Endorsed, Policy

LEFT_OUT: Final = f"{OPEN}left out{CLOSE}"  # no testimony can hold it: its brackets are escaped
_MARGIN: Final = "    "
_THINGS: Final = {
    "testimony": "a testimony",
    "addition": "an addition to a testimony",
    "consent": "a change of consent",
}
_LIMITS: Final = (
    "that what it says is true",
    "that nothing that matters was left out, nor how much: the length of what is left out is blurred",
    "who wrote it",
    "that words after a place that is left out answer the same question as those before it",
)
_WEEK: Final = "the week itself, which the log's operator wrote: give --url"


def check_publication(publication: Publication, policy: Policy, ask: Ask | None) -> Checked:
    """Check a publication that was parsed.

    1. what is shown was logged, and the policy believes that log: see `Publication.verify`
    2. the site's log of today goes on from it, and has the entry among those of the week it names
    """
    checked = Checked()
    # (1)
    try:
        endorsed = publication.verify(policy)
    except ProofError as error:
        checked.find(Fault.RECEIPT, error.phrase)
        return checked
    checked.holds += _held(publication, endorsed)
    # (2)
    if ask is not None:
        _ask_site(publication, policy, ask, checked)
    return checked


def _ask_site(publication: Publication, policy: Policy, ask: Ask, checked: Checked) -> None:
    proof, week = publication.proof, publication.opening.epoch
    checkpoint = proof.signed.checkpoint
    tree = believed(ask, policy, checkpoint.origin, checked)
    if tree is None:
        return
    compare(tree, checkpoint, checked, "publication")
    if checked.findings:
        return
    try:
        place = find_entry(tree.reader, publication.opening.commit, week)
    except ProofError as error:
        checked.find(Fault.TILE, error.phrase)
    except MalformedError as error:
        checked.find(Fault.ENTRY, error.phrase)
    else:
        if place.closed and place.index == proof.index:
            checked.holds.append(f"the entry stands among those of {week}")
        else:
            checked.find(Fault.EPOCH, f"the entry does not stand among those of {week}")


def _held(publication: Publication, endorsed: Endorsed) -> Iterator[str]:
    """What is proved, in few lines."""
    proof, checkpoint = publication.proof, publication.proof.signed.checkpoint
    names = ", ".join(name for name, _ in endorsed.witnesses) or "no witness"
    seen = max((time for _, time in endorsed.witnesses), default=None)
    last = "" if seen is None else f", last on {_day(seen)}"
    yield (
        f"{_THINGS[publication.kind]} of week {publication.opening.epoch}: entry {proof.index} of "
        f"{checkpoint.size} in {checkpoint.origin}, cosigned by {names}{last}"
    )
    places = "place" if publication.gaps == 1 else "places"
    yield (
        f"every word shown stood in it, unaltered: {publication.words} words; "
        f"something is left out in {publication.gaps} {places}"
    )
    for row in publication.answers:
        said = "yes" if row.agreed else "no"
        yield f"its author said {said} to {row.level} ({row.wording}, {row.lang})"


def limits(*, asked: bool) -> tuple[str, ...]:
    """What is not proved; with `asked`, after the site's log was read too."""
    return _LIMITS if asked else (*_LIMITS, _WEEK)


def shown(publication: Publication) -> Iterator[str]:
    """The text that is left, in lines behind a margin, safe for a terminal."""
    parts: list[str] = []  # joined once: adding to a text copies all of it
    for piece in publication.pieces():
        if piece.before:
            parts.append(_gap(parts))
        if piece.path:
            yield from _behind_margin(parts)
            yield ""
            yield line(piece.path)
            parts = []
        if piece.text:
            parts.append(safe(piece.text.replace("\t", " ")))
    yield from _behind_margin(parts)


def _gap(parts: list[str]) -> str:
    """The mark, with a space before it where a word stands there."""
    return LEFT_OUT if not parts or parts[-1][-1] in (" ", "\n") else f" {LEFT_OUT}"


def _behind_margin(parts: list[str]) -> Iterator[str]:
    """So that no testimony can look like one of our own lines."""
    text = "".join(parts)
    if text:
        yield from (f"{_MARGIN}{row}".rstrip(" ") for row in text.split("\n"))


def told(publication: Publication, checked: Checked) -> Mapping[str, object]:
    """One object with all of it; the text only where nothing is against it."""
    holds = not checked.findings
    return {
        "holds": checked.holds,
        "findings": [{"fault": f.fault, "phrase": f.phrase} for f in checked.findings],
        "kind": publication.kind if holds else None,
        "week": str(publication.opening.epoch) if holds else None,
        "words": publication.words if holds else None,
        "left_out": publication.gaps if holds else None,
        "text": [_told_piece(piece) for piece in publication.pieces()] if holds else None,
    }


def _told_piece(piece: Piece) -> Mapping[str, object]:
    return {"field": piece.path or None, "left_out_before": piece.before, "text": piece.text}


def _day(seconds: int) -> str:
    """The day of POSIX seconds, in UTC; as a number where no calendar has it."""
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return str(seconds)
