"""What goes out: built from redacted text, signed off by two people on its hash, then handed over.

No built file is kept. Whoever signs builds it again from their own copy of the case: two machines that
come to the same hash made the same bytes, and when an item is erased there is no file to forget.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Final, Self, cast

from intake import shape
from intake.canonical import b64, unb64
from intake.errors import ConsentError, GateError, MalformedError, StoreError
from intake.ledger.act import Kind
from intake.review import gates
from intake.review.acting import machine_of, record, record_build, record_on
from intake.review.canaries import check_revealed, check_testimony
from intake.review.case import Case
from intake.review.consent import Purpose
from intake.review.export import Publication, Shape, new_file, prepare, render
from intake.review.gathering import thread_of
from intake.review.output_words import PLAN, keep_plan, kept, plan_of
from intake.review.panel import panel_of
from intake.review.progress import Progress
from intake.review.sent import Exported
from intake.review.signing_off import SIGNED, check_signed, is_alone, signed_by
from intake.review.standing import check_may_leave, standing_of
from intake.review.steps import Step

BUILT: Final = "built"
LEFT: Final = "left"
ITEMS_LIMIT: Final = 10_000


@dataclass(frozen=True)
class Output:
    """What is to be built: in which form, for what, of which items, with what details of the form.

    It is all that the bytes depend on beside the case: built again, they are the same.
    """

    form: str
    purpose: Purpose
    items: tuple[str, ...]
    details: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.form not in BUILDERS:
            # The others need this module, and are known once somebody asks for one of them.
            import_module("intake.review.builders")
        if self.form not in BUILDERS:
            raise MalformedError("no such form of an export", f"there are: {' '.join(BUILDERS)}")
        if not 1 <= len(self.items) <= ITEMS_LIMIT or sorted(set(self.items)) != list(self.items):
            raise MalformedError("an export is made of items, each once")
        if sorted(set(self.details)) != list(self.details):
            raise MalformedError("details of an export are in order")

    @classmethod
    def of(cls, form: str, purpose: Purpose, *items: str, **details: str) -> Self:
        """With items and details in any order."""
        return cls(form, purpose, tuple(sorted(set(items))), tuple(sorted(details.items())))


@dataclass(frozen=True)
class Built:
    """The bytes of an output, and which redacted version of each item went into them."""

    output: Output
    content: bytes
    publications: Mapping[str, Publication]

    @property
    def digest(self) -> bytes:
        """SHA-256 of the very bytes: this is what is signed off."""
        return sha256(self.content).digest()


def _one(case: Case, output: Output, publications: Mapping[str, Publication]) -> bytes:
    if len(publications) != 1:
        raise MalformedError(
            "text and json are exports of one item", "name one item", key="one_item"
        )
    (publication,) = publications.values()
    return render(publication, Shape(output.form), alone=is_alone(case))


Builder = Callable[[Case, Output, Mapping[str, Publication]], bytes]
BUILDERS: Final[dict[str, Builder]] = {Shape.TEXT.value: _one, Shape.JSON.value: _one}
"""How each form is built; each refuses what its use does not allow."""

Apart = Callable[[Case, Output, bytes], bytes]
APART: Final[dict[str, Apart]] = {}
"""What goes with a form in a second file that is sealed to its recipient, and so never the same twice."""

COUNTED: Final = set[str]()
"""Forms in which an item that may only be counted has a place, without a word of it."""


def publication_of(case: Case, item: str, purpose: Purpose) -> Publication:
    """What of one item may leave for a use; a refusal for want of consent stands in the ledger.

    1. it is logged, and neither withdrawn nor erased; 2. it is no canary, and somebody can know; 3. its
    author agreed to this very use; 4. it was redacted and read as the panel settled.
    """
    entry = case.entry(item)
    try:
        # (1)
        check_may_leave(case, entry.opening)
        # (2)
        check_testimony(case, item)
        check_revealed(case, entry.opening, dt.datetime.now(dt.UTC))
        # (3)
        container, redaction = case.read(item)
        publication = prepare(
            container, redaction, purpose, thread_of(case, item, standing_of(case))
        )
    except ConsentError:
        record_on(case, item, (Kind.CONSENT, {"subject": "refused"}))
        raise
    # (4)
    gates.check_done(Progress.of(case, item), panel_of(case), Step.BUILD)
    return publication


def build(case: Case, output: Output) -> Built:
    """Build an output; raises what `publication_of` does, for the first item that may not be in it."""
    publications = {item: _publication(case, output, item) for item in output.items}
    return Built(output, BUILDERS[output.form](case, output, publications), publications)


def _publication(case: Case, output: Output, item: str) -> Publication:
    try:
        return publication_of(case, item, output.purpose)
    except ConsentError:
        if output.form not in COUNTED:
            raise
        return publication_of(case, item, Purpose.STATS)


def sign_off(case: Case, output: Output, digest: bytes | None = None) -> Built:
    """Build an output here and sign its hash, as this reviewer on this machine.

    With `digest`, it must be that one. Raises `GateError` for whoever signed the same already: the second is another person elsewhere.
    """
    built = build(case, output)
    check_same(built, digest or built.digest)
    journal = case.files.of_output(built.digest)
    if any(mark.by == case.by for mark in journal.marks(SIGNED)):
        raise GateError(
            f"{case.by} signed this file already",
            "the second sign-off is another person's",
            key="signed_already",
            name=case.by,
        )
    for item in output.items:
        if not gates.has_opened(case, item):
            gates.open_item(case, item, "sign-off")
    record_build(case, built.digest, output.items)
    record(case, (Kind.SIGNOFF, {"hash": f"sha256:{built.digest.hex()}"}))
    plan = dict(output.details).get(PLAN)
    if plan is not None:
        keep_plan(case, built.digest, output.items, plan)
    journal.add(BUILT, _what(case, built))
    journal.add(SIGNED, {"machine": machine_of(case.folder)})
    return built


def hand_over(case: Case, output: Output, out: Path, digest: bytes | None = None) -> Built:
    """Write an output that two people signed off to a new file outside the case.

    The ledger and the case know of it before the first byte is written. What goes apart and sealed
    is a second new file beside it: see `beside`.
    """
    built = build(case, output)
    check_same(built, digest or built.digest)
    check_signed(case, built.digest)
    what = output.purpose, output.form, built.digest, case.by
    left, apart = _what(case, built), b""
    if output.form in APART:
        apart = APART[output.form](case, output, built.content)
        left["apart"] = f"sha256:{sha256(apart).hexdigest()}"
    with ExitStack() as files:
        file = files.enter_context(new_file(out, case.folder))
        second = files.enter_context(new_file(beside(out), case.folder)) if apart else None
        record(
            case, (Kind.EXPORT, {"hash": f"sha256:{built.digest.hex()}", "purpose": output.purpose})
        )
        case.files.of_output(built.digest).add(LEFT, left)
        for item, publication in built.publications.items():
            case.add_export(item, Exported(publication.redaction.version, *what))
        file.write(built.content)
        if second is not None:
            second.write(apart)
    return built


def beside(out: Path) -> Path:
    """Where what goes apart is written, if an output is written to `out`."""
    return out.with_name(f"{out.stem}-originals.zip")


def transferred(case: Case, digest: bytes) -> None:
    """Put into the ledger that the recipient's receipt of a file that left came back."""
    if not case.files.of_output(digest).marks(LEFT):
        raise StoreError(
            "no such file left this case", "its hash is that of `intake review export`"
        )
    record(case, (Kind.TRANSFER, {"hash": f"sha256:{digest.hex()}"}))


