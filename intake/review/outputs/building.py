"""Makes the files of one output, tests them, makes them a second time, and compares.

Nothing here writes to a disk. What comes out may be signed: the leak tests passed on these very bytes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from intake.errors import MalformedError, ProofError
from intake.review.outputs.court import Held, court, cover
from intake.review.outputs.document import Document
from intake.review.outputs.events import chain_csv, events_csv, events_json
from intake.review.outputs.leak_tests import check_file
from intake.review.outputs.letters import letter, letter_json
from intake.review.outputs.looking import Fault
from intake.review.outputs.material import Material, Output
from intake.review.outputs.refusing import check_allowed
from intake.review.outputs.report import press, report
from intake.review.outputs.statistics import statistics
from intake.review.outputs.typesetting import pdf
from intake.review.outputs.uwazi import uwazi_csv, uwazi_zip

_LETTERS: Final = {Output.PROCEDURES, Output.DISAPPEARANCES, Output.DETENTION, Output.TORTURE}


@dataclass(frozen=True)
class Finished:
    """One file: a name that says nothing of a case, its bytes, and the document on its pages if any."""

    name: str
    content: bytes = field(repr=False)
    document: Document | None = field(default=None, repr=False)

    @property
    def digest(self) -> str:
        """What two people sign."""
        return f"sha256:{sha256(self.content).hexdigest()}"


def build(
    output: Output, material: Material, held: Mapping[str, Held] | None = None
) -> tuple[Finished, ...]:
    """The tested files of an output, in order of their names.

    `held` is what is said of the originals, for a court alone. Raises `ConsentError` and `MalformedError` as
    `check_allowed` does, and `ProofError` where a file does not pass a leak test.
    """
    check_allowed(output, material)
    if (held is not None) != (output is Output.COURT):
        raise MalformedError("sealed originals belong to a court's package, and to no other")
    made, again = (_make(output, material, held or {}) for _ in range(2))
    faults = [
        fault for one in made for fault in check_file(one.name, one.content, one.document, material)
    ]
    if [one.digest for one in made] != [one.digest for one in again]:
        faults.append(Fault("the whole output", "made a second time it has another hash"))
    if faults:
        named = "; ".join(sorted({f"{one.where}: {one.what}" for one in faults})[:5])
        raise ProofError(
            f"the output does not pass its leak tests: {named}",
            "take it out of the text or the coding it comes from, and build again",
        )
    return made


def _make(output: Output, material: Material, held: Mapping[str, Held]) -> tuple[Finished, ...]:
    if output in _LETTERS:
        return _letter(output, material)
    makers: dict[Output, Callable[[], tuple[Finished, ...]]] = {
        Output.REPORT: lambda: (_paper("report.pdf", report(material)),),
        Output.PRESS: lambda: (_paper("press.pdf", press(material)),),
        Output.COURT: lambda: _court(material, held),
        Output.UWAZI: lambda: (
            Finished("uwazi.csv", uwazi_csv(material)),
            Finished("uwazi.zip", uwazi_zip(material)),
        ),
        Output.EVENTS: lambda: (
            *(Finished("chain.csv", content) for content in [chain_csv(material)] if content),
            Finished("events.csv", events_csv(material)),
            Finished("events.json", events_json(material)),
        ),
        Output.STATISTICS: lambda: tuple(
            Finished(name, content) for name, content in sorted(statistics(material).items())
        ),
    }
    return makers[output]()


def _paper(name: str, document: Document) -> Finished:
    return Finished(name, pdf(document), document)


def _letter(output: Output, material: Material) -> tuple[Finished, ...]:
    document = letter(output, material)
    return (
        Finished(f"{output}.json", letter_json(output, material)),
        _paper(f"{output}.pdf", document),
        Finished(f"{output}.txt", document.text().encode(), document),
    )


def _court(material: Material, held: Mapping[str, Held]) -> tuple[Finished, ...]:
    return (Finished("court.zip", court(material, held), cover(material, held)),)
