"""An act that was written down stays: through crashes, full disks, two programs, and clocks."""

import errno
import os
import resource
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from intake.errors import MalformedError, StoreError
from intake.ledger.act import Act, Kind
from intake.ledger.record import read_head, read_records
from intake.ledger.writing import Ledger
from tests.ledger.panels import FILE, GOOD, HEADS, I0, START, checked, signer, week, write

HEAD = HEADS["one"]
CODE = Act.of(START, "r1", Kind.CODE, item=I0)


def made(folder: Path, acts: int = 0) -> Path:
    """A ledger of so many acts."""
    path = folder / "ledger"
    Ledger.create(path, HEAD)
    with Ledger.open(path, signer("r1")) as ledger:
        ledger.append(*[CODE] * acts)
    return path


def test_what_the_program_writes_is_what_an_auditor_believes(tmp_path: Path) -> None:
    """Two machines at work through the writer: the same bytes as the format's, no finding."""
    paths = {name: tmp_path / name for name in HEADS}
    for name, path in paths.items():
        Ledger.create(path, HEADS[name])
    checkpoints = {}
    for step in GOOD:
        for name, path in paths.items():
            with Ledger.open(path, signer("r1")) as ledger:
                checkpoints[name] = ledger.checkpoint
        with Ledger.open(paths[step.machine], signer(step.by)) as ledger:
            ledger.append(step.act(START, checkpoints))
    files = {name: path.read_bytes() for name, path in paths.items()}
    assert files == write(GOOD)
    assert checked(tmp_path, files).findings == []


def test_a_new_ledger_is_empty_and_for_its_owner_alone(tmp_path: Path) -> None:
    """Mode 0600, no act, the root of an empty tree; a name that is taken stays what it was."""
    path = made(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    with Ledger.open(path, signer("r1")) as ledger:
        assert (ledger.size, ledger.head, ledger.recovered) == (0, HEAD, 0)
        ledger.append(CODE)
        assert ledger.checkpoint.size == 1
    before = path.read_bytes()
    with pytest.raises(MalformedError, match="exists"):
        Ledger.create(path, HEAD)
    assert path.read_bytes() == before


def test_an_act_is_on_the_disk_before_append_returns(tmp_path: Path) -> None:
    """A process killed right after it has written nothing that can be missing."""
    path = made(tmp_path)
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from intake.ledger.writing import Ledger; from tests.ledger.test_writing import CODE\n"
        "from tests.ledger.panels import signer\n"
        "ledger = Ledger.open(Path(sys.argv[1]), signer('r1')); ledger.append(CODE, CODE)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", script, path], cwd=root, check=False)
    assert ended.returncode == -signal.SIGKILL
    with Ledger.open(path, signer("r1")) as ledger:
        assert (ledger.size, ledger.recovered) == (2, 0)