def _what(case: Case, built: Built) -> dict[str, object]:
    output = built.output
    rows = sorted(
        [b64(case.entry(item).digest), one.redaction.version, one.redaction.by]
        for item, one in built.publications.items()
    )
    return {
        "form": output.form,
        "for": output.purpose.value,
        "items": rows,
        "details": [[name, kept(name, value)] for name, value in output.details],
    }


def waiting_for(case: Case, digest: bytes) -> Output:
    """The output with this hash that somebody signed off; `MalformedError` where there is none here."""
    for known, output, _ in waiting(case):
        if known == digest:
            return output
    raise MalformedError(
        "no such file waits in this case", "sync first; `intake review outputs` lists what waits"
    )


def check_same(built: Built, digest: bytes) -> None:
    """Raise `GateError` where this copy of the case builds another file than the one that was signed."""
    if built.digest != digest:
        raise GateError(
            "this copy of the case builds another file than the one that was signed",
            "one of the two machines has records that the other lacks: sync both ways, then again",
            key="other_file",
        )


def waiting(case: Case) -> list[tuple[bytes, Output, list[str]]]:
    """Every output that was signed off once here or there: its hash, what it is, and who signed.

    One of which an item is not in this case is left out: this reviewer cannot build it.
    """
    found: list[tuple[bytes, Output, list[str]]] = []
    for folder in sorted(case.folder.glob("outputs/*")):
        digest = bytes.fromhex(folder.name)
        newest = case.files.of_output(digest).newest(BUILT)
        if newest is not None:
            items = _items_of(case, newest.value)
            if items is not None:
                output = _output(case, digest, newest.value, items)
                found.append((digest, output, [by for by, _ in signed_by(case, digest)]))
    return found


def digests_of(value: object) -> list[bytes]:
    """The hashes of the objects of which a built file is made, as its record says."""
    rows = cast("Sequence[Sequence[str]]", shape.mapping(value)["items"])
    return [unb64(str(row[0]), 32) for row in rows]


def _items_of(case: Case, value: object) -> list[str] | None:
    digests = digests_of(value)
    if any(case.known(digest) is None for digest in digests):
        return None
    return [case.id_of(digest) for digest in digests]


def _output(case: Case, digest: bytes, value: object, items: Sequence[str]) -> Output:
    row = shape.mapping(value)
    details = dict(cast("Sequence[tuple[str, str]]", row["details"]))
    known = details.pop(PLAN, None)
    plan = None if known is None else plan_of(case, digest, items, known)
    details |= {} if plan is None else {PLAN: plan}
    return Output.of(str(row["form"]), Purpose(str(row["for"])), *items, **details)
