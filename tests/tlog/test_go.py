"""The log beside Go's own implementation, both ways: what one writes the other reads and proves.

Go's packages know Ed25519 lines; for cosignatures and ML-DSA-44 the checker gives them verifiers
written from the specifications with Go's crypto/ed25519 and crypto/mldsa.
"""

import base64
from pathlib import Path

import pytest

from intake.epoch import Epoch
from intake.errors import ProofError
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.merkle import (
    EMPTY,
    leaf_hash,
    leaf_hashes,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)
from intake.tlog.note import Note
from intake.tlog.promise import Promise
from intake.tlog.tile_reader import TileReader, folder_reader
from intake.tlog.tile_writer import TileWriter
from intake.tlog.tiles import TileName
from tests.tlog.go_checker import Go, GoRefusedError
from tests.tlog.logs import LOG, LOG_ML_DSA, ORIGIN, WITNESSES, checkpoint_of, signed
from tests.tlog.trees import entries, mth, reader

SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 700]
SIGNERS = (LOG, LOG_ML_DSA, *WITNESSES)
VKEYS = [str(signer.vkey) for signer in SIGNERS]
LEAVES = entries(700)


def hashes(answer: list[str] | None) -> tuple[bytes, ...]:
    """Hashes of an answer; Go writes an empty list as null."""
    return tuple(base64.b64decode(text) for text in answer or ())


def named(number: int) -> str:
    """A signer as the checker names it."""
    vkey = SIGNERS[number].vkey
    return f"{vkey.name}+{vkey.key_hash.hex()}"


def test_go_opens_our_checkpoint_with_every_kind_of_line(go: Go) -> None:
    """The log's two signatures and three cosignatures of two kinds, one by one and all together."""
    checkpoint = checkpoint_of(LEAVES)
    note = signed(checkpoint).note.with_signature(LOG_ML_DSA.sign(checkpoint.to_bytes()))
    answer = go.ask("open", note=note.to_bytes(), vkeys=VKEYS)
    assert answer["Text"].encode() == checkpoint.to_bytes()
    assert sorted(answer["Keys"]) == sorted(map(named, range(5)))
    for number, vkey in enumerate(VKEYS):
        alone = go.ask("open", note=note.to_bytes(), vkeys=[vkey])
        assert alone["Keys"] == [named(number)]


@pytest.mark.parametrize("number", range(5))
def test_go_refuses_our_note_once_it_is_altered(go: Go, number: int) -> None:
    """Each of the five lines binds size and root: what we sign is what Go checks."""
    checkpoint = checkpoint_of(LEAVES)
    note = signed(checkpoint).note.with_signature(LOG_ML_DSA.sign(checkpoint.to_bytes()))
    altered = note.to_bytes().replace(b"\n700\n", b"\n701\n")
    with pytest.raises(GoRefusedError, match="invalid signature"):
        go.ask("open", note=altered, vkeys=[VKEYS[number]])


def test_go_opens_our_promise(go: Go) -> None:
    """The evidence that a submission was taken is checked by stock tools."""
    promise = Promise(ORIGIN, Epoch(2026, 47), bytes(32)).signed(LOG)
    answer = go.ask("open", note=promise.to_bytes(), vkeys=VKEYS)
    assert answer["Text"].encode() == promise.text


def test_we_open_the_checkpoint_that_go_signed(go: Go) -> None:
    """The same key in Go's spelling; the very same bytes, for Ed25519 signs one way."""
    checkpoint = checkpoint_of(LEAVES)
    key = base64.b64encode(b"\x01" + LOG.seed).decode()
    skey = f"PRIVATE+KEY+{ORIGIN}+{LOG.vkey.key_hash.hex()}+{key}"
    made = base64.b64decode(go.ask("sign", text=checkpoint.to_bytes().decode(), skey=skey)["Note"])
    found = SignedCheckpoint.parse(made)
    assert found.checkpoint == checkpoint
    assert found.note.signed_by(LOG.vkey)
    assert made == Note(checkpoint.to_bytes(), (LOG.sign(checkpoint.to_bytes()),)).to_bytes()


