"""The originals behind a package for a court: what each says, whose hands it went through, and its sealing.

An original is a publication with proof (docs/format.md 25) in which nothing is left out but what may go to
no court. Its bytes are the same on every machine and are what two people sign, by their hash; sealed to the
court it is never the same twice, and is sealed when it leaves. Nothing of it is ever written open.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from intake.age import HybridRecipient, encrypt_bytes
from intake.container import Level
from intake.errors import GateError, IntakeError, MalformedError, ProofError, StoreError
from intake.ledger.act import Act, Kind
from intake.ledger.record import Head, Record, read_head, read_records
from intake.review.acting import ledger_item
from intake.review.case import Case
from intake.review.consent import Purpose, held_back
from intake.review.log_kept import check_logged, log_of
from intake.review.outgoing import Output
from intake.review.outputs.archives import read_archive
from intake.review.outputs.court import Custody, Held, originals
from intake.review.proving import prove_original

_LEDGERS: Final = "ledgers"
_PROOF: Final = "proof "  # and the hash of the object, in hex
_NOWHERE: Final = "0" * 64  # the root before a ledger's first act
_PASSED_OVER: Final = frozenset(
    {Kind.BUILD}
)  # what else was made of an item is no court's business

_Row = tuple[Head, int, Record, str]  # whose ledger, which line of it, and the root before it


def details(case: Case, items: Sequence[str]) -> dict[str, str]:
    """What the bytes depend on beside the case, as this copy has it now: proofs of logging, and ledgers.

    Raises `ProofError` where this copy has not seen the log in which an item is.
    """
    log = log_of(case)
    openings = [case.entry(item).opening for item in items]
    proofs = {f"{_PROOF}{o.envelope.hex()}": log.proof_of(o).decode() for o in openings}
    sizes = {
        path.stem: len(_records(case, path.stem)) for path in case.folder.glob("ledgers/*.ledger")
    }
    return proofs | {_LEDGERS: "\n".join(f"{name} {size}" for name, size in sorted(sizes.items()))}


def held(case: Case, output: Output, names: Mapping[str, str]) -> dict[str, Held]:
    """What a court's package says of each original, by the code of its case."""
    rows = _rows(case, output)
    return {names[item]: _held(case, output, item, rows) for item in output.items}


def name_of(key: str) -> str:
    """The hash by which a package names the key to which its originals are sealed."""
    return f"sha256:{sha256(str(_recipient(key)).encode()).hexdigest()}"


def sealed(case: Case, output: Output, names: Mapping[str, str], key: str, package: bytes) -> bytes:
    """The archive of sealed originals that goes with a signed package.

    Raises `ProofError` unless each is the very one that the package names, and the key too.
    """
    index = json.loads(read_archive(package)["index.json"])
    signed = {str(row["id"]): str(row["original_sha256"]) for row in index["items"]}
    opened = {names[item]: _original(case, output, item) for item in output.items}
    found = {code: sha256(content).hexdigest() for code, content in opened.items()}
    if signed != found or index["sealed_to"] != name_of(key):
        raise ProofError(
            "the originals are not those that were signed", "sync both ways, and build it again"
        )
    recipient = _recipient(key)
    return originals(
        {code: encrypt_bytes(content, [recipient]) for code, content in opened.items()}
    )


def _recipient(key: str) -> HybridRecipient:
    try:
        return HybridRecipient.parse(key.strip())
    except IntakeError:
        raise MalformedError(
            "the key of the recipient is not one to which originals are sealed",
            "it begins with age1pq1: the recipient makes it with `age-keygen -pq`",
        ) from None


def _original(case: Case, output: Output, item: str) -> bytes:
    """1. it is in a log that this copy believes; 2. all of it but what goes to no court."""
    opening, container = case.original(item)
    # (1)
    try:
        proof = dict(output.details)[f"{_PROOF}{opening.envelope.hex()}"].encode()
    except KeyError:
        raise MalformedError("a court's package has lost a proof of logging") from None
    check_logged(case, opening, proof)
    # (2)
    left_out = held_back(container, Purpose.COURTS)
    return prove_original(container, opening, left_out, proof, (Level.COURTS,))


