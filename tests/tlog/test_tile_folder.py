"""What a person may rely on when a log's folder grows and is read."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.errors import MalformedError, ProofError
from intake.tlog.merkle import (
    EMPTY,
    EMPTY_ROOT,
    Edge,
    leaf_hash,
    leaf_hashes,
    verify_consistency,
    verify_inclusion,
)
from intake.tlog.tile_reader import TileReader, folder_reader
from intake.tlog.tile_writer import TileWriter
from tests.tlog.trees import entries, mth

SIZE = 70_000  # the specification's example: three levels of tiles
LEAVES = entries(SIZE)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Edge]:
    """A folder of 70,000 entries, in one go."""
    folder = tmp_path_factory.mktemp("log")
    return folder, TileWriter(folder).append(LEAVES)


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def read(folder: Path, edge: Edge) -> TileReader:
    """A reader that believes this root."""
    return TileReader(folder_reader(folder), edge.size, edge.root)


def test_a_log_is_exactly_the_files_of_the_specification(log: tuple[Path, Edge]) -> None:
    """Every tile of its tree, and nothing else: no part of a file, no trace of the writing."""
    folder, edge = log
    assert edge == EMPTY.extended(leaf_hashes(LEAVES))
    expected = {f"tile/{level}/{n:03d}" for level in ("entries", 0) for n in range(273)}
    expected |= {"tile/entries/273.p/112", "tile/0/273.p/112", "tile/1/000"}
    expected |= {"tile/1/001.p/17", "tile/2/000.p/1"}
    found = files(folder)
    assert set(found) == expected
    assert found["tile/0/000"] == b"".join(leaf_hashes(LEAVES[:256]))
    assert found["tile/1/000"][:32] == mth(LEAVES[:256])
    assert found["tile/2/000.p/1"] == mth(LEAVES[: 256**2])


def test_all_entries_read_back_and_each_is_proved(log: tuple[Path, Edge]) -> None:
    """In order, from anywhere to anywhere; proofs from the tiles hold against the root."""
    folder, edge = log
    reader = read(folder, edge)
    assert list(reader.entries()) == LEAVES
    for begin, end in ((0, 0), (0, 1), (255, 257), (69_000, SIZE), (SIZE, SIZE), (512, 768)):
        assert list(reader.entries(begin, end)) == LEAVES[begin:end]
    for index in (0, 255, 256, 65_535, 65_536, 69_887, 69_888, SIZE - 1):
        path = reader.inclusion(index)
        verify_inclusion(index, SIZE, leaf_hash(LEAVES[index]), path, edge.root)
    for old in (1, 255, 256, 257, 65_536, 65_537, 69_999, SIZE):
        old_root = EMPTY.extended(leaf_hashes(LEAVES[:old])).root
        verify_consistency(old, SIZE, old_root, edge.root, reader.consistency(old))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None
)
@given(st.lists(st.integers(0, 600), min_size=1, max_size=5))
def test_a_log_grows_the_same_in_any_steps(tmp_path: Path, steps: list[int]) -> None:
    """Each step begins from the folder alone; full tiles and the newest edge come out the same."""
    shutil.rmtree(tmp_path, ignore_errors=True)
    tmp_path.mkdir()
    size, edge = 0, EMPTY
    for step in steps:
        writer = TileWriter.resume(tmp_path / "log", size, edge.root)
        assert writer.edge == edge
        edge = writer.append(LEAVES[size : size + step])
        size += step
        # A reader with this step's checkpoint is served, and one with it is served later too.
        assert list(read(tmp_path / "log", edge).entries()) == LEAVES[:size]
    once = TileWriter(tmp_path / "once").append(LEAVES[:size])
    assert once == edge
    grown, whole = files(tmp_path / "log"), files(tmp_path / "once")
    assert whole.items() <= grown.items()
    assert all(".p/" in name for name in grown.keys() - whole.keys())


def test_an_older_checkpoint_is_still_served(tmp_path: Path) -> None:
    """Its partial tiles stay; where they were deleted the full tile serves, as the spec allows."""
    old = TileWriter(tmp_path).append(LEAVES[:300])
    TileWriter.resume(tmp_path, 300, old.root).append(LEAVES[300:600])
    assert list(read(tmp_path, old).entries()) == LEAVES[:300]
    for part in ("entries", "0"):
        shutil.rmtree(tmp_path / "tile" / part / "001.p")
    assert list(read(tmp_path, old).entries()) == LEAVES[:300]
    (tmp_path / "tile" / "0" / "001").unlink()
    with pytest.raises(ProofError, match=r"tile/0/001\.p/44 is missing"):
        read(tmp_path, old)


def test_writing_the_same_again_after_a_crash_changes_nothing(tmp_path: Path) -> None:
    """Resumed at the last signed size, the same entries give the same tree."""
    old = TileWriter(tmp_path).append(LEAVES[:300])
    new = TileWriter.resume(tmp_path, 300, old.root).append(LEAVES[300:900])
    before = files(tmp_path)
    # The power failed: some of what was written is lost, and the checkpoint was never signed.
    (tmp_path / "tile/0/002").unlink()
    (tmp_path / "tile/entries/003.p/132").unlink()
    assert TileWriter.resume(tmp_path, 300, old.root).append(LEAVES[300:900]) == new
    assert files(tmp_path) == before


def test_a_second_tree_is_never_written(tmp_path: Path) -> None:
    """Other entries where tiles stand already are refused with the tile's name."""
    TileWriter(tmp_path).append(LEAVES[:300])
    before = files(tmp_path)
    with pytest.raises(ProofError, match=r"tile/entries/000 exists with other content"):
        TileWriter(tmp_path).append([b"x", *LEAVES[1:300]])
    with pytest.raises(ProofError, match=r"tile/entries/001\.p/44 exists with other content"):
        TileWriter(tmp_path).append([*LEAVES[:299], b"x"])
    assert files(tmp_path) == before


