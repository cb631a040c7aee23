"""A log made once (tests/vectors/log.json) is read and believed for ever, from its bytes alone."""

import json
from base64 import b64decode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from intake.errors import ProofError
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import Blinded, EpochClosed, parse_entry
from intake.tlog.merkle import EMPTY, leaf_hashes
from intake.tlog.note import VerifierKey
from intake.tlog.policy import Policy
from intake.tlog.promise import Promise
from intake.tlog.proof import LogProof
from intake.tlog.tile_reader import TileReader
from intake.tlog.tile_writer import TileWriter
from intake.tlog.witness import AddCheckpoint, KnownLog, decide
from tests.tlog.go_checker import Go
from tests.tlog.logs import LOG, LOG_ML_DSA, POLICY, WITNESSES
from tests.tlog.write_vectors import log_entries

PATH = Path(__file__).parents[1] / "vectors" / "log.json"
LOG_JSON: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
ENTRIES = [b64decode(text) for text in LOG_JSON["entries"]]
NOTES = {int(size): text.encode() for size, text in LOG_JSON["checkpoints"].items()}
PROOFS = {int(index): text.encode() for index, text in LOG_JSON["proofs"].items()}
KNOWN = Policy.parse(LOG_JSON["policy"].encode())
TILES = {path: b64decode(text) for path, text in LOG_JSON["tiles"].items()}


def test_every_checkpoint_is_of_these_entries_and_believed() -> None:
    """Three witnesses of two kinds, at five sizes."""
    for size, data in NOTES.items():
        note = SignedCheckpoint.parse(data)
        assert note.to_bytes() == data
        assert note.checkpoint.size == size
        assert note.checkpoint.root == EMPTY.extended(leaf_hashes(ENTRIES[:size])).root
        assert [name for name, _ in KNOWN.endorsed(note).witnesses] == ["w1", "w2", "w3"]


def test_every_proof_holds_for_its_entry() -> None:
    """And for no neighbour of it."""
    for index, data in PROOFS.items():
        proof = LogProof.parse(data)
        assert (proof.to_bytes(), proof.index) == (data, index)
        assert proof.extra == b"extra %d" % index
        proof.verify(ENTRIES[index], KNOWN)
        with pytest.raises(ProofError):
            proof.verify(ENTRIES[index - 1], KNOWN)


def test_a_witness_follows_the_log_request_by_request() -> None:
    """Each request continues the one before; in another order none is accepted."""
    bodies = [text.encode() for text in LOG_JSON["add_checkpoint"]]
    key = VerifierKey.parse(LOG_JSON["policy"].split()[1])
    latest = None
    for body in bodies:
        assert AddCheckpoint.parse(body).to_bytes() == body
        verdict = decide(body, {key.name: KnownLog((key,), latest)}.get)
        assert verdict.status == 200
        latest = verdict.accepted
    assert latest == SignedCheckpoint.parse(NOTES[50]).checkpoint
    for later, earlier in pairwise(reversed(bodies)):
        seen = AddCheckpoint.parse(earlier).signed.checkpoint
        assert decide(later, {key.name: KnownLog((key,), seen)}.get).status == 200
        assert decide(earlier, {key.name: KnownLog((key,), seen)}.get).status == 409


def test_the_promise_was_kept() -> None:
    """Its commitment stands in the log before its epoch is closed."""
    promise = Promise.open(LOG_JSON["promise"].encode(), LOG.vkey)
    entries = [parse_entry(data) for data in ENTRIES]
    assert [entry.to_bytes() for entry in entries] == ENTRIES
    closed = entries.index(EpochClosed(promise.epoch))
    assert Blinded(promise.commit) in entries[:closed]


def test_the_tiles_are_written_the_same_today(tmp_path: Path) -> None:
    """And read back to the same entries under the last checkpoint."""
    edge = TileWriter(tmp_path).append(ENTRIES)
    assert {path: (tmp_path / path).read_bytes() for path in TILES} == TILES
    assert list(TileReader(TILES.get, 50, edge.root).entries()) == ENTRIES


def test_the_file_is_what_its_script_writes() -> None:
    """The entries, the policy and the keys can be made again; nothing in it is of unknown origin."""
    assert log_entries() == ENTRIES
    assert KNOWN == POLICY
    assert POLICY.to_bytes().decode() == LOG_JSON["policy"]
    assert LOG_JSON["seeds"] == {key.name: key.seed.hex() for key in (LOG, *WITNESSES)}


def test_go_believes_the_checkpoints_too(go: Go) -> None:
    """The fixed bytes, with the fixed keys, in the other implementation."""
    vkeys = [str(line.vkey) for line in (*KNOWN.logs, *KNOWN.witnesses)]
    for data in NOTES.values():
        assert len(go.ask("open", note=data, vkeys=vkeys)["Keys"]) == 4


def test_no_real_site_takes_the_keys_of_this_log() -> None:
    """Their seeds are in this repository: each is in the list of forbidden keys."""
    listed = (Path(__file__).parents[2] / "intake" / "forbidden_keys.txt").read_text("ascii")
    for signer in (LOG, LOG_ML_DSA, *WITNESSES):
        assert sha256(str(signer.vkey).encode()).hexdigest() in listed
