"""CG, that a State may be told: an answer of the person to one question, read and recorded by two reviewers.

No form asks for it. A reviewer asks by a message, for one body; the person answers with the code; and each of
two reviewers who read question and answer signs a record that names the answer and the body. Nothing else
allows it, and any later no ends it. Whether it may be told is worked out anew each time it is asked.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self, cast

from intake.canonical import b64, unb64
from intake.caps import Cap
from intake.container import Level
from intake.errors import ConsentError, GateError, MalformedError
from intake.ledger.act import Kind as ActKind
from intake.review import gates
from intake.review.acting import record_on
from intake.review.canaries import check_testimony
from intake.review.case import Case
from intake.review.consent import check_agreed, check_tells
from intake.review.gathering import replies_to, thread_of
from intake.review.journal import Mark
from intake.review.outputs.material import Government, Output
from intake.review.record import check_same
from intake.review.sent import Replied
from intake.review.standing import check_not_withdrawn, standing_of
from intake.review.thread import Said, Thread

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORD: Final = "government"
BODIES: Final = (Output.PROCEDURES, Output.DISAPPEARANCES, Output.DETENTION, Output.TORTURE)
"""To whom a consent may speak: each hands what it gets, or a part of it, to the State."""

_HINT: Final = (
    "it can only come in a message, for one body: ask with `intake review reply --question`, and each of two"
    " reviewers records the answer with `intake review consent`"
)


@dataclass(frozen=True)
class Reading:
    """What one reviewer says of an answer: which object it came in, to which question, for whom.

    `answer` is the SHA-256 of that object, `question` the hash of the note that asked; `name` says that
    the question was of the name as well.
    """

    answer: bytes
    question: str
    body: Output
    name: bool = False

    def __post_init__(self) -> None:
        if len(self.answer) != 32 or self.body not in BODIES:
            raise MalformedError(
                "a consent that a government is told names an answer and a body",
                f"the bodies are: {' '.join(BODIES)}",
            )

    def to_json(self) -> dict[str, object]:
        """The value that is signed and sealed into the case."""
        return {
            "answer": b64(self.answer),
            "question": self.question,
            "body": self.body.value,
            "name": self.name,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            reading = cls(
                unb64(str(row["answer"]), 32),
                str(row["question"]),
                Output(str(row["body"])),
                row["name"] is True,
            )
        except (KeyError, TypeError, ValueError):
            raise MalformedError("a record of a consent has another shape") from None
        check_same(reading.to_json(), value)
        return reading


@dataclass(frozen=True)
class Answered:
    """An answer under the code of an item, the question to it, and who recorded what of it."""

    said: Said
    asked: Replied
    readings: tuple[tuple[str, Reading], ...]


def answered(case: Case, item: str) -> list[Answered]:
    """Every answer to a question that was asked from this case, oldest first.

    What answers a question that nobody here asked is none: the person read other words.
    """
    thread = thread_of(case, item, standing_of(case))
    asked = {
        reply.digest: reply
        for _, reply in replies_to(case, (one.item for one in thread.sent))
        if reply.question
    }
    known = [
        (mark.by, reading, case.id_of(reading.answer)) for mark, reading in _readings(case, item)
    ]
    return [
        Answered(
            said,
            asked[said.question],
            tuple((by, reading) for by, reading, answer in known if answer == said.item),
        )
        for said in thread.said
        if said.level is Level.GOVERNMENT and said.question in asked
    ]


def consent(case: Case, item: str, answer: str, body: Output, *, name: bool = False) -> Mark:
    """Record that this reviewer read the yes in `answer`, and that it is for this body.

    1. the item tells something, and neither it nor the answer was taken back; 2. the answer is a yes, under
    the same code, to a question that was asked from this case; 3. no cap holds it back, and nothing newer
    is a no; 4. this reviewer opened both here, and says it once.
    """
    # (1)
    check_not_withdrawn(case, case.entry(item).opening)
    check_testimony(case, item)
    thread, container = thread_of(case, item, standing_of(case)), case.original(item)[1]
    check_tells(container)
    # (2)
    found = next((one for one in answered(case, item) if one.said.item == answer), None)
    if found is None:
        raise ConsentError(
            "this is no answer under the same code to a question that was asked from this case",
            _HINT,
        )
    # (3)
    _check_holds(case, item, thread, found.said)
    # (4)
    for one in (item, answer):
        if not gates.has_opened(case, one):
            raise GateError(
                f"you have not opened item {one} here",
                "read it: `intake review show`",
                key="not_opened",
            )
    reading = Reading(case.entry(answer).digest, found.said.question, body, name)
    if dict(found.readings).get(case.by) == reading:
        raise GateError(
            f"{case.by} recorded this already",
            "the second record is another person's",
            key="recorded_already",
            name=case.by,
        )
    record_on(case, item, (ActKind.CONSENT, {"subject": "recorded"}))
    return case.journal(item).add(RECORD, reading.to_json())


def government_of(case: Case, item: str, body: Output) -> Government:
    """The consent that a State is told of an item by this body; raises `ConsentError` where there is none.

    Two reviewers must have recorded one answer as being for it, each by their newest record; where one says
    that it covers the name and another does not, it does not.
    """
    thread = thread_of(case, item, standing_of(case))
    for one in reversed(answered(case, item)):
        newest = dict(one.readings)  # of each reviewer
        agreed = {
            by: reading
            for by, reading in newest.items()
            if (reading.body, reading.question) == (body, one.said.question)
        }
        if len(agreed) < 2:
            continue
        _check_holds(case, item, thread, one.said)
        first, second, *_ = sorted(agreed)
        named = all(reading.name for reading in agreed.values())
        return Government(body, one.said.week, (first, second), named)
    raise ConsentError(
        f"two reviewers have not recorded that the person of item {item} agreed that a government is told"
        f" by the body {body}",
        _HINT,
        key="government_unrecorded",
    )


def _check_holds(case: Case, item: str, thread: Thread, said: Said) -> None:
    """Raise `ConsentError` unless a yes stands now.

    1. the newest word of all on governments is a yes, in words that are shown, and nothing under the code is
    unread; 2. this very one is a logged yes, and no word after it a no: to another body's question neither; 3. it is
    not of somebody who may not know of it, nor of a person under 18.
    """
    # (1)
    check_agreed(thread, Level.GOVERNMENT)
    # (2)
    words = thread.words(Level.GOVERNMENT)
    if not (said.agreed and said.counts) or any(
        not one.agreed and one.age > said.age for one in words
    ):
        raise ConsentError(
            "the person said no, then or since: no government is told", _HINT, key="government_no"
        )
    # (3)
    held = {cap for cap in thread.caps_on(case.original(item)[1]) if said.level in cap.levels}
    if held:
        who = "may not know of it" if Cap.OTHER in held else "may be under 18"
        raise ConsentError(f"it is about a person who {who}, so no government is told")


def _readings(case: Case, item: str) -> list[tuple[Mark, Reading]]:
    return [(one.mark, Reading.from_json(one.value)) for one in case.journal(item).all(RECORD)]
