"""Texts asked about and spans answered, a JSON object a line: how other programs and benchmarks ask.

`docs/format.md` has the fields. An answer never holds words of a text.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self, cast

from intake.errors import MalformedError
from intake.review.finding.routing import Language
from intake.review.finding.span import Span

LINE_MOST: Final = 64 << 20  # bytes of a line
_HINT: Final = 'as {"id": "1", "text": "...", "language": "ru"}; the language may be left out'


@dataclass(frozen=True)
class Question:
    """A text to look through; `language` is empty where it is to be guessed."""

    id: str
    text: str
    language: str = ""

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Read a line; raises `MalformedError`, which names no word of it."""
        if len(line) > LINE_MOST:
            raise MalformedError(f"it is longer than {LINE_MOST >> 20} MiB", "ask in parts")
        try:
            value = json.loads(line.decode("utf-8"), object_pairs_hook=_once)
        except (UnicodeDecodeError, RecursionError, ValueError):
            raise MalformedError("it is not JSON in UTF-8", _HINT) from None
        if not isinstance(value, dict):
            raise MalformedError("it is no object", _HINT)
        row = cast("dict[str, Any]", value)
        if not {"id", "text"} <= row.keys() <= {"id", "text", "language"}:
            raise MalformedError("it has other fields than id, text and language", _HINT)
        if not all(isinstance(field, str) for field in row.values()):
            raise MalformedError("a field is no string", _HINT)
        language = row.get("language", "")
        if language not in {"", *Language}:
            raise MalformedError("its language is none of en, ru, ce", _HINT)
        return cls(row["id"], row["text"], language)


def answer(question: Question, spans: Iterable[Span]) -> str:
    """The line for a question, by place; proposals and what is left for a last look are told apart."""
    rows = [
        {
            "start": span.start,
            "end": span.end,
            "label": str(span.label),
            "kind": str(span.kind),
            "reason": span.reason,
            "confidence": span.confidence,
        }
        for span in sorted(spans, key=lambda s: (s.start, s.end))
    ]
    return json.dumps({"id": question.id, "spans": rows})


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a field stands twice")
    return row
