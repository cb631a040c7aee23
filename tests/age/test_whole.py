"""From file to file: a name stands for the whole, or for nothing."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from intake.age import (
    HybridIdentity,
    PayloadError,
    RecipientsError,
    encrypt_bytes,
    open_file,
    seal_file,
)
from intake.age.whole import write_together, written_whole
from intake.errors import MalformedError, WrongKeyError

TEXT = os.urandom(200_000)


@pytest.fixture
def sealed(tmp_path: Path, hybrid: HybridIdentity) -> Path:
    path = tmp_path / "sealed.age"
    path.write_bytes(encrypt_bytes(TEXT, [hybrid.recipient]))
    return path


def folder_of(path: Path) -> set[str]:
    return {entry.name for entry in path.parent.iterdir()}


def test_a_file_is_sealed_and_opened(tmp_path: Path, hybrid: HybridIdentity) -> None:
    """What was sealed is opened again; both results are for their owner alone, nothing is left."""
    plain, sealed, opened = (tmp_path / name for name in ("plain", "sealed", "opened"))
    plain.write_bytes(TEXT)
    seal_file(plain, sealed, [hybrid.recipient])
    open_file(str(sealed), opened, [hybrid])
    assert opened.read_bytes() == TEXT
    assert folder_of(plain) == {"plain", "sealed", "opened"}
    for result in (sealed, opened):
        assert stat.S_IMODE(result.stat().st_mode) == 0o600


def test_nothing_stands_at_the_destination_before_the_end(
    sealed: Path, hybrid: HybridIdentity
) -> None:
    """While chunks arrive, the plaintext is in one hidden file that only its owner can read."""
    destination = sealed.with_name("opened")
    seen: list[tuple[set[str], int]] = []

    class Watching:
        def unwrap(self, stanzas: object) -> bytes | None:
            (part,) = sealed.parent.glob(".*.part")
            seen.append((folder_of(sealed), stat.S_IMODE(part.stat().st_mode)))
            return None

    open_file(sealed, destination, [Watching(), hybrid])
    ((names, mode),) = seen
    assert "opened" not in names
    assert mode == 0o600
    assert destination.read_bytes() == TEXT


def test_a_name_is_given_only_to_what_is_on_the_disk(
    sealed: Path, hybrid: HybridIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the power fails, the name stands for all of the file or is not there.

    The whole content is forced to the disk before the name exists, the folder after.
    """
    destination = sealed.with_name("opened")
    forced: list[tuple[bool, int, bool]] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        about = os.fstat(descriptor)
        forced.append((stat.S_ISDIR(about.st_mode), about.st_size, destination.exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    open_file(sealed, destination, [hybrid])
    (content, folder) = forced
    assert content == (False, len(TEXT), False)
    assert (folder[0], folder[2]) == (True, True)


@pytest.mark.parametrize("exists", [False, True], ids=["new", "existing"])
def test_a_cut_file_leaves_nothing(sealed: Path, hybrid: HybridIdentity, *, exists: bool) -> None:
    """Of a damaged file no byte is kept, and what stood at the destination still stands there."""
    destination = sealed.with_name("opened")
    if exists:
        destination.write_bytes(b"earlier")
    before = folder_of(sealed)
    sealed.write_bytes(sealed.read_bytes()[:-1])
    with pytest.raises(PayloadError):
        open_file(sealed, destination, [hybrid])
    assert folder_of(sealed) == before
    assert not exists or destination.read_bytes() == b"earlier"


def test_a_wrong_key_leaves_nothing(sealed: Path) -> None:
    """Without a fitting key no file appears."""
    with pytest.raises(WrongKeyError):
        open_file(sealed, sealed.with_name("opened"), [HybridIdentity.generate()])
    assert folder_of(sealed) == {"sealed.age"}


def test_sealing_to_nobody_leaves_nothing(sealed: Path) -> None:
    """A sealing that is refused makes no file."""
    with pytest.raises(RecipientsError):
        seal_file(sealed, sealed.with_name("again"), [])
    assert folder_of(sealed) == {"sealed.age"}


def test_an_existing_file_is_replaced_whole(sealed: Path, hybrid: HybridIdentity) -> None:
    """A destination that exists is replaced at once, and its new form is for its owner alone."""
    destination = sealed.with_name("opened")
    destination.write_bytes(b"earlier")
    destination.chmod(0o644)
    open_file(sealed, destination, [hybrid])
    assert destination.read_bytes() == TEXT
    assert stat.S_IMODE(destination.stat().st_mode) == 0o600


@pytest.mark.parametrize("how", ["same name", "link"])
def test_input_and_output_may_not_be_one_file(
    sealed: Path, hybrid: HybridIdentity, how: str
) -> None:
    """The file that is read is never overwritten by what is written."""
    destination = sealed
    if how == "link":
        destination = sealed.with_name("link")
        destination.symlink_to(sealed)
    before = sealed.read_bytes()
    with pytest.raises(MalformedError, match="same file"):
        open_file(sealed, destination, [hybrid])
    with pytest.raises(MalformedError, match="same file"):
        seal_file(sealed, destination, [hybrid.recipient])
    assert sealed.read_bytes() == before


def test_a_missing_source_leaves_nothing(tmp_path: Path, hybrid: HybridIdentity) -> None:
    """A path that leads nowhere is the system's own error, and no file appears."""
    with pytest.raises(FileNotFoundError):
        open_file(tmp_path / "nowhere", tmp_path / "opened", [hybrid])
    with pytest.raises(FileNotFoundError):
        seal_file(tmp_path / "nowhere", tmp_path / "sealed", [hybrid.recipient])
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    """Also a person who presses Ctrl-C leaves no plaintext behind."""

    def interrupted() -> None:
        with written_whole(tmp_path / "opened") as sink:
            sink.write(TEXT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("links", [True, False], ids=["links", "FAT stick"])
@pytest.mark.parametrize("taken", ["file", "dangling link"])
def test_a_name_that_is_taken_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool, taken: str
) -> None:
    """Where nothing may be replaced, nothing is, also on a disk that knows no links."""
    if not links:

        def no_links(self: Path, target: Path) -> None:
            raise PermissionError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(Path, "hardlink_to", no_links)
    destination, free = tmp_path / "opened", tmp_path / "free"
    if taken == "file":
        destination.write_bytes(b"earlier")
    else:
        destination.symlink_to(tmp_path / "nowhere")

    def written(path: Path) -> None:
        with written_whole(path, replace=False) as sink:
            sink.write(TEXT)

    with pytest.raises(MalformedError, match="exists already"):
        written(destination)
    written(free)
    assert free.read_bytes() == TEXT
    assert stat.S_IMODE(free.stat().st_mode) == 0o600
    assert free.stat().st_nlink == 1
    assert folder_of(free) == {"opened", "free"}
    assert destination.is_symlink() or destination.read_bytes() == b"earlier"


def test_a_broken_disk_is_the_systems_own_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails when the name is given is reported as it is, and leaves nothing."""

    def broken(self: Path, target: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "hardlink_to", broken)

    def written() -> None:
        with written_whole(tmp_path / "opened", replace=False) as sink:
            sink.write(TEXT)

    with pytest.raises(OSError, match="Input/output error"):
        written()
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from intake.age import HybridIdentity, open_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    open_file(sys.argv[1], Path(sys.argv[2]), [HybridIdentity.from_seed(bytes.fromhex(sys.argv[3]))])
except OSError as error:
    print(type(error).__name__, error.errno)
"""


def test_a_full_disk_leaves_nothing(sealed: Path, hybrid: HybridIdentity) -> None:
    """When no more can be written the error is the system's, and the part is removed."""
    arguments = [str(sealed), str(sealed.with_name("opened")), hybrid.seed.hex()]
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.stdout == "OSError 27\n"
    assert folder_of(sealed) == {"sealed.age"}


# Several files of a folder, put there together


FILES = {"b": TEXT, "a": TEXT[:10], "last": b""}


def test_no_file_has_its_name_before_all_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And all have before the folder is forced to the disk, which comes last."""
    forced: list[tuple[bool, int, set[str]]] = []
    fsync = os.fsync

    def named() -> set[str]:
        return {path.name for path in tmp_path.iterdir() if path.suffix != ".part"}

    def watched(descriptor: int) -> None:
        about = os.fstat(descriptor)
        size = 0 if stat.S_ISDIR(about.st_mode) else about.st_size
        forced.append((stat.S_ISDIR(about.st_mode), size, named()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    write_together(tmp_path, FILES)
    assert sorted(forced[:3]) == [(False, size, set()) for size in sorted(map(len, FILES.values()))]
    assert forced[3:] == [(True, 0, set(FILES))]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == FILES
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())


def test_they_get_their_names_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    replace = Path.replace

    def watched(source: Path, target: Path) -> Path:
        names.append(target.name)
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_together(tmp_path, FILES)
    assert names == list(FILES)


def test_one_that_the_disk_does_not_take_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(descriptor: int) -> None:
        if os.fstat(descriptor).st_size == 10:
            raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="broken"):
        write_together(tmp_path, FILES)
    assert list(tmp_path.iterdir()) == []
