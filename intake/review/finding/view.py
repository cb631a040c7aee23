"""A text as the models see it, in training as in use: with its capitals, or all in small letters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from intake.review.finding import english, russian
from intake.review.finding.features import Base, Hint, Marks, Seen, features
from intake.review.finding.reading import Reading
from intake.review.finding.routing import Language
from intake.review.finding.tokens import Token, sentences


@dataclass(frozen=True)
class View:
    """The text of a reading, as long as the reading, and its sentences.

    `hints` says for each token what another tagger holds it for.
    """

    text: str
    sentences: Sequence[Sequence[Token]]
    marks: Marks
    base: Base | None
    seen: Seen
    cased: bool
    hints: Sequence[Sequence[Hint]] | None

    @classmethod
    def of(cls, reading: Reading, language: Language, *, cased: bool) -> Self:
        """The view of a reading; what mixes Chechen with Russian is seen as Russian."""
        text = cased_text(reading) if cased else reading.text
        cut = list(sentences(text))
        english_too = language is Language.EN
        return cls(
            text,
            cut,
            english.marks if english_too else russian.marks,
            english.base if english_too else russian.base,
            Seen(cut),
            cased,
            None if english_too else russian.hints(cut, cased=cased),
        )

    def rows(self, hidden: frozenset[str] = frozenset()) -> Iterator[list[list[str]]]:
        """What a model sees of each sentence, but for the words themselves that are `hidden`."""
        for i, sentence in enumerate(self.sentences):
            yield features(
                sentence,
                self.marks,
                self.base,
                self.seen,
                cased=self.cased,
                hints=self.hints[i] if self.hints else None,
                hidden=hidden,
            )


def cased_text(reading: Reading) -> str:
    """A reading with the capitals it was written with."""
    return "".join(
        folded.upper() if typed.isupper() and len(folded.upper()) == 1 else folded
        for folded, typed in zip(reading.text, reading.typed, strict=True)
    )
