"""The three kinds of question that a form asks, and the one spelling of each answer."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from intake.errors import MalformedError

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_CODE = re.compile(r"[a-z0-9][a-z0-9._]{0,31}", re.ASCII)


@dataclass(frozen=True)
class TextField:
    """A box of at most `most` code points."""

    name: str
    most: int
    required: bool = False

    def __post_init__(self) -> None:
        demand(bool(NAME.fullmatch(self.name)), "a field's name is letters, digits and _")
        demand(0 < self.most <= 20_000, f"{self.name} holds 1 to 20,000 characters")

    def to_json(self) -> dict[str, object]:
        """As the script reads it."""
        row: dict[str, object] = {"name": self.name, "kind": "text", "most": self.most}
        return row | {"required": True} if self.required else row


@dataclass(frozen=True)
class ChoiceField:
    """One of `choices`, or nothing."""

    name: str
    choices: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_codes(self.name, self.choices)

    def to_json(self) -> dict[str, object]:
        """As the script reads it."""
        return {"name": self.name, "kind": "choice", "codes": list(self.choices)}


@dataclass(frozen=True)
class MultiField:
    """Any of `choices`. The answer is their codes in the form's order with one space between."""

    name: str
    choices: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_codes(self.name, self.choices)

    def canonical(self, text: str) -> str:
        """The one spelling of these codes; a text with anything else in it is left as it is."""
        chosen = set(text.split(" ")) - {""}
        if not chosen <= set(self.choices):
            return text
        return " ".join(code for code in self.choices if code in chosen)

    def to_json(self) -> dict[str, object]:
        """As the script reads it."""
        return {"name": self.name, "kind": "multi", "codes": list(self.choices)}


Field = TextField | ChoiceField | MultiField


def _check_codes(name: str, codes: Collection[str]) -> None:
    demand(bool(NAME.fullmatch(name)), "a field's name is letters, digits and _")
    demand(len(set(codes)) == len(codes) > 0, f"{name} has a code twice, or none")
    demand(all(_CODE.fullmatch(code) for code in codes), f"{name} has a malformed code")


def demand(holds: bool, phrase: str) -> None:  # noqa: FBT001
    """Raise `MalformedError` unless it holds."""
    if not holds:
        raise MalformedError(phrase)