def test_an_entry_too_long_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """The tree does not know it, and goes on without it."""
    writer = TileWriter(tmp_path)
    with pytest.raises(MalformedError):
        writer.append([b"x" * 65_536])
    assert writer.edge == EMPTY
    assert files(tmp_path) == {}
    assert writer.append([b"x"]).root == mth([b"x"])


def test_an_empty_log_is_no_files(tmp_path: Path) -> None:
    """And has the root of nothing, no other."""
    assert TileWriter(tmp_path / "log").append([]) == EMPTY
    assert not (tmp_path / "log").exists()
    assert list(TileReader(folder_reader(tmp_path), 0, EMPTY_ROOT).entries()) == []
    with pytest.raises(ProofError):
        TileReader(folder_reader(tmp_path), 0, bytes(32))


@pytest.mark.parametrize("how", ["missing", "flipped", "short", "long"])
@pytest.mark.parametrize(
    "name",
    [
        "tile/0/000",
        "tile/0/002",
        "tile/entries/001",
        "tile/0/003.p/132",
        "tile/entries/003.p/132",
        "tile/1/000.p/3",
    ],
)
def test_a_wrong_tile_is_refused_by_its_name(tmp_path: Path, name: str, how: str) -> None:
    """Whichever file of a log is lost or altered, that one is named: no other, no false root."""
    edge = TileWriter(tmp_path).append(LEAVES[:900])
    path = tmp_path / name
    content = path.read_bytes()
    match how:
        case "missing":
            path.unlink()
        case "flipped":
            path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case "short":
            path.write_bytes(content[:-1])
        case _:
            path.write_bytes(content + b"\0")
    with pytest.raises(ProofError) as refused:
        list(read(tmp_path, edge).entries())
    assert refused.value.phrase.startswith(f"{name} ")


def test_the_tiles_of_another_log_are_refused(tmp_path: Path) -> None:
    """A folder that is whole in itself, but not the tree that was signed."""
    other = TileWriter(tmp_path).append([b"x", *LEAVES[1:900]])
    assert len(list(read(tmp_path, other).entries())) == 900
    with pytest.raises(ProofError, match="another log: tile/0/003"):
        TileReader(folder_reader(tmp_path), 900, mth(LEAVES[:900]))
    with pytest.raises(ProofError, match=r"tile/0/003\.p/133 is missing"):
        TileReader(folder_reader(tmp_path), 901, mth(LEAVES[:901]))


def test_resuming_at_a_tree_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Nothing is appended to what the signed root does not prove."""
    edge = TileWriter(tmp_path).append(LEAVES[:300])
    with pytest.raises(ProofError):
        TileWriter.resume(tmp_path, 300, mth(LEAVES[:299]))
    (tmp_path / "tile/entries/001.p/44").write_bytes(b"\0\1x" * 44)
    with pytest.raises(ProofError, match=r"tile/entries/001\.p/44"):
        TileWriter.resume(tmp_path, 300, edge.root)


def test_what_is_outside_the_tree_cannot_be_asked_for(log: tuple[Path, Edge]) -> None:
    """The caller's mistake is told at once."""
    reader = read(*log)
    for level, index in ((0, SIZE), (0, -1), (8, 273), (17, 0)):
        with pytest.raises(ValueError, match="no such subtree"):
            reader.hash(level, index)
    for begin, end in ((-1, 1), (2, 1), (0, SIZE + 1)):
        with pytest.raises(ValueError, match="no such entries"):
            list(reader.entries(begin, end))


@given(st.integers(0, 16), st.data())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
def test_every_stored_hash_is_its_subtrees(
    log: tuple[Path, Edge], level: int, data: st.DataObject
) -> None:
    """Levels inside a tile and on its border, everywhere in the tree."""
    index = data.draw(st.integers(0, (SIZE >> level) - 1))
    expected = EMPTY.extended(leaf_hashes(LEAVES[index << level : (index + 1) << level])).root
    assert read(*log).hash(level, index) == expected


def test_memory_does_not_grow_with_the_log(log: tuple[Path, Edge]) -> None:
    """A reader of 274 tiles holds at most 32 of them."""
    reader = read(*log)
    for _ in reader.entries():
        assert len(reader._cache) <= 32
    assert len(reader._cache) == 32
