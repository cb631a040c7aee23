"""Reads a result that a command wrote with --json: what a row lacks or holds in another kind is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeVar

from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

LIMIT: Final = 1 << 24  # bytes
MOST: Final = 10_000  # rows of a list
_COUNT: Final = 2**53 - 1
_T = TypeVar("_T")


def read_result(name: str, data: bytes, parse: Callable[[bytes], _T]) -> _T:
    """Read a result; the `MalformedError` names the file."""
    try:
        return parse(data)
    except MalformedError as error:
        raise MalformedError(f"{name}: {error.phrase}", error.hint) from None


class Row:
    """An object of the JSON; what it lacks, or holds in another kind, is a `MalformedError`."""

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise MalformedError(f"{what} is not an object")
        self._values: dict[str, object] = value  # pyright: ignore[reportUnknownMemberType]
        self._what = what

    def get(self, name: str, kind: type[_T]) -> _T:
        """A value of this kind."""
        value = self._values.get(name)
        # True is an int to Python.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise MalformedError(f"{self._what} has no {name}, or one of another kind")
        return value

    def count(self, name: str) -> int:
        """A number of things."""
        value = self.get(name, int)
        if not 0 <= value <= _COUNT:
            raise MalformedError(f"{self._what} has a {name} that counts nothing")
        return value

    def matching(self, name: str, form: re.Pattern[str]) -> str:
        """A text in this form."""
        value = self.get(name, str)
        if not form.fullmatch(value):
            raise MalformedError(f"{self._what} has a {name} in another form")
        return value

    def deployment(self) -> str:
        """Whose result it is."""
        value = self.get("deployment", str)
        check_deployment(value)
        return value

    def epoch(self) -> Epoch:
        """The week that it is of."""
        return Epoch.parse(self.get("epoch", str))

    def rows(self, name: str) -> dict[str, object]:
        """An object in it, of at most `MOST` rows."""
        return Row(self._values.get(name), f"{self._what}'s {name}").all()

    def all(self) -> dict[str, object]:
        """Its own rows, at most `MOST`."""
        if len(self._values) > MOST:
            raise MalformedError(f"{self._what} has more than {MOST} rows")
        return self._values

    def items(self, name: str) -> list[object]:
        """A list of at most `MOST`."""
        values: list[object] = self.get(name, list)  # pyright: ignore[reportUnknownVariableType]
        if len(values) > MOST:
            raise MalformedError(f"{self._what} has more than {MOST} {name}")
        return values

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.items(name)
        if not all(isinstance(value, str) for value in values):
            raise MalformedError(f"{self._what} has {name} that are not texts")
        return tuple(value for value in values if isinstance(value, str))

    def phrases(self, name: str, before: str | None = None) -> tuple[str, ...]:
        """The phrases of a list of findings, each after another of its texts where `before` names one."""
        found = [Row(value, "a finding") for value in self.items(name)]
        if before is None:
            return tuple(one.get("phrase", str) for one in found)
        return tuple(f"{one.get(before, str)}: {one.get('phrase', str)}" for one in found)


def object_of(data: bytes, title: str) -> Row:
    """The whole of a result with this title; raises `MalformedError`."""
    if len(data) > LIMIT:
        raise MalformedError(f"longer than {LIMIT} bytes")
    try:
        value = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except (UnicodeDecodeError, ValueError, RecursionError):
        # ValueError also covers integers of thousands of digits, RecursionError a tower of "[".
        raise MalformedError("not JSON of one spelling") from None
    if not isinstance(value, dict) or value.get("title") != title:  # pyright: ignore[reportUnknownMemberType]
        raise MalformedError(f"not a result {title}", "save what the command says with --json")
    return Row(value, "the result")  # pyright: ignore[reportUnknownArgumentType]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError
    return values


def _refuse(_: str) -> object:
    raise ValueError
