"""The ledgers in a merge of two copies: each only grows, and each says which acts of others it has seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from intake.errors import ProofError
from intake.ledger.act import Kind
from intake.ledger.record import Head, read_head, read_records
from intake.review.acting import ledger_path, machine_of, record
from intake.review.case import Case
from intake.review.folder import write
from intake.review.stick import Offer
from intake.tlog.merkle import EMPTY, Edge, leaf_hash


@dataclass(frozen=True)
class Merged:
    """What a sync did with one thing, in words that can be read over a telephone."""

    what: str
    alarm: bool = False


def check_ledger(case: Case, offer: Offer) -> None:
    """The other machine's ledger has the root that its list names, and continues what is known of it."""
    data = offer.read(f"ledgers/{offer.listing.machine}.ledger")
    edge = edge_of(data, Head(case.roster.deployment, offer.listing.machine))
    if (edge.size, edge.root) != (offer.listing.size, offer.listing.root):
        raise ProofError(
            f"the ledger of {offer.listing.machine} is not the one that its list names"
        )
    mine = ledger_path(case.folder, offer.listing.machine)
    known = mine.read_bytes() if mine.exists() else b""
    if known.startswith(data) and known != data:
        raise ProofError(
            f"what lies on the stick for {offer.listing.machine} is older than what was seen of it",
            "somebody brought an older stick: nothing of it is taken",
        )
    if not data.startswith(known):
        raise ProofError(
            f"the ledger of {offer.listing.machine} is not the one that was seen before",
            "two machines have one name, or acts were changed: stop, and tell the auditor",
        )


def edge_of(data: bytes, head: Head) -> Edge:
    """The tree of a ledger, whose roots must be those beside its acts; `ProofError` where one is not."""
    source = BytesIO(data)
    if read_head(source) != head:
        raise ProofError("a ledger on the stick lies under another machine's name")
    edge = EMPTY
    for one in read_records(source, head):
        edge = edge.extended([leaf_hash(one.act.to_bytes())])
        if edge.root != one.root:
            raise ProofError(
                f"act {edge.size - 1} of a ledger on the stick is not the one that was signed"
            )
    return edge


def take_ledgers(case: Case, offer: Offer) -> Iterator[Merged]:
    """Take the ledgers of other machines, as far as they go on; and put into this one what was seen."""
    for path in offer.under("ledgers/"):
        machine = path.removeprefix("ledgers/").removesuffix(".ledger")
        mine = ledger_path(case.folder, machine)
        if machine == machine_of(case.folder):
            if not mine.read_bytes().startswith(offer.read(path)):
                raise ProofError(
                    f"machine {offer.listing.machine} saw another ledger of this machine",
                    "this one was set back, or copied: stop, and tell the auditor",
                )
            continue
        data, known = offer.read(path), mine.read_bytes() if mine.exists() else b""
        if known.startswith(data):
            continue
        if not data.startswith(known):
            raise ProofError(
                f"two ledgers of machine {machine} differ", "stop, and tell the auditor"
            )
        edge = edge_of(data, Head(case.roster.deployment, machine))
        if edge.size:
            size, root = str(edge.size), edge.root.hex()
            record(case, (Kind.SYNC, {"machine": machine, "size": size, "root": root}))
        write(mine, data)
        yield Merged(f"ledger of {machine}: {edge.size} acts")
