"""What a form posted, as it came: kept whole, so that any page can give it all back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from werkzeug.datastructures import MultiDict

from intake.testimony import MINIMAL, Testimony, tidy
from intake.web.wording import LANGUAGES


@dataclass(frozen=True)
class Answers:
    """A language, the texts by field, the levels with a tick, and the check page's `resend`.

    No text is in its `repr`.
    """

    lang: str
    texts: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    agreed: tuple[str, ...] = ()
    resend: str = field(default="", repr=False)

    @classmethod
    def read(cls, form: MultiDict[str, str], default: str) -> Self:
        """Take the form's own fields and pass over all others.

        A button named `switch` asks for the other language; an unknown language is `default`.
        """
        asked = form.get("switch") or form.get("lang", "")
        levels = [level.value for level, _ in MINIMAL.levels]
        ticked = set(form.getlist("consent"))
        return cls(
            lang=asked if asked in LANGUAGES else default,
            texts={f.name: form.get(f.name, "") for f in MINIMAL.fields},
            agreed=tuple(level for level in levels if level in ticked),
            resend=form.get("resend", ""),
        )

    def testimony(self) -> Testimony:
        """The testimony that these answers make; raises `AnswersError`."""
        return Testimony.from_answers(self.lang, self.texts, self.agreed)

    def tidied(self) -> Self:
        """The same, with the texts as a page can show them."""
        return replace(self, texts={name: tidy(text) for name, text in self.texts.items()})

    @property
    def blank(self) -> bool:
        """Whether nothing was written or ticked."""
        return not self.agreed and not any(self.texts.values())
