"""What every output is made from: redacted pieces with their coding, and what is said of them all.

Nothing here opens a case or asks for consent: whoever builds it has done so. No original, no code of
a survivor and no id of the store is in it; a piece is known by a case code that says nothing.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from intake.container import Consent, Level
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.review.coding.account import Act, Coding
from intake.review.coding.register import Register
from intake.review.coding.vocabulary import Vocabulary, check_code
from intake.review.consent import Purpose
from intake.review.outputs.wording import LANGS
from intake.review.redacting import TOKENS, Fields

PIECES_LIMIT: Final = 2_000  # in one output
TEXT_LIMIT: Final = 2_000_000  # characters of all redacted fields of one output
REMARK_LIMIT: Final = 4_000  # characters of one thing that reviewers wrote for an output
WORDS_LIMIT: Final = 150  # words of one extract in a press pack
_CASE: Final = re.compile("[BCDFGHJKLMNPQRSTVWXZ]{6}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}", re.ASCII)


class Output(StrEnum):
    """The forms of 5.6."""

    REPORT = "report"
    PRESS = "press"
    PROCEDURES = "special-procedures"
    DISAPPEARANCES = "wgeid"
    DETENTION = "wgad"
    TORTURE = "sr-torture"
    COURT = "court"
    UWAZI = "uwazi"
    EVENTS = "events"
    STATISTICS = "statistics"


@dataclass(frozen=True)
class Extract:
    """A part of a redacted field, in code points from 0, the end exclusive.

    `rewritten` is what stands for it where reviewers translated or told it in other words; empty
    where the words are the person's own.
    """

    path: str
    start: int
    end: int
    rewritten: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or len(self.rewritten) > REMARK_LIMIT:
            raise MalformedError("an extract does not end after it starts, or is too long")


@dataclass(frozen=True)
class Grade:
    """How well one act is borne out (V14), with the reviewers' remark."""

    act: int
    code: str
    remark: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        check_code(Vocabulary.CORROBORATION, self.code)
        check_remark(self.remark)


@dataclass(frozen=True)
class Government:
    """CG: that a State may be told, for one case and one body, agreed in a message of the person.

    The form cannot ask for it; two reviewers read the message. `name` is a yes to the name as well.
    """

    body: Output
    week: Epoch
    readers: tuple[str, str]
    name: bool = False

    def __post_init__(self) -> None:
        one, other = self.readers
        if not one or not other or one == other:
            raise MalformedError("two different reviewers read a consent to tell a government")


@dataclass(frozen=True)
class Piece:
    """One redacted item, as `Redaction.apply` gave it, with what reviewers coded.

    `consents` are the rows that allow a use now; `removed` every string taken out, with its reason,
    for the leak tests alone; `reasons` how often each reason was given.
    """

    case: str
    fields: Fields = field(repr=False)
    coding: Coding
    week: Epoch
    language: str
    consents: tuple[Consent, ...]
    grades: tuple[Grade, ...] = ()
    removed: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    reasons: tuple[tuple[str, int], ...] = ()
    withheld: tuple[str, ...] = ()
    extracts: tuple[Extract, ...] = ()
    addition: bool = False
    government: Government | None = None
    related: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _CASE.fullmatch(self.case):
            raise MalformedError("a case code has six letters, and none is a vowel")
        if not _LANGUAGE.fullmatch(self.language):
            raise MalformedError("a language is named by its code alone")
        levels = [row.level for row in self.consents]
        if len(set(levels)) != len(levels) or not all(row.agreed for row in self.consents):
            raise MalformedError("a piece carries one row for each use that was agreed to")
        acts = [act.number for act in self.coding.acts]
        if sorted({one.act for one in self.grades}) != [one.act for one in self.grades] or any(
            one.act not in acts for one in self.grades
        ):
            raise MalformedError("each act has one grade, and each grade an act")
        if any(reason not in TOKENS or count < 1 for reason, count in self.reasons):
            raise MalformedError("a reason to take something out is not in the list")
        texts = dict(self.fields)
        if any(one.end > len(texts.get(one.path, "")) for one in self.extracts):
            raise MalformedError("an extract is of words that the redacted text does not have")

    @property
    def relation(self) -> str:
        """V6, not said where it was not judged."""
        return self.coding.relation or "r.na"

    def allows(self, level: Level) -> Consent | None:
        """The row that allows a use, or None."""
        return next((row for row in self.consents if row.level is level), None)

    def grade(self, act: Act) -> Grade:
        """How well an act is borne out; not assessed where nobody said."""
        known = (one for one in self.grades if one.act == act.number)
        return next(known, Grade(act.number, "g.n"))

    def words(self, extract: Extract) -> str:
        """What an output shows of an extract."""
        return extract.rewritten or dict(self.fields)[extract.path][extract.start : extract.end]


