"""Asks the witnesses to cosign the staged checkpoint, and publishes it when enough have.

It reads the log's folder and its policy, and never the store. A witness learns the log's name, its
size and its root (C2SP tlog-witness).
"""

import re
import time
from dataclasses import dataclass
from typing import Final

from intake.errors import IntakeError, MalformedError, ProofError, StoreError
from intake.log.folder import LogFolder
from intake.reaching import Address, Bounds, Connection, SocksAddress, UnreachableError
from intake.tlog.checkpoint import SignedCheckpoint, parse_decimal
from intake.tlog.note import NOTE_LIMIT, Note
from intake.tlog.policy import AHEAD, Endorsed, Policy, Witness
from intake.tlog.tile_reader import TileReader
from intake.tlog.witness import SIZE_KIND, AddCheckpoint, with_cosignature

PATIENCE = 60.0  # seconds for one answer, however it comes; a witness is asked at most twice
_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)*", re.ASCII)


class WitnessError(IntakeError):
    """A witness did not cosign: it was not reached, or it refused."""


@dataclass(frozen=True)
class Endpoint:
    """Where a witness takes checkpoints: what stands before `/add-checkpoint`."""

    address: Address
    path: str

    @classmethod
    def parse(cls, url: str) -> "Endpoint":
        """Read `https://HOST[:PORT][/PATH]`, also with http; raises `MalformedError`."""
        address, path = Address.leading(url)
        path = path.rstrip("/")
        if not _PATH.fullmatch(path):
            raise MalformedError("the address has an odd path", "write https://HOST and a path")
        return cls(address, path)

    def add_checkpoint(self, body: bytes, socks: SocksAddress | None) -> tuple[int, str, bytes]:
        """Ask once; gives status, content type and body. Follows no redirection."""
        connection = Connection(self.address, socks, Bounds(PATIENCE, PATIENCE, NOTE_LIMIT))
        rows = (
            ("Host", self.address.authority),
            ("Accept-Encoding", "identity"),
            ("Content-Type", "text/plain"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        )
        try:
            answer = connection.ask("POST", f"{self.path}/add-checkpoint", rows, body)
        except UnreachableError:
            raise WitnessError("it was not reached") from None
        finally:
            connection.close()
        kind = "".join(answer.values("Content-Type")[:1]).partition(";")[0].strip().lower()
        return answer.status, kind, answer.body


@dataclass(frozen=True)
class Outcome:
    """A published checkpoint: who vouches for it, and what was wrong with each other witness."""

    signed: SignedCheckpoint
    endorsed: Endorsed
    refusals: tuple[str, ...]


def cosign(folder: LogFolder, policy: Policy, socks: SocksAddress | None = None) -> Outcome:
    """Have the staged checkpoint cosigned, and publish it if the policy's quorum is met.

    1. there is a staged checkpoint, it is the policy's log's, and the tiles are there
    2. every witness that has an address is asked, and adds one line; the same as is published
       keeps its lines
    3. the same as was published meanwhile keeps those lines too
    4. the quorum is met; else the old checkpoint stays, and `ProofError` says who is missing
    5. it continues the one that is published

    Takes the folder's lock from step 3 on: a witness holds up nobody who writes. What is written
    meanwhile takes nothing away from the tree that is cosigned.
    """
    # (1)
    signed = folder.staged()
    if signed is None:
        raise StoreError("there is no checkpoint to cosign", "run `intake epoch` first")
    reader, published = folder.reader(signed), folder.published()
    old = 0 if published is None else published.checkpoint.size
    # (2)
    if published is not None and published.checkpoint == signed.checkpoint:
        signed = published
    refusals: list[str] = []
    for witness in policy.witnesses:
        if not witness.url:
            continue
        try:
            signed = _ask(witness, reader, signed, min(old, signed.checkpoint.size), socks)
        except IntakeError as error:
            refusals.append(f"{witness.name}: {error.phrase}")
    with folder.locked():
        # (3)
        signed = _joined(signed, folder.published())
        # (4)
        try:
            endorsed = policy.endorsed(signed)
        except ProofError as error:
            raise ProofError(
                f"{error.phrase}; the checkpoint before it stays", "; ".join(refusals)
            ) from None
        # (5)
        folder.publish(signed)
    return Outcome(signed, endorsed, tuple(refusals))


def _joined(signed: SignedCheckpoint, published: SignedCheckpoint | None) -> SignedCheckpoint:
    """With the lines of keys that have none in it, where the published checkpoint is the same."""
    if published is None or published.checkpoint != signed.checkpoint:
        return signed
    ours = signed.note.signatures
    there = {(line.name, line.key_hash) for line in ours}
    more = [x for x in published.note.signatures if (x.name, x.key_hash) not in there]
    return SignedCheckpoint(Note(signed.note.text, (*ours, *more)))


def _ask(
    witness: Witness,
    reader: TileReader,
    signed: SignedCheckpoint,
    old: int,
    socks: SocksAddress | None,
) -> SignedCheckpoint:
    """The checkpoint with the witness's line; its own size is tried if it says that it has one."""
    endpoint = Endpoint.parse(witness.url)
    body = AddCheckpoint(old, reader.consistency(old), signed).to_bytes()
    status, kind, content = endpoint.add_checkpoint(body, socks)
    if status == 409 and kind == SIZE_KIND:
        old = _size(content)
        if old > signed.checkpoint.size:
            raise WitnessError(f"it has seen {old} entries of this log, which are more")
        body = AddCheckpoint(old, reader.consistency(old), signed).to_bytes()
        status, _, content = endpoint.add_checkpoint(body, socks)
    if status != 200:
        raise WitnessError(f"it answered {status}")
    return with_cosignature(signed, content, witness.vkey, latest=time.time() + AHEAD)


def _size(content: bytes) -> int:
    """The body of a 409: a number and LF."""
    if not content.endswith(b"\n") or not content.isascii():
        raise MalformedError("its size is not a number and a newline")
    return parse_decimal(content[:-1].decode("ascii"))
