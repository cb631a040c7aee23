"""What a panel settled for its case: `panel.toml`, which of the steps it uses and who it is.

It is a signed record of the case, so that both machines have the same, and its hash is in the ledger.
"""

import tomllib
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Self, cast

from intake.errors import MalformedError
from intake.review.journal import Mark
from intake.review.steps import DEFAULT, RULES, Step, Who, used

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.review.case import Case

RECORD: Final = "panel"
LIMIT: Final = 20_000  # characters of the file
_KEYS: Final = frozenset({"steps", "organisation", "contact"})


@dataclass(frozen=True)
class Panel:
    """The settings: steps that are used, and the organisation that stands behind what it publishes.

    `text` is the file itself, whose SHA-256 the ledger has; empty for what holds out of the box.
    """

    steps: frozenset[Step]
    organisation: str = ""
    contact: str = ""
    text: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a `panel.toml`; raises `MalformedError`."""
        if len(text) > LIMIT:
            raise MalformedError(f"panel.toml is longer than {LIMIT:,} characters")
        try:
            text.encode()
            row = cast("Mapping[str, object]", tomllib.loads(text))
        except UnicodeEncodeError:
            raise MalformedError("panel.toml is not UTF-8 text", "save it as UTF-8") from None
        except tomllib.TOMLDecodeError as error:
            raise MalformedError(f"panel.toml is not TOML: {error}") from None
        if not row.keys() <= _KEYS:
            raise MalformedError(
                "panel.toml has a key that there is not", f"there are: {sorted(_KEYS)}"
            )
        names = row.get("steps", [*DEFAULT])
        if not isinstance(names, list) or not all(
            isinstance(name, str) for name in cast("list[object]", names)
        ):
            raise MalformedError("steps of panel.toml is a list of names")
        words = [row.get("organisation", ""), row.get("contact", "")]
        if not all(isinstance(word, str) and len(word) <= 500 for word in words):
            raise MalformedError("organisation and contact of panel.toml are short texts")
        steps = used(cast("list[str]", names))
        return cls(steps, str(words[0]), str(words[1]), text)

    @property
    def digest(self) -> str:
        """`sha256:` and hex of the file."""
        return f"sha256:{sha256(self.text.encode()).hexdigest()}"


OUT_OF_THE_BOX: Final = Panel(used(DEFAULT))


def panel_of(case: "Case") -> Panel:
    """The settings that hold in a case: the newest record, or what holds out of the box.

    A panel of one has no second person: what only they could do is left out, and every output says so.
    """
    recorded = case.files.of_case().newest(RECORD)
    panel = OUT_OF_THE_BOX if recorded is None else Panel.parse(str(recorded.value))
    if len(case.roster.reviewers) > 1:
        return panel
    return replace(
        panel, steps=panel.steps - {s for s, rule in RULES.items() if rule.who is Who.SECOND}
    )


def keep_panel(case: "Case", panel: Panel) -> Mark:
    """Keep new settings, signed by this reviewer."""
    return case.files.of_case().add(RECORD, panel.text)
