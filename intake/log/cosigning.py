"""Asks the witnesses to cosign the staged checkpoint, and publishes it when enough have.

It reads the log's folder and its policy, and never the store. A witness learns the log's name, its
size and its root (C2SP tlog-witness).
"""

import re
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from intake.errors import IntakeError, MalformedError, ProofError, StoreError
from intake.log.folder import LogFolder
from intake.tlog.checkpoint import SignedCheckpoint, parse_decimal
from intake.tlog.note import NOTE_LIMIT
from intake.tlog.policy import Endorsed, Policy, Witness
from intake.tlog.tile_reader import TileReader
from intake.tlog.witness import AddCheckpoint, with_cosignature

PATIENCE: Final = 60.0  # seconds for one answer
_SIZE: Final = "text/x.tlog.size"
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|[0-9a-f:]+", re.ASCII)
_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)*", re.ASCII)


class WitnessError(IntakeError):
    """A witness did not cosign: it was not reached, or it refused."""


@dataclass(frozen=True)
class Endpoint:
    """Where a witness takes checkpoints: what stands before `/add-checkpoint`."""

    scheme: str
    host: str
    port: int | None
    path: str

    @classmethod
    def parse(cls, url: str) -> "Endpoint":
        """Read `https://HOST[:PORT][/PATH]`, also with http; raises `MalformedError`."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise MalformedError("a witness's address is not a URL") from None
        path = parts.path.rstrip("/")
        known = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "")
        if not known or not _PATH.fullmatch(path) or set(url) & set("@?#"):
            raise MalformedError(
                "a witness's address is not one of http", "write https://HOST and a path"
            )
        return cls(parts.scheme, parts.hostname or "", port, path)

    def add_checkpoint(self, body: bytes) -> tuple[int, str, bytes]:
        """Ask once; gives status, content type and body. Follows no redirection."""
        kind = HTTPSConnection if self.scheme == "https" else HTTPConnection
        connection = kind(self.host, self.port, timeout=PATIENCE)
        try:
            connection.request(
                "POST", f"{self.path}/add-checkpoint", body, {"Content-Type": "text/plain"}
            )
            answer = connection.getresponse()
            content = answer.read(NOTE_LIMIT + 1)
        except (OSError, HTTPException):
            raise WitnessError("it was not reached") from None
        finally:
            connection.close()
        return answer.status, answer.headers.get_content_type(), content


@dataclass(frozen=True)
class Outcome:
    """A published checkpoint: who vouches for it, and what was wrong with each other witness."""

    signed: SignedCheckpoint
    endorsed: Endorsed
    refusals: tuple[str, ...]


def cosign(folder: LogFolder, policy: Policy) -> Outcome:
    """Have the staged checkpoint cosigned, and publish it if the policy's quorum is met.

    1. there is a staged checkpoint, it is the policy's log's, and the tiles are there
    2. every witness that has an address is asked; the same as is published keeps its lines
    3. the quorum is met; else the old checkpoint stays, and `ProofError` says who is missing
    4. it continues the one that is published
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
            signed = _ask(witness, reader, signed, min(old, signed.checkpoint.size))
        except IntakeError as error:
            refusals.append(f"{witness.name}: {error.phrase}")
    # (3)
    try:
        endorsed = policy.endorsed(signed)
    except ProofError as error:
        raise ProofError(
            f"{error.phrase}; the checkpoint before it stays", "; ".join(refusals)
        ) from None
    # (4)
    folder.publish(signed)
    return Outcome(signed, endorsed, tuple(refusals))


def _ask(
    witness: Witness, reader: TileReader, signed: SignedCheckpoint, old: int
) -> SignedCheckpoint:
    """The checkpoint with the witness's line; its own size is tried if it says that it has one."""
    endpoint = Endpoint.parse(witness.url)
    body = AddCheckpoint(old, reader.consistency(old), signed).to_bytes()
    status, kind, content = endpoint.add_checkpoint(body)
    if status == 409 and kind == _SIZE:
        old = _size(content)
        if old > signed.checkpoint.size:
            raise WitnessError(f"it has seen {old} entries of this log, which are more")
        body = AddCheckpoint(old, reader.consistency(old), signed).to_bytes()
        status, _, content = endpoint.add_checkpoint(body)
    if status != 200:
        raise WitnessError(f"it answered {status}")
    return with_cosignature(signed, content, witness.vkey)


def _size(content: bytes) -> int:
    """The body of a 409: a number and LF."""
    if not content.endswith(b"\n") or not content.isascii():
        raise MalformedError("its size is not a number and a newline")
    return parse_decimal(content[:-1].decode("ascii"))