def test_appending_syncs_what_it_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is synced after its last byte is written, in each append."""
    path = made(tmp_path)
    done: list[int] = []
    real = os.fsync
    with Ledger.open(path, signer("r1")) as ledger:
        monkeypatch.setattr(os, "fsync", lambda fd: (done.append(path.stat().st_size), real(fd)))
        ledger.append(CODE)
        ledger.append(CODE)
    full = path.stat().st_size
    assert done == [(full + len(HEAD.to_bytes())) // 2, full]


def test_a_cut_in_the_middle_of_an_append_loses_that_act_alone(tmp_path: Path) -> None:
    """Wherever the power failed, the acts before stay, and the next one follows them."""
    path = made(tmp_path, 3)
    whole = path.read_bytes()
    end = len(HEAD.to_bytes()) + (len(whole) - len(HEAD.to_bytes())) // 3 * 2
    for length in range(end, len(whole)):
        path.write_bytes(whole[:length])
        with Ledger.open(path, signer("r1")) as ledger:
            assert (ledger.size, ledger.recovered) == (2, length - end)
            assert path.read_bytes() == whole[:end]
            ledger.append(CODE)
        assert path.read_bytes() == whole


def test_a_damaged_ledger_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """An act altered, taken out, or no act: nothing is added to it and nothing taken off."""
    path = made(tmp_path, 3)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for damaged in (
        whole.replace(b"code", b"read", 1),
        whole.replace(b" code", b" message", 1),
        b"".join(lines[:2] + lines[5:]),
        b"".join(lines[:5] + lines[6:]),
        whole[10:],
        b"",
        whole + b"0" * 200_000,
    ):
        path.write_bytes(damaged)
        with pytest.raises(StoreError, match="damaged"):
            Ledger.open(path, signer("r1"))
        assert path.read_bytes() == damaged


def test_an_act_whose_end_a_disk_changed_is_not_taken_off(tmp_path: Path) -> None:
    """It was done: in whatever its last byte turned, and where something follows in its place."""
    path = made(tmp_path, 3)
    whole = path.read_bytes()
    for end in (*(bytes([0x0A ^ 1 << bit]) for bit in range(8)), b"A", b"more than an end"):
        path.write_bytes(whole[:-1] + end)
        with pytest.raises(StoreError, match="ledger is damaged"):
            Ledger.open(path, signer("r1"))
        assert path.read_bytes() == whole[:-1] + end


def test_two_programs_cannot_write_one_ledger(tmp_path: Path) -> None:
    """The second is refused until the first closes."""
    path = made(tmp_path)
    with Ledger.open(path, signer("r1")), pytest.raises(StoreError, match="in use"):
        Ledger.open(path, signer("r2"))
    with Ledger.open(path, signer("r2")) as ledger:
        assert ledger.size == 0


def test_a_refused_ledger_does_not_stay_locked(tmp_path: Path) -> None:
    """After it was mended it can be opened in the same process."""
    path = made(tmp_path, 1)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"code", b"read"))
    with pytest.raises(StoreError):
        Ledger.open(path, signer("r1"))
    path.write_bytes(whole)
    with Ledger.open(path, signer("r1")) as ledger:
        assert ledger.size == 1


def test_a_clock_that_went_back_is_told_before_anything_is_written(tmp_path: Path) -> None:
    """Also between two acts of one append, and after the ledger was closed and opened again."""
    path = made(tmp_path, 1)
    before = path.read_bytes()
    late = Act.of(week(2), "r1", Kind.CODE, item=I0)
    with Ledger.open(path, signer("r1")) as ledger:
        with pytest.raises(StoreError, match="clock"):
            ledger.append(late, CODE)
        assert path.read_bytes() == before
        assert ledger.size == 1
        ledger.append(late)
    with Ledger.open(path, signer("r1")) as ledger:
        with pytest.raises(StoreError, match="clock"):
            ledger.append(CODE)
        ledger.append(late)
        assert ledger.size == 3


def test_nobody_signs_for_another_or_syncs_with_themselves(tmp_path: Path) -> None:
    """Such acts are refused where they are made, and nothing is written."""
    path = made(tmp_path)
    before = path.read_bytes()
    own = Act.of(START, "r1", Kind.SYNC, machine="one", size="0", root="00" * 32)
    with Ledger.open(path, signer("r1")) as ledger:
        with pytest.raises(MalformedError, match="who did it"):
            ledger.append(Act.of(START, "r2", Kind.CODE, item=I0))
        with pytest.raises(MalformedError, match="itself"):
            ledger.append(CODE, own)
    assert path.read_bytes() == before


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_leaves_the_ledger_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Half an act written, or none synced: it is taken back, and the ledger must be opened anew."""
    path = made(tmp_path, 2)
    before = path.read_bytes()
    real = getattr(os, call)
    calls: list[int] = []

    def full(descriptor: int, *data: memoryview) -> int:
        calls.append(descriptor)
        if data and len(calls) == 1:
            return int(real(descriptor, data[0][:20]))
        if len(calls) <= 2 - (call == "fsync"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return int(real(descriptor, *data) or 0)

    ledger = Ledger.open(path, signer("r1"))
    monkeypatch.setattr(os, call, full)
    with pytest.raises(StoreError, match="no space left"):
        ledger.append(CODE)
    monkeypatch.undo()
    assert path.read_bytes() == before
    with pytest.raises(StoreError, match="closed"):
        ledger.append(CODE)
    with Ledger.open(path, signer("r1")) as again:
        again.append(CODE)
        assert again.size == 3


@pytest.mark.parametrize("call", ["ftruncate", "fsync"])
def test_a_disk_that_does_not_even_take_back_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Neither while an act is written nor while a cut one is taken off is there a traceback."""
    path = made(tmp_path, 2)

    def broken(*_: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    ledger = Ledger.open(path, signer("r1"))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", broken)
        patched.setattr(os, call, broken)
        with pytest.raises(StoreError, match="cannot be written: input/output error") as found:
            ledger.append(CODE)
    assert "open the ledger again" in (found.value.hint or "")
    with pytest.raises(StoreError, match="closed"):
        ledger.append(CODE)
    path.write_bytes(path.read_bytes()[:-5])
    with monkeypatch.context() as patched:
        patched.setattr(os, call, broken)
        with pytest.raises(StoreError, match="cannot be written: input/output error"):
            Ledger.open(path, signer("r1"))
    with Ledger.open(path, signer("r1")) as again:
        again.append(CODE)


def test_a_file_that_may_not_grow_is_told_in_words(tmp_path: Path) -> None:
    """The system's own limit, reached for real in the middle of an act."""
    path = made(tmp_path, 2)
    before = path.read_bytes()
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with Ledger.open(path, signer("r1")) as ledger:
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, old[1]))
            with pytest.raises(StoreError, match="cannot be written"):
                ledger.append(CODE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == before


def test_reading_takes_no_more_memory_for_a_longer_ledger(tmp_path: Path) -> None:
    """Two thousand acts, half a megabyte: read in less than a third of that.

    Python keeps 2,000 tuples for later, which are 100 kB, however long the ledger is.
    """
    path = made(tmp_path, 2_000)
    assert path.stat().st_size > 400_000
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            assert sum(1 for _ in read_records(file, read_head(file))) == 2_000
        assert tracemalloc.get_traced_memory()[1] < 140_000
        tracemalloc.reset_peak()
        with Ledger.open(path, signer("r1")) as ledger:
            assert ledger.size == 2_000
        assert tracemalloc.get_traced_memory()[1] < 140_000
    finally:
        tracemalloc.stop()


def test_a_file_signed_off_is_named_by_its_hash_alone(tmp_path: Path) -> None:
    """Nothing of the act but week, reviewer, kind and hash is in the file."""
    path = made(tmp_path)
    with Ledger.open(path, signer("r1")) as ledger:
        ledger.append(Act.of(START, "r1", Kind.SIGNOFF, hash=FILE))
    line = path.read_bytes().split(b"\n")[2]
    assert line == f"{START} r1 signoff hash={FILE}".encode()
