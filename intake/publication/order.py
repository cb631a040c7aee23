"""In which order the tokens of a container stand, as far as a publication shows them."""

from collections.abc import Sequence
from typing import Final

from intake import canonical, redaction, shape
from intake.container import PATH, Consent, Kind, Level
from intake.disclosure import Leaf
from intake.errors import MalformedError
from intake.publication.rows import VOIDS, runs
from intake.redaction import Token

_FACTS: Final = ("kind", "mode", "form", "consent", "file")
_ONCE: Final = frozenset(("kind", "mode", "form"))
_SAYS: Final = frozenset(kind.value for kind in Kind if kind is not Kind.DECOY)
_SPACE: Final = "\t\n\r "
_ANY: Final[Token] = (b"f", b"")  # what a word after a hidden place may follow


def check_order(leaves: Sequence[Leaf]) -> None:
    """Raise `MalformedError` unless leaves stand as in a container's tree, as far as they are shown.

    1. the kind of what was sent comes first, and is shown
    2. facts come before fields, in their order, each but consent and files once
    3. a field's name is one, and stands once
    4. a word belongs to a field; it begins with white space but where a field begins, and after
       one that is white space alone no other can follow
    5. there are at most 2 voids after a token that is not the last, and no more after the last one
       than fill up to a power of two
    """
    rank, paths, before = -1, set[bytes](), _ANY
    # (1)
    if leaves[0] is None or leaves[0][0] != b"m":
        raise MalformedError("a publication shows first what kind of thing was sent")
    numbered = list(runs(leaves))
    for place, (leaf, after) in enumerate(numbered):
        if leaf is None:
            before = _ANY
            continue
        kind, value = leaf
        if kind == b"m":
            # (2)
            rank = _check_fact(value, rank, place)
        elif kind == b"f":
            # (3)
            if not PATH.fullmatch(_text(value)) or value in paths:
                raise MalformedError("a field's path is malformed, or stands twice")
            paths.add(value)
            rank = len(_FACTS)
        else:
            # (4)
            _check_word(_text(value), before)
            rank = len(_FACTS)
        before = leaf
        # (5)
        last = place + 1 == len(numbered)
        if after > VOIDS and not last:
            raise MalformedError("a token is followed by 0 to 2 voids")
        if last and len(leaves) >= 2 * (len(leaves) - after + VOIDS):
            raise MalformedError("the tree is larger than it needs to be")


def _check_fact(value: bytes, rank: int, place: int) -> int:
    """The place of a fact in the order of facts."""
    name, said = fact_of(value)
    found = _FACTS.index(name)
    if found < rank or (found == rank and name in _ONCE) or (place == 0) != (name == "kind"):
        raise MalformedError("the facts are not in their order")
    if name == "kind" and not (isinstance(said, str) and said in _SAYS):
        raise MalformedError("a publication is of something that says nothing")
    if name == "consent":
        consent_of(said)
    return found


def _check_word(text: str, before: Token) -> None:
    kind, value = before
    if kind == b"m":
        raise MalformedError("a word stands in no field")
    joined = kind == b"w" and (text[:1] not in _SPACE or not _text(value).strip(_SPACE))
    if joined or redaction.words(text) != [text]:
        raise MalformedError("a word is not cut as words are")


def fact_of(value: bytes) -> tuple[str, object]:
    """The name of a fact, and what it says."""
    name, said = shape.row(canonical.decode(value), 2)
    if name not in _FACTS:
        raise MalformedError("a fact has no known name")
    return str(name), said


def consent_of(value: object) -> Consent:
    """A row of consent, as a fact says it."""
    level, agreed, wording, lang = shape.row(value, 4)
    if not isinstance(agreed, bool):
        raise MalformedError("a consent is true or false")
    try:
        use = Level(shape.text(level))
    except ValueError:
        raise MalformedError("a consent is to no known use") from None
    return Consent(use, agreed, shape.text(wording), shape.text(lang))


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise MalformedError("a token is not UTF-8") from None
