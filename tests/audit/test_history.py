"""What an auditor can rely on of the history: it only grows, and holds what the log said."""

import os
import tracemalloc
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from intake.audit.followed import Followed, keep_followed, read_followed
from intake.audit.history import History, Seen, Week
from intake.audit.history_file import Heard, keep_look, read_history
from intake.epoch import Epoch
from intake.errors import MalformedError, StoreError
from intake.log_reading import Passed
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.entries import CodeReleased, EpochClosed, RosterChanged
from intake.tlog.note import Note
from tests.audit.auditor import Auditor, following
from tests.audit.log_site import BEGINNING, THIS, closed, digest, weeks_ago
from tests.tlog.logs import LOG

LAST = weeks_ago(1)
WHOLE = [*BEGINNING, *closed(LAST)]
A, B = bytes(32), bytes(range(32))
SPELT_A = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
GOOD = (
    "testimony-intake/history/v1\n"
    "from 0\n"
    f"entry 16 epoch-closed {weeks_ago(3)}\n"
    f"seen {weeks_ago(2)} 17 {SPELT_A}\n"
    f"entry 33 epoch-closed {weeks_ago(2)}\n"
    f"seen {LAST} 34 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
).encode()


def parse(content: bytes) -> History:
    return History.parse(BytesIO(content))


@pytest.fixture
def auditor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Auditor]:
    """Who has followed the log of three weeks ago, all of which was right."""
    with following(tmp_path, capsys) as made:
        yield made


def kept(auditor: Auditor) -> History:
    found = read_history(auditor.state, read_followed(auditor.state))
    assert found is not None
    return found


def kept_size(auditor: Auditor) -> int:
    followed = read_followed(auditor.state)
    assert followed is not None
    return followed.signed.checkpoint.size


def test_each_look_that_held_adds_what_it_saw(auditor: Auditor) -> None:
    """The file begins with what it was before; a look at the same log adds nothing."""
    path = auditor.state / "history"
    first = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    signed = auditor.site.publish(WHOLE)
    auditor.look(code=0)
    second = path.read_bytes()
    assert second.startswith(first)
    auditor.look(code=0)
    assert path.read_bytes() == second
    found = kept(auditor)
    assert found.weeks == (
        Week(weeks_ago(3), 16, 19),
        Week(weeks_ago(2), 32, 52),
        Week(LAST, 16, 69),
    )
    assert [one.size for one in found.seen] == [52, 69]
    assert found.seen[1] == Seen(THIS, 69, signed.checkpoint.root)
    assert found.kinds == {RosterChanged: 1, CodeReleased: 1, EpochClosed: 3}
    indexes = [row.split()[1] for row in second.splitlines() if row.startswith(b"entry ")]
    assert indexes == [b"0", b"1", b"18", b"51", b"68"]


def test_a_look_at_which_something_is_wrong_adds_nothing(auditor: Auditor) -> None:
    path = auditor.state / "history"
    before = path.read_bytes()
    auditor.site.publish(BEGINNING[:19])
    auditor.look(code=1)
    assert path.read_bytes() == before


def test_one_that_began_late_is_whole_after_all_was_read_again(auditor: Auditor) -> None:
    """A folder of before there was a history: from there on; with --all from the first entry."""
    (auditor.state / "history").unlink()
    auditor.site.publish(WHOLE)
    auditor.look(code=0)
    late = kept(auditor)
    assert (late.begin, late.weeks) == (52, (Week(LAST, 16, 69),))
    auditor.look("--all", code=0)
    whole = kept(auditor)
    assert whole.begin == 0
    assert len(whole.weeks) == 3
    assert whole.seen == late.seen


def test_a_crash_between_both_files_loses_nothing(auditor: Auditor) -> None:
    """The history is then ahead of what is believed; the next look gives the same again."""
    followed = (auditor.state / "followed").read_bytes()
    before = kept(auditor)
    auditor.site.publish(WHOLE)
    auditor.look(code=0)
    after = (auditor.state / "history").read_bytes()
    (auditor.state / "followed").write_bytes(followed)
    assert kept(auditor) == before
    auditor.look(code=0)
    assert (auditor.state / "history").read_bytes() == after


def test_a_history_of_another_log_is_an_error_with_advice(auditor: Auditor) -> None:
    """Never silently another past than what is believed."""
    path = auditor.state / "history"
    path.write_bytes(GOOD)
    with pytest.raises(StoreError, match="is damaged: the history is not that of the checkpoint"):
        kept(auditor)
    of_its_size = kept_size(auditor)
    path.write_text(f"testimony-intake/history/v1\nfrom 0\nseen {LAST} {of_its_size} {SPELT_A}\n")
    with pytest.raises(StoreError, match="is damaged: the history is not that of the checkpoint"):
        kept(auditor)
    path.write_bytes(b"testimony-intake/history/v1\nfrom 0\nwhat")
    with pytest.raises(StoreError, match="is damaged: "):
        kept(auditor)
    # As on a Wednesday, whatever the day: only where all holds is the history written on.
    auditor.look("--late", "14", code=1)
    assert "follow with --all to begin a new one" in auditor.err


def test_nothing_is_there_before_the_first_look(tmp_path: Path) -> None:
    assert read_history(tmp_path, None) is None


