"""Looks in a text of a finished file for what was removed, apart from words that are ours."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from intake import visible
from intake.review import leaks
from intake.review.needles import Needles
from intake.review.outputs.document import Document, joined, shown
from intake.review.outputs.material import Material
from intake.review.outputs.wording import is_ours


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where; it never says the word that was found."""

    where: str
    what: str


class Looking:
    """What was removed, and the whole lines that are known to be made of our words and theirs."""

    def __init__(self, material: Material, document: Document | None) -> None:
        self._needles = Needles.of(material.removed)
        self.material = material
        # Of a pseudonym, no output has any: it would join this one with all others, and with the case.
        self._pseudonyms = re.compile(
            "|".join(map(re.escape, sorted(material.register.entries))) or r"(?!)", re.IGNORECASE
        )
        self.document = document
        lines = [line for _, line in document.lines()] if document else []
        self._known = {shown(joined(line)): line for line in lines}
        self._own = frozenset(
            {
                material.deployment,
                material.organisation,
                material.contact,
                material.recipient_name,
                f"{material.organisation}, {material.contact}",
            }
        )

    def text(self, where: str, text: str) -> Iterator[Fault]:
        """A fault where something that was removed stands in a text that is not ours as a whole."""
        yield from self._named(where, text)
        if is_ours(text) or text in self._own:
            return
        line = self._known.get(text, (text,))
        # Runs that are ours part the others, so that no word is made up of both.
        for run in _foreign(line, self._own):
            if any(leaks.remaining({where: visible.unsafe(run)}, {}, self._needles)):
                yield Fault(where, LEAK)
                return

    def raw(self, where: str, text: str) -> Iterator[Fault]:
        """The same of a text that has no business there, whosever it is."""
        yield from self._named(where, text)
        if any(leaks.remaining({where: visible.unsafe(text)}, {}, self._needles)):
            yield Fault(where, LEAK)

    def _named(self, where: str, text: str) -> Iterator[Fault]:
        if self._pseudonyms.search(text):
            yield Fault(where, NAMED)


NAMED: Final = "a pseudonym of the register stands there"
LEAK: Final = "something that was removed still stands there"


def _foreign(line: Iterable[str], own: frozenset[str]) -> Iterator[str]:
    together = ""
    for run in line:
        if (is_ours(run) and any(c.isalnum() for c in run)) or run in own:
            yield together
            together = ""
        else:
            together += run
    yield together
