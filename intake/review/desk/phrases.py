"""The desk's own phrases in every language, from `phrases/`.

A language that nobody has checked says so on every page.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from intake.container import Level
from intake.errors import IntakeError
from intake.review.steps import Step
from intake.visible import line

FOLDER: Final = Path(__file__).parent / "phrases"
_REFUSALS: Final = ("refusal", "refusal_hint")


@dataclass(frozen=True)
class Refusal:
    """Why something was not done, safe to look at, in the language `lang`."""

    phrase: str
    hint: str
    lang: str


@dataclass(frozen=True)
class Language:
    """A language of the desk; `name` is its own name for itself."""

    tag: str
    name: str
    checked: bool
    phrases: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """A phrase with its values filled in; raises `KeyError` for one that there is not."""
        return self.phrases[key].format(**values)

    def code(self, group: str, value: str) -> str:
        """The phrase for a code, or the code itself where there is none: a newer form's, say."""
        return self.phrases.get(f"{group}.{value}", value)

    def refusal(self, error: IntakeError) -> Refusal:
        """An error in this language; in the program's own, English, where it has no phrase for it."""
        if f"refusal.{error.key}" not in self.phrases:
            return Refusal(line(error.phrase), line(error.hint), "en")
        values = {name: self._said(value) for name, value in error.values.items()}
        phrase, hint = (self.say(f"{group}.{error.key}", **values) for group in _REFUSALS)
        return Refusal(line(phrase), line(hint), self.tag)

    def _said(self, value: object) -> str:
        match value:
            case Step():
                return self.code("step", value)
            case Level():
                return self.code("use", value.value[0].upper())
            case list() | tuple():
                return " ".join(
                    self.code("missing", str(one)) for one in cast("list[object]", value)
                )
            case _:
                return str(value)

    def number(self, number: int) -> str:
        """A number with its thousands apart."""
        return f"{number:,}".replace(",", "\u00a0" if self.tag == "ru" else ",")


def _read(folder: Path) -> Language:
    """`language.toml` says which it is; every other file there has phrases, in groups."""
    about = tomllib.loads((folder / "language.toml").read_text("utf-8"))
    phrases = dict[str, str]()
    for path in sorted(folder.glob("*.toml")):
        if path.name != "language.toml":
            groups = cast("dict[str, dict[str, str]]", tomllib.loads(path.read_text("utf-8")))
            for group, rows in groups.items():
                found = {f"{group}.{key}": phrase for key, phrase in rows.items()}
                if found.keys() & phrases.keys():
                    raise ValueError(f"two files of {folder.name} have the same phrase of {group}")
                phrases |= found
    return Language(folder.name, str(about["name"]), about["checked"] is True, phrases)


LANGUAGES: Final[Mapping[str, Language]] = {
    folder.name: _read(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()
}
