"""What an auditor can rely on of the history: it only grows, and holds what the log said."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.audit.followed import keep_followed, read_followed
from intake.audit.history import History, Seen, Week, keep_look, read_history
from intake.epoch import Epoch
from intake.errors import MalformedError, StoreError
from intake.tlog.entries import Blinded, EpochClosed
from tests.audit.auditor import Auditor, following
from tests.audit.log_site import BEGINNING, THIS, closed, weeks_ago

LAST = weeks_ago(1)
WHOLE = [*BEGINNING, *closed(LAST)]
ONE, TWO = EpochClosed(weeks_ago(3)), EpochClosed(weeks_ago(2))
A, B = bytes(32), bytes(range(32))
GOOD = History(0, ((16, ONE), (33, TWO)), (Seen(weeks_ago(2), 17, A), Seen(LAST, 34, B)))


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
    assert [index for index, _ in found.entries] == [0, 1, 18, 51, 68]


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
    path.write_bytes(GOOD.to_bytes())
    with pytest.raises(StoreError, match="is damaged: the history is not that of the checkpoint"):
        kept(auditor)
    of_its_size = kept_size(auditor)
    path.write_bytes(replace(GOOD, entries=(), seen=(Seen(LAST, of_its_size, A),)).to_bytes())
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
    later = replace(kept(auditor).seen[0], epoch=THIS.next)
    path.write_bytes(replace(kept(auditor), seen=(later,)).to_bytes())
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
    with pytest.raises(OSError, match="No space"):
        keep_look(auditor.state, followed, followed, [], again=True)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in auditor.state.iterdir()} == before
    keep_followed(auditor.state, followed)


def test_it_is_lines_that_people_can_read() -> None:
    assert GOOD.to_bytes().decode() == (
        "testimony-intake/history/v1\n"
        "from 0\n"
        f"entry 16 epoch-closed {weeks_ago(3)}\n"
        f"seen {weeks_ago(2)} 17 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
        f"entry 33 epoch-closed {weeks_ago(2)}\n"
        f"seen {LAST} 34 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    )
    assert History.parse(GOOD.to_bytes()) == GOOD


def lines(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    return b"".join(change(GOOD.to_bytes().splitlines(keepends=True)))


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
        GOOD.to_bytes()[:-1],
        GOOD.to_bytes().replace(b"/v1", b"/v2"),
        GOOD.to_bytes().replace(b"\n", b"\r\n"),
    ],
)
def test_no_other_bytes_are_a_history(content: bytes) -> None:
    """Lines missing, twice, out of order, or in another spelling."""
    with pytest.raises(MalformedError):
        History.parse(content)


@pytest.mark.parametrize(
    "change",
    [
        {"seen": ()},
        {"begin": 18},
        {"seen": GOOD.seen[::-1]},
        {"seen": (*GOOD.seen, Seen(THIS, 34, A))},
        {"seen": (*GOOD.seen, Seen(weeks_ago(2), 35, A))},
        {"seen": (*GOOD.seen, Seen(THIS, 33, A))},
        {"entries": GOOD.entries[::-1]},
        {"entries": (*GOOD.entries, (34, TWO))},
        {"entries": ((3, Blinded(A)),)},
    ],
)
def test_a_history_is_valid_or_is_not_made(change: dict[str, object]) -> None:
    """It never goes back, has one root of each size, and public entries in order alone."""
    with pytest.raises(MalformedError):
        replace(GOOD, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(("size", "root"), [(-1, A), (1 << 63, A), (1, b""), (1, A + b"\x00")])
def test_a_checkpoint_seen_is_a_size_and_a_root(size: int, root: bytes) -> None:
    with pytest.raises(MalformedError):
        Seen(Epoch.now(), size, root)