def _held(case: Case, output: Output, item: str, rows: Sequence[_Row]) -> Held:
    content = _original(case, output, item)
    digest = case.entry(item).digest.hex()
    of_item = _of_item(rows, ledger_item(case, item))
    custody = tuple(_line(row, digest) for row in of_item)
    collectors = [row[2].act.by for row in of_item if row[2].act.kind is Kind.COLLECT]
    importers = [row[2].act.by for row in of_item if row[2].act.kind is Kind.IMPORT]
    if not importers:
        raise StoreError(
            "no ledger says how an item came", "sync with the machine that imported it"
        )
    _, container = case.original(item)
    return Held(
        digest=digest,
        size=len(case.files.open(item, "original")),
        collector=(collectors or importers)[0],
        custody=custody,
        original=sha256(content).hexdigest(),
        original_size=len(content),
        files=len(container.files),
    )


@dataclass(frozen=True)
class _Came:
    """With which logs and on which sticks an item came."""

    logs: frozenset[tuple[str, str]]
    sticks: frozenset[str]

    def has(self, act: Act) -> bool:
        """Whether an act is of such a stick."""
        if act.kind is Kind.COLLECT:
            return (act["size"], act["root"]) in self.logs
        return act.kind is Kind.HANDOVER and act["stick"] in self.sticks


def _of_item(rows: Sequence[_Row], name: str) -> list[_Row]:
    """The lines that name an item, and those of the sticks on which it came."""
    acts = [record.act for _, _, record, _ in rows]
    came = [act for act in acts if act.kind is Kind.IMPORT and name in act.items]
    logs = frozenset((act["size"], act["root"]) for act in came)
    collected = [act for act in acts if act.kind is Kind.COLLECT]
    sticks = frozenset(act["stick"] for act in collected if (act["size"], act["root"]) in logs)
    way = _Came(logs, sticks)
    found = (
        row
        for row in rows
        if way.has(row[2].act) or (name in row[2].act.items and row[2].act.kind not in _PASSED_OVER)
    )
    # Within a week each machine's acts are in order, and nothing says which machine's came first.
    return sorted(found, key=lambda row: (row[2].act.week.number, row[0].machine, row[1]))


def _line(row: _Row, digest: str) -> Custody:
    head, number, record, before = row
    act = record.act
    reason = next((act[n] for n in ("purpose", "subject", "stick") if act.get(n)), "")
    return Custody(
        number=number,
        week=str(act.week),
        actor=act.by,
        action=act.kind,
        object=digest,
        giver=act.get("from") or "",
        taker=act.get("to") or head.machine,
        reason=reason,
        previous=before,
        signature=record.signature.signature.hex(),
        root=record.root.hex(),
        ledger=head.origin,
    )


def _rows(case: Case, output: Output) -> list[_Row]:
    """Every line of the ledgers as far as they went when the package was planned.

    Raises `GateError` where this copy has not all of them.
    """
    try:
        given = [row.split(" ") for row in dict(output.details)[_LEDGERS].splitlines()]
        sizes = [(name, int(size)) for name, size in given]
    except (KeyError, ValueError):
        raise MalformedError("a court's package has lost what its ledgers were") from None
    rows: list[_Row] = []
    for machine, size in sizes:
        head, records = _ledger(case, machine)
        if len(records) < size:
            raise GateError(
                f"this copy has not all of the ledger of {machine}",
                "sync both ways, then again",
                key="no_ledger",
                machine=machine,
            )
        before = _NOWHERE
        for number, record in enumerate(records[:size]):
            rows.append((head, number, record, before))
            before = record.root.hex()
    return rows


def _records(case: Case, machine: str) -> list[Record]:
    return _ledger(case, machine)[1]


def _ledger(case: Case, machine: str) -> tuple[Head, list[Record]]:
    path = case.folder / "ledgers" / f"{machine}.ledger"
    if path.parent != case.folder / "ledgers" or not path.exists():
        raise GateError(
            f"this copy has no ledger of {machine}",
            "sync both ways, then again",
            key="no_ledger",
            machine=machine,
        )
    with path.open("rb") as file:
        head = read_head(file)
        return head, list(read_records(file, head))