@dataclass(frozen=True)
class Finding:
    """A claim of the report in the reviewers' words, the level it rests on, and the cases."""

    text: str = field(repr=False)
    grade: str
    cases: tuple[str, ...]

    def __post_init__(self) -> None:
        check_code(Vocabulary.CORROBORATION, self.grade)
        check_remark(self.text)
        least = 2 if self.grade == "g.a" else 1
        if not self.text or len(self.cases) < least or sorted(set(self.cases)) != [*self.cases]:
            raise MalformedError(
                "a finding has words and cases in order, and level A at least two cases"
            )


@dataclass(frozen=True)
class Material:
    """All that one output is made from; pieces are sorted by their codes, which say nothing.

    `secret` (32 bytes) is of this output alone: from it come the labels of people and places.
    `agreement` names the recipient's signed promise; `jigsaw`, `lawyer` and `reply` say that the
    written answers, the lawyer and the decision on a right of reply are there; `sites` are places
    that two reviewers found no account depends on; `verbatim` is the second yes to a person's own
    words in public; `sealed_to` is the hash of the key to which a court's originals are sealed; `alone` that the panel is of one. All default to no.
    """

    purpose: Purpose
    recipient: str
    recipient_name: str
    deployment: str
    organisation: str
    contact: str
    title: str
    week: Epoch
    pieces: tuple[Piece, ...] = field(repr=False)
    register: Register = field(repr=False)
    secret: bytes = field(repr=False)
    lang: str = "en"
    agreement: str = ""
    method: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_asked: tuple[str, ...] = ()
    urgency: str = ""
    sealed_to: str = ""
    sites: frozenset[str] = frozenset()
    jigsaw: bool = False
    lawyer: bool = False
    reply: bool = False
    verbatim: bool = False
    to_state: bool = False
    lead_only: bool = False
    alone: bool = False

    def __post_init__(self) -> None:
        check_code(Vocabulary.RECIPIENT, self.recipient)
        if self.lang not in LANGS:
            raise MalformedError(f"an output is written in one of: {' '.join(LANGS)}")
        for text in (self.recipient_name, self.organisation, self.contact, self.title):
            if not text.strip() or len(text) > 300 or "\n" in text:
                raise MalformedError(
                    "recipient, organisation, contact and title are one line each, and not empty"
                )
        for text in (*self.method, *self.limits, *self.not_asked, self.urgency, self.agreement):
            check_remark(text)
        cases = [piece.case for piece in self.pieces]
        if not cases or sorted(set(cases)) != cases or len(cases) > PIECES_LIMIT:
            raise MalformedError(
                f"an output has 1 to {PIECES_LIMIT:,} pieces, each once, sorted by their codes"
            )
        if sum(len(text) for piece in self.pieces for _, text in piece.fields) > TEXT_LIMIT:
            raise MalformedError(f"the texts of an output have over {TEXT_LIMIT:,} characters")
        named = {case for one in self.findings for case in one.cases}
        if not {case for piece in self.pieces for case in piece.related} | named <= set(cases):
            raise MalformedError("a case is named that the output does not have")
        for finding in self.findings:
            if not any(
                one.code == finding.grade
                for piece in self.pieces
                if piece.case in finding.cases
                for one in piece.grades
            ):
                raise MalformedError("a finding rests on a level that none of its cases has")

    @property
    def published(self) -> bool:
        """Whether anybody may read it."""
        return self.purpose in {Purpose.PUBLISH, Purpose.STATS}

    @property
    def counted(self) -> tuple[Piece, ...]:
        """The accounts that may be counted: what was sent later under a code is no further account."""
        return tuple(
            piece for piece in self.pieces if not piece.addition and piece.allows(Level.STATS)
        )

    @property
    def quoted(self) -> tuple[Piece, ...]:
        """The pieces of which words may be shown for this purpose."""
        return tuple(piece for piece in self.pieces if piece.allows(self.purpose.level))

    @property
    def removed(self) -> list[tuple[str, str]]:
        """Every string that must stand nowhere in the output, and its reason."""
        return sorted({pair for piece in self.pieces for pair in piece.removed})

    @property
    def moment(self) -> dt.datetime:
        """The one time a file carries: the first moment of the reference week."""
        return dt.datetime.combine(self.week.monday, dt.time(), dt.UTC)


def check_remark(text: str) -> None:
    """Raise `MalformedError` where reviewers wrote more than an output takes at one place."""
    if len(text) > REMARK_LIMIT:
        raise MalformedError(f"a remark has over {REMARK_LIMIT:,} characters")