def test_a_clock_that_was_set_back_does_not_lose_a_look(auditor: Auditor) -> None:
    """The week is then that of the look before."""
    path, followed = auditor.state / "history", read_followed(auditor.state)
    assert followed is not None
    path.write_bytes(
        path.read_bytes().replace(f"seen {THIS}".encode(), f"seen {THIS.next}".encode())
    )
    auditor.site.publish(WHOLE)
    auditor.look(code=0)
    assert [one.epoch for one in kept(auditor).seen] == [THIS.next, THIS.next]


def test_a_disk_that_is_full_leaves_both_files_as_they_were(
    auditor: Auditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in auditor.state.iterdir()}
    followed = read_followed(auditor.state)
    assert followed is not None

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), Heard() as heard:
        keep_look(auditor.state, followed, followed, heard, again=True)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in auditor.state.iterdir()} == before
    keep_followed(auditor.state, followed)


def test_it_is_lines_that_people_can_read() -> None:
    assert parse(GOOD) == History(
        0,
        (Seen(weeks_ago(2), 17, A), Seen(LAST, 34, B)),
        (Week(weeks_ago(3), 16, 17), Week(weeks_ago(2), 16, 34)),
        {EpochClosed: 2},
    )


def lines(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    return b"".join(change(GOOD.splitlines(keepends=True)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        lines(lambda rows: rows[:2]),
        lines(lambda rows: rows[:1]),
        lines(lambda rows: rows[:-1]),
        lines(lambda rows: [*rows, rows[-1]]),
        lines(lambda rows: [*rows[:2], rows[3], rows[2], *rows[4:]]),
        lines(lambda rows: [*rows[:2], *rows[4:], *rows[2:4]]),
        lines(lambda rows: [*rows, b"\n"]),
        lines(lambda rows: [*rows[:1], b"from 00\n", *rows[2:]]),
        lines(lambda rows: [*rows[:1], b"from 18\n", *rows[3:]]),
        lines(lambda rows: [*rows[:2], b"entry 3 who\n", *rows[2:]]),
        GOOD[:-1],
        GOOD.replace(b"/v1", b"/v2"),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"from 0", b"from 18"),
        lines(lambda rows: [*rows, *rows[2:4]]),
        lines(lambda rows: [*rows, f"seen {THIS} 34 {SPELT_A}\n".encode()]),
        lines(lambda rows: [*rows, f"seen {weeks_ago(2)} 35 {SPELT_A}\n".encode()]),
        lines(lambda rows: [*rows, f"seen {THIS} 33 {SPELT_A}\n".encode()]),
        lines(lambda rows: [*rows[:2], rows[2].replace(b" 16 ", b" 18 "), *rows[3:]]),
        lines(lambda rows: [*rows[:4], rows[4].replace(b" 33 ", b" 16 "), *rows[5:]]),
        lines(lambda rows: [*rows[:4], rows[4].replace(b" 33 ", b" 34 "), *rows[5:]]),
        lines(lambda rows: [*rows[:-1], rows[4].replace(b" 33 ", b" 32 "), rows[-1]]),
        lines(lambda rows: [*rows[:-1], rows[-1].replace(b"Hh8=", b"Hh9=")]),
        lines(lambda rows: [*rows, b"entry 34 code-released sha256:" + b"0" * 70_000 + b"\n"]),
    ],
)
def test_no_other_bytes_are_a_history(content: bytes) -> None:
    """Lines missing, twice, out of order, or in another spelling; two roots of one size, or a step back."""
    with pytest.raises(MalformedError):
        parse(content)


@pytest.mark.parametrize(("size", "root"), [(-1, A), (1 << 63, A), (1, b""), (1, A + b"\x00")])
def test_a_checkpoint_seen_is_a_size_and_a_root(size: int, root: bytes) -> None:
    with pytest.raises(MalformedError):
        Seen(Epoch.now(), size, root)


def believed(size: int) -> Followed:
    """What is kept of a log of so many entries."""
    text = Checkpoint(LOG.name, size, sha256(b"%d" % size).digest()).to_bytes()
    return Followed(Passed(), SignedCheckpoint(Note(text, (LOG.sign(text),))))


def announcements(begin: int, end: int) -> Heard:
    """A log that announces and announces."""
    heard, entry = Heard(), CodeReleased(digest(b""))
    for index in range(begin, end):
        heard.add(index, entry)
    return heard


@pytest.mark.long
def test_a_history_of_any_length_is_read_and_written_on(tmp_path: Path) -> None:
    """Who announced something 200,000 times was not followed any more: the file had 16 MiB."""
    many = 172_000
    with announcements(0, many) as heard:
        keep_look(tmp_path, None, believed(many), heard, again=False)
    before = (tmp_path / "history").read_bytes()
    assert len(before) > 1 << 24
    with announcements(many, many + 1) as heard:
        keep_look(tmp_path, believed(many), believed(many + 1), heard, again=False)
    written = (tmp_path / "history").read_bytes()
    assert written.startswith(before)
    assert written[len(before) :].count(b"\n") == 2


def test_a_history_takes_little_memory_however_much_there_is_to_hear(tmp_path: Path) -> None:
    peaks: list[int] = []
    for many in (500, 4_000):
        tracemalloc.start()
        with announcements(0, many) as heard:
            keep_look(tmp_path, None, believed(many), heard, again=False)
        read_history(tmp_path, believed(many))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000


def test_what_was_heard_beyond_the_checkpoint_is_not_kept(tmp_path: Path) -> None:
    with announcements(0, 3) as heard, pytest.raises(MalformedError, match="not in order"):
        keep_look(tmp_path, None, believed(2), heard, again=False)
    assert list(tmp_path.iterdir()) == []
