"""What a person may rely on in the names and contents of tiles (c2sp.org/tlog-tiles)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import IntakeError, MalformedError
from intake.tlog.merkle import leaf_hashes
from intake.tlog.tiles import (
    TileName,
    edge_tiles,
    parse_bundle,
    peaks,
    split_tile,
    tile_at,
    tile_root,
    write_bundle,
)
from tests.tlog.trees import entries, mth

NAMES = st.builds(
    TileName,
    st.none() | st.integers(0, 63),
    st.integers(0, 2**63 - 1),
    st.integers(1, 256),
)


def test_paths_are_those_of_the_specification() -> None:
    """Its own example, a partial tile, a bundle, and the numbers where elements are added."""
    for name, path in (
        (TileName(0, 1234067), "tile/0/x001/x234/067"),
        (TileName(63, 0, 255), "tile/63/000.p/255"),
        (TileName(None, 999, 1), "tile/entries/999.p/1"),
        (TileName(None, 1000), "tile/entries/x001/000"),
        (TileName(1, 999_999), "tile/1/x999/999"),
        (TileName(1, 1_000_000), "tile/1/x001/x000/000"),
    ):
        assert str(name) == path
        assert TileName.parse(path) == name


@settings(deadline=None)
@given(NAMES)
def test_any_name_reads_back(name: TileName) -> None:
    """Reading is the exact inverse of writing."""
    assert TileName.parse(str(name)) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x001/002/",
        "tile/data/000",
        "tile/0/../000",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/" + "x999/" * 3000 + "999",
    ],
)
def test_a_path_has_one_spelling(path: str) -> None:
    """Nothing outside the log's folder can be named, nor a tile in two ways."""
    with pytest.raises(MalformedError):
        TileName.parse(path)


def test_a_tree_of_70000_has_the_tiles_of_the_specifications_example() -> None:
    """273 full tiles below, and three partial ones of 112, 17 and 1 hashes."""
    assert [str(name) for name in edge_tiles(70_000)] == [
        "tile/0/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    assert [str(name) for name in edge_tiles(256)] == ["tile/1/000.p/1"]
    assert list(edge_tiles(0)) == []
    assert tile_at(0, 272, 70_000).full
    assert tile_at(0, 273, 70_000).width == 112
    for index in (-1, 274):
        with pytest.raises(ValueError, match="no such tile"):
            tile_at(0, index, 70_000)


@settings(deadline=None)
@given(st.integers(1, 256))
def test_the_root_of_a_tile_is_the_tree_over_it(width: int) -> None:
    """At every width, from its complete subtrees."""
    leaves = entries(width)
    hashes = split_tile(b"".join(leaf_hashes(leaves)), width)
    assert tile_root(hashes) == mth(leaves)
    assert len(peaks(hashes)) == width.bit_count()


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_any_bundle_reads_back(some: list[bytes]) -> None:
    """Reading is the exact inverse of writing, empty entries too."""
    assert parse_bundle(write_bundle(some), len(some)) == some


def test_a_bundle_is_big_endian_and_reaches_its_limit() -> None:
    """65,535 bytes are an entry, one more is not."""
    longest = b"x" * 65535
    assert write_bundle([b"ab", b"", longest]) == b"\0\2ab\0\0\xff\xff" + longest
    assert parse_bundle(write_bundle([longest]), 1) == [longest]
    with pytest.raises(MalformedError):
        write_bundle([b"x" * 65536])


@pytest.mark.parametrize(
    ("content", "width"),
    [
        (b"", 1),
        (b"\0\1a", 0),
        (b"\0\1a\0\1b", 1),
        (b"\0\1a", 2),
        (b"\0\1a\0", 1),
        (b"\0\2a", 1),
        (b"\0\1ab", 1),
        (b"\0\1a\0\2b", 2),
    ],
)
def test_a_bundle_holds_its_entries_and_nothing_else(content: bytes, width: int) -> None:
    """Cut short, too long, or of another number: refused."""
    with pytest.raises(MalformedError):
        parse_bundle(content, width)


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 5))
def test_random_bytes_are_a_bundle_or_refused(content: bytes, width: int) -> None:
    """Never another error than ours; what still reads is written back as it came."""
    try:
        found = parse_bundle(content, width)
    except IntakeError:
        return
    assert write_bundle(found) == content


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65])
def test_a_tile_is_whole_hashes(length: int) -> None:
    """Two hashes are 64 bytes."""
    with pytest.raises(MalformedError):
        split_tile(bytes(length), 2)


def test_tiles_out_of_range_cannot_be_named() -> None:
    """Level, index and width have their limits also where no path is read."""
    for level, index, width in ((64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 2**63, 1), (0, 0, 0)):
        with pytest.raises(MalformedError):
            TileName(level, index, width)
    with pytest.raises(MalformedError):
        TileName(None, 0, 257)
