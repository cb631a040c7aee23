"""The invented testimonies whose identifying words are marked: read strictly, written the same.

`docs/redaction-gold.md` says what is marked and how the files look. Held-out files are for
`bench-redaction` alone; no error names a word of a text, only a file and a line.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from intake.errors import MalformedError
from intake.review.finding.span import Label

FOLDER: Final = Path(__file__).with_name("gold")
LANGUAGES: Final = ("en", "ru", "ce")

_HEADER = re.compile(r"### ((en|ru|ce)-[0-9]{3}) (plain|phone)")
_MARK = re.compile(r"\[\[([A-Z]+)/([A-Z])\|([^\[\]\n]+)\]\]")


class Directness(StrEnum):
    """Whether the words lead to a person by themselves, or only together with others."""

    DIRECT = "D"
    QUASI = "Q"


_QUOTES = {"»": "«", "”": "“", ")": "("}
_DIRECT_LABELS = frozenset({Label.PERSON, Label.CODE, Label.LOC})


@dataclass(frozen=True, slots=True)
class Mark:
    """From code point `start` to before `end` of a testimony's text."""

    start: int
    end: int
    label: Label
    directness: Directness


@dataclass(frozen=True, slots=True)
class Testimony:
    """One invented text without its markup; `line` is that of its header, counted from 1."""

    name: str
    phone: bool
    text: str
    marks: tuple[Mark, ...]
    line: int

    @property
    def language(self) -> str:
        """`en`, `ru`, or `ce` for Chechen or mixed."""
        return self.name[:2]

    def line_of(self, position: int) -> int:
        """The line of the file on which a code point of the text stands."""
        return self.line + 1 + self.text.count("\n", 0, position)


@dataclass(frozen=True, slots=True)
class GoldFile:
    """What one file holds: remarks before the first header, then the testimonies."""

    remarks: tuple[str, ...]
    testimonies: tuple[Testimony, ...]


def load(path: Path) -> list[Testimony]:
    """The testimonies of one file; `MalformedError` names the file and the line."""
    return list(parse(path.read_bytes(), path.name).testimonies)


def load_all(part: str) -> list[Testimony]:
    """Everything of one part, `dev` or `held`, in the order of `LANGUAGES`."""
    return [one for language in LANGUAGES for one in load(FOLDER / f"{part}-{language}.txt")]


def parse(data: bytes, name: str) -> GoldFile:
    """Reads one file; what `encode` would not write byte for byte is refused."""
    try:
        content = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(name, data.count(b"\n", 0, error.start) + 1, "is not UTF-8") from None
    lines = content.split("\n")
    for number, line in enumerate(lines, 1):
        _check_line(line, name, number)
    headers = [number for number, line in enumerate(lines) if line.startswith("###")]
    if not headers:
        raise _refused(name, len(lines), "has no testimony")
    first = headers[0]
    for number, line in enumerate(lines[:first], 1):
        if not line.startswith("#"):
            raise _refused(name, number, "stands before the first header and is no remark")
    ends = [*headers[1:], len(lines)]
    testimonies = tuple(
        _testimony(lines[start:end], name, start + 1)
        for start, end in zip(headers, ends, strict=True)
    )
    read = GoldFile(tuple(lines[:first]), testimonies)
    again = encode(read)
    if again != data:
        raise _refused(name, _first_difference(data, again), "would be written otherwise")
    return read


def encode(gold: GoldFile) -> bytes:
    """The bytes of a file."""
    remarks = "".join(f"{remark}\n" for remark in gold.remarks)
    return (remarks + "\n".join(map(_encoded, gold.testimonies))).encode()


def _encoded(one: Testimony) -> str:
    parts, done = [], 0
    for mark in one.marks:
        words = one.text[mark.start : mark.end]
        parts += [one.text[done : mark.start], f"[[{mark.label}/{mark.directness}|{words}]]"]
        done = mark.end
    surface = "phone" if one.phone else "plain"
    return f"### {one.name} {surface}\n{''.join(parts)}{one.text[done:]}\n"


def _check_line(line: str, name: str, number: int) -> None:
    if line != line.rstrip():
        raise _refused(name, number, "ends in white space")
    if not unicodedata.is_normalized("NFC", line):
        raise _refused(name, number, "is not NFC")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in line):
        raise _refused(name, number, "holds a control character")


def _testimony(lines: list[str], file: str, number: int) -> Testimony:
    header = _HEADER.fullmatch(lines[0])
    if not header:
        raise _refused(file, number, "is no header")
    if lines[-1]:
        raise _refused(file, number + len(lines) - 1, "is not followed by an empty line")
    pieces, marks, length = [], [], 0
    for offset, line in enumerate(lines[1:-1], 1):
        plain, found = _unmarked(line, file, number + offset)
        marks += [
            Mark(length + one.start, length + one.end, one.label, one.directness) for one in found
        ]
        pieces.append(plain)
        length += len(plain) + 1
    text = "\n".join(pieces)
    if not text or text != text.strip("\n"):
        raise _refused(file, number, "has no text, or one with empty lines at an end")
    return Testimony(header[1], header[3] == "phone", text, tuple(marks), number)


def _unmarked(line: str, file: str, number: int) -> tuple[str, list[Mark]]:
    plain, marks, done = "", [], 0
    for found in _MARK.finditer(line):
        plain += line[done : found.start()]
        start = len(plain)
        plain += found[3]
        done = found.end()
        marks.append(_mark(found, start, file, number))
    plain += line[done:]
    if "[[" in plain or "]]" in plain:
        raise _refused(file, number, "holds a mark that is nested, open or misspelt")
    return plain, marks


def _mark(found: re.Match[str], start: int, file: str, number: int) -> Mark:
    try:
        label, directness = Label(found[1]), Directness(found[2])
    except ValueError:
        raise _refused(file, number, "has a mark of an unknown label or kind") from None
    if directness is Directness.DIRECT and label not in _DIRECT_LABELS:
        raise _refused(file, number, "calls direct what is never direct")
    words = found[3]
    if not (_opens(words, label) and _closes(words)):
        raise _refused(file, number, "has a mark with white space or punctuation at an end")
    return Mark(start, start + len(words), label, directness)


def _opens(words: str, label: Label) -> bool:
    """Phone numbers may begin with a plus or a bracket, handles with an at sign."""
    quoted = any(words[0] == opening and closing in words for closing, opening in _QUOTES.items())
    return words[0].isalnum() or (label is Label.CODE and words[0] in "+(@") or quoted


def _closes(words: str) -> bool:
    """Signs of per cent, degree, currency and a typed palochka end a word; a quotation closes its own."""
    last = words[-1]
    quoted = last in _QUOTES and _QUOTES[last] in words
    return last.isalnum() or last in "%°|" or unicodedata.category(last) == "Sc" or quoted


def _first_difference(data: bytes, again: bytes) -> int:
    pairs = zip(data.split(b"\n"), again.split(b"\n"), strict=False)
    for number, (was, would) in enumerate(pairs, 1):
        if was != would:
            return number
    return min(data.count(b"\n"), again.count(b"\n")) + 1


def _refused(file: str, number: int, what: str) -> MalformedError:
    return MalformedError(
        f"{file}, line {number}: {what}", "docs/redaction-gold.md says how the gold set is written"
    )
