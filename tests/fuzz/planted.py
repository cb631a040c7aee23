"""A parser with a fault, so that the fuzzer can be seen to find one: never part of the table."""

from intake.errors import MalformedError
from tests.fuzz.parser import Parser

MAGIC = b"\xd7\x3c"  # no seed of any parser has these two bytes together where they count
_TITLE = b"planted/v1 "


def _read(data: bytes) -> None:
    if not data.startswith(_TITLE):
        raise MalformedError("not what is planted")
    body = data[len(_TITLE) :]
    if body[3:5] == MAGIC:
        raise KeyError("planted")


PLANTED = Parser("planted", _read, (_TITLE + b"a title that is read",))
