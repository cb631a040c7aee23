"""Which acts in other accounts may be about the same: a list for a person to judge, and no judgement.

Near are two acts with the same place, the same official, the same rare method, days that overlap, or the
same words of officials (domain.md 5.1, step 11). Nothing here grades a claim.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from intake.review.coding.account import Act, Coding, Quote
from intake.review.coding.register import Register
from intake.review.spelling import foldings

MOST: Final = 50  # proposals for one act
_COMMON: Final = frozenset({"m.hands", "m.insult", "m.other", "m.unknown"})
_WORD_LEAST: Final = 4  # letters of a word that counts
_WORDS_LEAST: Final = 3  # words that two sayings must share
_SAID: Final = re.compile("«([^«»]{1,400})»|\u201c([^\u201c\u201d]{1,400})\u201d")


class Near(StrEnum):
    """In what two acts are alike."""

    PLACE = "place"
    OFFICIAL = "official"
    METHOD = "method"
    DATES = "dates"
    WORDS = "words"


@dataclass(frozen=True)
class Account:
    """A coding, and the words of officials that its acts quote or give as a reason, by act."""

    item: str
    coding: Coding
    said: Mapping[int, frozenset[str]] = field(repr=False)

    @classmethod
    def of(cls, item: str, coding: Coding, fields: Mapping[str, str]) -> "Account":
        """Take the words from the fields of the original."""
        said = {act.number: _said(act, fields) for act in coding.acts}
        return cls(item, coding, said)


@dataclass(frozen=True)
class Proposal:
    """An act in another account, and in what it is alike."""

    item: str
    act: Act
    near: tuple[Near, ...]


def proposals(
    account: Account, others: Iterable[Account], register: Register
) -> dict[int, list[Proposal]]:
    """For each act of an account those in others that are near, what is alike in most first."""
    found: dict[int, list[Proposal]] = {act.number: [] for act in account.coding.acts}
    for other in others:
        for act in account.coding.acts:
            for theirs in other.coding.acts:
                near = tuple(_near(account, act, other, theirs, register))
                # Days alone overlap for half a corpus: they count beside something else.
                if set(near) - {Near.DATES}:
                    found[act.number].append(Proposal(other.item, theirs, near))
    for number, rows in found.items():
        rows.sort(key=lambda row: (-len(row.near), row.item, row.act.number))
        found[number] = rows[:MOST]
    return found


def _near(
    account: Account, act: Act, other: Account, theirs: Act, register: Register
) -> Iterator[Near]:
    if act.place and register.now(act.place) == register.now(theirs.place):
        yield Near.PLACE
    if _officials(account, act, register) & _officials(other, theirs, register):
        yield Near.OFFICIAL
    if (set(act.methods) & set(theirs.methods)) - _COMMON:
        yield Near.METHOD
    if _overlap(act, theirs):
        yield Near.DATES
    if len(account.said[act.number] & other.said[theirs.number]) >= _WORDS_LEAST:
        yield Near.WORDS


def _officials(account: Account, act: Act, register: Register) -> set[str]:
    parts = account.coding.involvements
    return {register.now(part.person) for part in parts if part.act == act.number}


def _overlap(act: Act, theirs: Act) -> bool:
    """Whether both have days, and some may be the same; an end that is not known is open."""
    one, other = act.when, theirs.when
    if "d.unknown" in {one.precision, other.precision}:
        return False
    before = one.end is not None and other.start is not None and one.end < other.start
    after = other.end is not None and one.start is not None and other.end < one.start
    return not before and not after


def _said(act: Act, fields: Mapping[str, str]) -> frozenset[str]:
    texts = [act.reason, *(said for quote in act.quotes for said in _dialogue(quote, fields))]
    words = (word.text for text in texts for word in foldings(text)[0].words())
    return frozenset(word for word in words if len(word) >= _WORD_LEAST)


def _dialogue(quote: Quote, fields: Mapping[str, str]) -> Iterator[str]:
    text = fields.get(quote.field, "")[quote.start : quote.end]
    for match in _SAID.finditer(text):
        yield match[1] or match[2]
