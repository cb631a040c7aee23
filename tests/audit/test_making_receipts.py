"""Out of what the sent page shows, `intake audit receipt --save` makes a receipt that holds alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.holder import Holder, opening, week_with
from tests.audit.log_site import BEGINNING, THIS, closed, log_site, weeks_ago, write_policy
from tests.tlog.logs import ORIGIN

LAST = weeks_ago(1)


@pytest.fixture
def holder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Holder]:
    """One entry of last week's sixteen is theirs."""
    with log_site(tmp_path / "site") as site:
        holder = Holder(site, opening(LAST), tmp_path / "paper", write_policy(tmp_path), capsys)
        site.publish([*BEGINNING, *week_with(holder.leaf, LAST)])
        yield holder


def test_what_the_sent_page_shows_is_checked_as_the_promise_that_it_is(holder: Holder) -> None:
    promise, given = holder.promise(), holder.acknowledgement()
    assert holder.check(given, code=0) == holder.check(promise, code=0)
    assert holder.ask(given, code=0) == holder.ask(promise, code=0)


@pytest.mark.parametrize("more", [0, 1, 186, 187, 188, 500])
def test_the_receipt_that_is_made_holds_without_the_site(
    holder: Holder, tmp_path: Path, more: int
) -> None:
    """In logs that end in the middle of a tile, at its end, and behind it; and it is the one there is."""
    entries = [*BEGINNING, *week_with(holder.leaf, LAST), *closed(THIS, 16 * (more // 16 + 1))]
    holder.site.publish(entries[: 69 + more])
    saved = tmp_path / "receipt"
    said = holder.ask(holder.acknowledgement(), "--save", str(saved), code=0)
    assert said[1:] == [
        f"it was kept: entry 57 of {len(holder.site.entries)}",
        f"its receipt is in {saved}",
    ]
    assert saved.read_bytes() == holder.proof().to_bytes()
    says = f"submitted in {LAST}: entry 57 of {len(holder.site.entries)} in {ORIGIN}"
    assert holder.check(saved.read_bytes(), code=0) == [f"{says}, cosigned by w1, w2"]


def test_making_it_tells_the_site_nothing(holder: Holder, tmp_path: Path) -> None:
    """All of the log is asked for once more, whatever entry it is; a few tiles would tell which."""
    holder.site.asked.clear()
    holder.ask(holder.acknowledgement(), code=0)
    once = list(holder.site.asked)
    holder.site.asked.clear()
    holder.ask(holder.acknowledgement(), "--save", str(tmp_path / "one"), code=0)
    twice = list(holder.site.asked)
    assert twice[: len(once)] == once
    rest = twice[len(once) :]
    assert rest
    entries = week_with(holder.leaf, LAST, at=11)
    holder.site.publish([*BEGINNING, *entries])
    holder.site.asked.clear()
    holder.ask(holder.acknowledgement(), "--save", str(tmp_path / "two"), code=0)
    assert holder.site.asked == twice
    assert {path for path in rest if "entries" in path} == {p for p in once if "entries" in p}
    dropped = week_with(b"B" + bytes(32), LAST)
    holder.site.publish([*BEGINNING, *dropped])
    holder.site.asked.clear()
    holder.ask(holder.acknowledgement(), "--save", str(tmp_path / "three"), code=1)
    assert holder.site.asked == twice, "nor whether it is there"


def test_nothing_is_written_where_there_is_no_receipt(holder: Holder, tmp_path: Path) -> None:
    """A week that is open, a submission that was dropped, a promise without its opening."""
    saved = tmp_path / "receipt"
    words = ("--save", str(saved))
    holder.ask(holder.promise(), *words, code=0)
    given = holder.acknowledgement()
    holder.site.publish([*BEGINNING, *closed(LAST)])
    assert "is closed without it" in holder.ask(given, *words, code=1)[-1]
    holder.site.publish(BEGINNING)
    # As early in the week, whatever the day: late in it, the open week would be overdue.
    assert "is not closed yet" in holder.ask(given, *words, "--late", "14", code=0)[-1]
    assert not saved.exists()


def test_a_log_without_an_entry_gives_no_receipt(holder: Holder, tmp_path: Path) -> None:
    """As a site has before anything is announced, or says that it has."""
    saved = tmp_path / "receipt"
    holder.site.publish([])
    words = ("--save", str(saved), "--late", "14")
    assert "is not closed yet" in holder.ask(holder.acknowledgement(), *words, code=0)[-1]
    assert holder.err == ""
    assert not saved.exists()


def test_a_file_that_is_there_is_not_written_over(holder: Holder, tmp_path: Path) -> None:
    saved = tmp_path / "receipt"
    saved.write_text("mine")
    holder.ask(holder.acknowledgement(), "--save", str(saved), code=1)
    assert saved.read_text() == "mine"


def test_without_the_site_there_is_nothing_to_make_it_from(holder: Holder, tmp_path: Path) -> None:
    assert holder.check(holder.acknowledgement(), "--save", str(tmp_path / "x"), code=2) == []
    assert "--save needs --url" in holder.err


def test_an_opening_beside_another_ones_promise_is_refused(holder: Holder) -> None:
    given = holder.acknowledgement()
    other = opening(LAST)
    mixed = given.replace(holder.opening.to_bytes(), other.to_bytes())
    assert holder.check(mixed, code=1) == []
    assert "another submission than the opening beside it" in holder.err
