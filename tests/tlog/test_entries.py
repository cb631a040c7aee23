"""What a person may rely on when an entry of the log is read (docs/format.md, Log)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError
from intake.tlog.entries import (
    Blinded,
    CodeReleased,
    ConfigChanged,
    Entry,
    EpochClosed,
    Restored,
    Retired,
    RosterChanged,
    parse_entry,
)

DIGEST = "sha256:" + "0f" * 32
DIGESTS = st.binary(min_size=32, max_size=32).map(lambda raw: f"sha256:{raw.hex()}")
ENTRIES = st.one_of(
    st.builds(Blinded, st.binary(min_size=32, max_size=32)),
    st.builds(RosterChanged, st.integers(1, 999_999_999), DIGESTS),
    st.builds(ConfigChanged, DIGESTS),
    st.builds(CodeReleased, DIGESTS),
    *(
        st.builds(kind, st.builds(Epoch, st.integers(2020, 2100), st.integers(1, 52)))
        for kind in (EpochClosed, Restored, Retired)
    ),
)


def test_each_kind_of_entry_is_written_in_these_bytes() -> None:
    """The format, once in full: 33 bytes that say nothing, or a line without an end."""
    written = {
        b"B" + bytes(range(32)): Blinded(bytes(range(32))),
        f"Proster-changed 7 {DIGEST}".encode(): RosterChanged(7, DIGEST),
        f"Pconfig-changed {DIGEST}".encode(): ConfigChanged(DIGEST),
        f"Pcode-released {DIGEST}".encode(): CodeReleased(DIGEST),
        b"Pepoch-closed 2026-W47": EpochClosed(Epoch(2026, 47)),
        b"Prestored 2026-W48": Restored(Epoch(2026, 48)),
        b"Pretired 2031-W01": Retired(Epoch(2031, 1)),
    }
    for data, entry in written.items():
        assert entry.to_bytes() == data
        assert parse_entry(data) == entry


@settings(deadline=None)
@given(ENTRIES)
def test_any_entry_reads_back(entry: Entry) -> None:
    """Reading is the exact inverse of writing."""
    assert parse_entry(entry.to_bytes()) == entry


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_a_blinded_entry_tells_nothing_by_its_length(commit: bytes) -> None:
    """Whatever it commits to, it is 33 bytes."""
    assert len(Blinded(commit).to_bytes()) == 33


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"B",
        b"B" + bytes(31),
        b"B" + bytes(33),
        b"b" + bytes(32),
        b"P",
        b"Proster-changed",
        f"Proster-changed 0 {DIGEST}".encode(),
        f"Proster-changed 07 {DIGEST}".encode(),
        f"Proster-changed 1000000000 {DIGEST}".encode(),
        f"Proster-changed  7 {DIGEST}".encode(),
        f"Proster-changed 7  {DIGEST}".encode(),
        f"Proster-changed {DIGEST}".encode(),
        f"Pconfig-changed  {DIGEST}".encode(),
        f"Pconfig-changed {DIGEST}\n".encode(),
        f"Pconfig-changed {DIGEST.upper()}".encode(),
        f"Pconfig-changed {DIGEST[:-1]}".encode(),
        f"Pconfig-changed {DIGEST.removeprefix('sha256:')}".encode(),
        f"Pcode-released {DIGEST} x".encode(),
        f"Pcode-removed {DIGEST}".encode(),
        f"P code-released {DIGEST}".encode(),
        f"Pcode-released\t{DIGEST}".encode(),
        b"Qepoch-closed 2026-W47",
        b"Pepoch-closed 2026-W54",
        b"Pepoch-closed 2026-W7",
        b"Pepoch-closed 2026-W47\n",
        "Pepoch-closed ٢٠٢٦-W47".encode(),
        b"Pepoch-closed \xff",
    ],
)
def test_what_is_not_an_entry_is_refused(data: bytes) -> None:
    """The grammar is closed: a log with a word that nobody defined is not one of ours."""
    with pytest.raises(MalformedError):
        parse_entry(data)


def test_an_entry_that_exists_is_a_valid_one() -> None:
    """Nobody can put into the log what could not be read from it."""
    for make in (
        lambda: Blinded(bytes(31)),
        lambda: RosterChanged(0, DIGEST),
        lambda: RosterChanged(1_000_000_000, DIGEST),
        lambda: RosterChanged(1, "sha256:"),
        lambda: ConfigChanged(DIGEST + "\n"),
        lambda: CodeReleased("a name"),
    ):
        with pytest.raises(MalformedError):
            make()


@settings(deadline=None)
@given(st.binary(max_size=120) | st.binary(max_size=80).map(b"P".__add__))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    """Never another error than ours; what still reads is written back as it came."""
    try:
        entry = parse_entry(data)
    except IntakeError:
        return
    assert entry.to_bytes() == data