@pytest.mark.parametrize("size", SIZES)
def test_go_reads_and_proves_from_our_folder(go: Go, tmp_path: Path, size: int) -> None:
    """Root, entries, and the very proofs that we make of the same tiles."""
    edge = TileWriter(tmp_path).append(LEAVES[:size])
    index, old = size // 3, size // 2 + 1
    answer = go.ask(
        "prove", folder=str(tmp_path), size=size, root=edge.root, index=index, old=min(old, size)
    )
    ours = TileReader(folder_reader(tmp_path), size, edge.root)
    assert base64.b64decode(answer["Root"]) == edge.root
    assert list(hashes(answer["Entries"])) == LEAVES[:size]
    assert hashes(answer["Inclusion"]) == ours.inclusion(index)
    assert hashes(answer["Consistency"]) == ours.consistency(min(old, size))


@pytest.mark.parametrize("size", SIZES)
def test_we_read_and_prove_from_gos_folder(go: Go, tmp_path: Path, size: int) -> None:
    """The same files, byte for byte, and proofs that hold here."""
    index, old = size // 4, size // 2 + 1
    answer = go.ask(
        "write", folder=str(tmp_path / "go"), entries=LEAVES[:size], index=index, old=min(old, size)
    )
    edge = TileWriter(tmp_path / "ours").append(LEAVES[:size])
    root = base64.b64decode(answer["Root"])
    assert root == edge.root
    assert _files(tmp_path / "go") == _files(tmp_path / "ours")
    assert list(TileReader(folder_reader(tmp_path / "go"), size, root).entries()) == LEAVES[:size]
    leaf = leaf_hash(LEAVES[index])
    verify_inclusion(index, size, leaf, hashes(answer["Inclusion"]), root)
    proof = hashes(answer["Consistency"])
    verify_consistency(min(old, size), size, mth(LEAVES[: min(old, size)]), root, proof)


def test_go_refuses_a_flipped_tile_where_we_do(go: Go, tmp_path: Path) -> None:
    """The chain from the root to each tile is the same on both sides."""
    edge = TileWriter(tmp_path).append(LEAVES)
    tile = tmp_path / "tile/0/001"
    tile.write_bytes(tile.read_bytes()[:-1] + b"\0")
    with pytest.raises(GoRefusedError, match="inconsistent tile"):
        go.ask("prove", folder=str(tmp_path), size=700, root=edge.root, index=300, old=5)
    with pytest.raises(ProofError, match="tile/0/001 "):
        TileReader(folder_reader(tmp_path), 700, edge.root).inclusion(300)


def test_go_accepts_our_proofs_and_refuses_what_we_refuse(go: Go) -> None:
    """Inclusion and consistency, good and with a hash taken away."""
    size, index, old = 40, 21, 13
    stored, root = reader(LEAVES[:size]), mth(LEAVES[:size])
    path = list(prove_inclusion(index, size, stored))
    record = {"size": size, "root": root, "index": index, "entry": LEAVES[index]}
    go.ask("check_record", proof=path, **record)
    with pytest.raises(GoRefusedError):
        go.ask("check_record", proof=path[1:], **record)
    proof = list(prove_consistency(old, size, stored))
    tree = {"size": size, "root": root, "old": old, "oldRoot": mth(LEAVES[:old])}
    go.ask("check_tree", proof=proof, **tree)
    with pytest.raises(GoRefusedError):
        go.ask("check_tree", proof=proof[1:], **tree)


def test_paths_of_tiles_are_gos(go: Go) -> None:
    """Across every number of path elements and the widths."""
    names = [
        TileName(level, index, width)
        for level in (0, 5, 63)
        for index in (0, 1, 999, 1000, 999_999, 1_000_000, 1_234_067, 2**55)
        for width in (1, 255, 256)
    ]
    tiles = [{"L": name.level, "N": name.index, "W": name.width} for name in names]
    assert go.ask("paths", tiles=tiles)["Paths"] == [str(name) for name in names]


def test_hashing_a_longer_log_gives_gos_root(go: Go) -> None:
    """20,000 entries as the log has them, streamed through the edge."""
    edge = EMPTY
    for first in range(0, 20_000, 1000):
        some = [b"B" + i.to_bytes(32, "big") for i in range(first, first + 1000)]
        edge = edge.extended(leaf_hashes(some))
    assert base64.b64decode(go.ask("bench", size=20_000)["Root"]) == edge.root
    assert Checkpoint(ORIGIN, 20_000, edge.root).size == edge.size


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
