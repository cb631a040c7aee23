import datetime as dt
import os
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO, RawIOBase
from pathlib import Path

import pytest

from intake.accept import WEEKLY, Acceptor
from intake.age import encrypt_bytes
from intake.author import Author
from intake.budget import FLOOR, RESERVE, Step
from intake.container import SIZES, File, Mode
from intake.epoch import Epoch
from intake.errors import FullError, MalformedError, RosterError, StoreError
from intake.opening import Letter, Opening
from intake.roster import Roster
from intake.seal import MAX_AGE, container_of, seal
from intake.store import PIECE, Store
from intake.testimony import Testimony
from tests.panel import Panel

TODAY = dt.datetime.now(dt.UTC).date()
TESTIMONY = Testimony.from_answers("ru", {"narrative": "Ӏумар сказал"}, {"stats"})


class OneRoster:
    """The shelf of a site that has had one roster."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster

    def named(self, digest: str, today: dt.date) -> Roster:
        if digest != self.roster.digest or not self.roster.accepts_objects(today):
            raise RosterError("not taken")
        return self.roster


@pytest.fixture
def store(tmp_path: Path):
    made = Store.create(tmp_path / "store.sqlite", "test-abcdefgh")
    yield made
    made.close()


def letter_of(panel: Panel) -> Letter:
    author = Author.fresh(Epoch.of(TODAY))
    return seal(TESTIMONY, panel.roster, mode=Mode.TOOL, today=TODAY, author=author)


def large_letter(panel: Panel, size: int) -> Letter:
    small = letter_of(panel)
    epoch = Epoch.of(TODAY)
    author = Author.fresh(epoch)
    container = replace(
        container_of(TESTIMONY, panel.roster, mode=Mode.TOOL, epoch=epoch, author=author),
        files=(File("a.bin", "x/y", os.urandom(size)),),
    )
    sealed = encrypt_bytes(container.to_bytes(), panel.roster.recipients)
    opening = replace(
        small.head.opening,
        redact=container.redact_root,
        envelope=sha256(sealed).digest(),
        withdraw_commit=container.withdraw,
    )
    return Letter(replace(small.head, opening=opening), sealed)


def test_a_letter_is_kept_with_its_opening_and_sending_it_again_changes_nothing(
    panel: Panel, store: Store
) -> None:
    acceptor = Acceptor(store, OneRoster(panel.roster))
    letter = letter_of(panel)
    for _ in range(2):
        acceptor.accept_letter(letter)
    (stored,) = store
    assert Opening.parse(stored.opening) == letter.head.opening
    assert stored.sealed == letter.sealed


def test_the_same_author_sealing_again_keeps_the_first(panel: Panel, store: Store) -> None:
    acceptor = Acceptor(store, OneRoster(panel.roster))
    author = Author.fresh(Epoch.of(TODAY))
    letters = [
        seal(
            TESTIMONY,
            panel.roster,
            mode=Mode.SERVER,
            today=TODAY,
            author=Author.parse(author.to_text()),
        )
        for _ in range(2)
    ]
    for letter in letters:
        acceptor.accept_letter(letter)
    (stored,) = store
    assert stored.sealed == letters[0].sealed


@pytest.mark.parametrize("weeks", [1, 6])
def test_a_letter_that_comes_later_bears_the_week_in_which_it_was_taken(
    panel: Panel, store: Store, weeks: int
) -> None:
    letter = letter_of(panel)
    later = TODAY + dt.timedelta(weeks=weeks)
    roster = panel.dated(TODAY, later).roster
    kept = replace(letter.head.opening, roster=roster.digest)
    acceptor = Acceptor(store, OneRoster(roster), today=lambda: later)
    acceptor.accept(replace(letter.head, opening=kept), BytesIO(letter.sealed), len(letter.sealed))
    (stored,) = store
    assert Opening.parse(stored.opening) == kept.taken_in(Epoch.of(later))


@pytest.mark.parametrize("weeks", [-1, 7])
def test_a_letter_from_the_future_or_too_long_ago_is_refused(
    panel: Panel, store: Store, weeks: int
) -> None:
    day = TODAY + dt.timedelta(weeks=weeks)
    roster = panel.dated(TODAY - dt.timedelta(days=9), TODAY + dt.timedelta(days=90)).roster
    letter = letter_of(replace(panel, roster=roster))
    acceptor = Acceptor(store, OneRoster(roster), today=lambda: day)
    with pytest.raises(MalformedError, match="letter is of"):
        acceptor.accept_letter(letter)
    assert store.count() == 0


@pytest.mark.parametrize("weeks", [-1, 0, 1, 2])
def test_who_knows_how_a_letter_was_sealed_can_ask_that_it_is_no_older_than_that_allows(
    panel: Panel, store: Store, weeks: int
) -> None:
    letter = letter_of(panel)
    day = TODAY + dt.timedelta(weeks=weeks)
    roster = panel.dated(TODAY - dt.timedelta(days=9), TODAY + dt.timedelta(days=30)).roster
    head = replace(letter.head, opening=replace(letter.head.opening, roster=roster.digest))
    acceptor = Acceptor(store, OneRoster(roster), today=lambda: day)
    fits = 0 <= weeks <= 1
    with nullcontext() if fits else pytest.raises(MalformedError, match="letter is of"):
        acceptor.accept(head, BytesIO(letter.sealed), len(letter.sealed), MAX_AGE[Mode.BROWSER])
    assert store.count() == fits


def test_a_large_object_is_taken_in_pieces_only_where_it_is_allowed(
    panel: Panel, store: Store
) -> None:
    letter = large_letter(panel, 2_500_000)
    with pytest.raises(MalformedError, match="length"):
        Acceptor(store, OneRoster(panel.roster)).accept_letter(letter)
    Acceptor(store, OneRoster(panel.roster), SIZES[3]).accept_letter(letter)
    (stored,) = store
    assert stored.sealed == letter.sealed


class Dribble(RawIOBase):
    """A connection that gives a few bytes at a time and then ends."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data, self.step, self.most = data, step, 0

    def read(self, size: int = -1) -> bytes:
        self.most = max(self.most, size)
        step = min(size, self.step)
        given, self.data = self.data[:step], self.data[step:]
        return given


def test_a_slow_connection_is_read_a_piece_at_a_time(panel: Panel, store: Store) -> None:
    letter = large_letter(panel, 2_500_000)
    body = Dribble(letter.sealed, 50_000)
    acceptor = Acceptor(store, OneRoster(panel.roster), SIZES[3])
    acceptor.accept(letter.head, body, len(letter.sealed))
    (stored,) = store
    assert stored.sealed == letter.sealed
    assert body.most <= 1 << 20


@pytest.mark.parametrize("size", [0, 2_500_000])
@pytest.mark.parametrize("fault", ["cut", "flip", "header", "envelope", "roster"])
def test_whatever_does_not_hold_leaves_nothing(
    panel: Panel, store: Store, size: int, fault: str
) -> None:
    letter = large_letter(panel, size) if size else letter_of(panel)
    head, sealed = letter.head, bytearray(letter.sealed)
    error: type[Exception] = MalformedError
    body = sealed
    if fault == "cut":
        body = sealed[:-1]
    elif fault == "flip":
        sealed[-1] ^= 1
    elif fault == "header":
        sealed[30] ^= 1
        sealed[23:41] = b"-> mlkem768x25518 "
        head = replace(head, opening=replace(head.opening, envelope=sha256(sealed).digest()))
    elif fault == "envelope":
        head = replace(head, opening=replace(head.opening, envelope=bytes(32)))
    else:
        head = replace(head, opening=replace(head.opening, roster="sha256:" + "0" * 64))
        error = RosterError
    acceptor = Acceptor(store, OneRoster(panel.roster), SIZES[3])
    with pytest.raises(error):
        acceptor.accept(head, BytesIO(body), len(sealed))
    assert store.count() == 0
    assert store.sweep() == 0


# What a flood meets


@dataclass
class Flooded:
    """A site whose week and disk stand where a test puts them; `told` is what the operator saw."""

    store: Store
    panel: Panel
    monkeypatch: pytest.MonkeyPatch
    told: list[Step] = field(default_factory=list)

    def acceptor(self, weekly: int = WEEKLY) -> Acceptor:
        shelf = OneRoster(self.panel.roster)
        return Acceptor(self.store, shelf, SIZES[3], weekly, self.told.append)

    def free(self, free: int) -> None:
        self.monkeypatch.setattr(self.store, "free", lambda: free)


@pytest.fixture
def flooded(panel: Panel, store: Store, monkeypatch: pytest.MonkeyPatch) -> Flooded:
    made = Flooded(store, panel, monkeypatch)
    made.free(10 * RESERVE)
    return made


def test_a_flood_stops_files_first_then_texts_and_the_operator_is_told_of_each_step_once(
    flooded: Flooded, panel: Panel
) -> None:
    size = len(letter_of(panel).sealed)
    acceptors = [flooded.acceptor(10 * size) for _ in range(2)]
    large = large_letter(panel, 100_000)
    seen = []
    for number in range(10):
        acceptors[number % 2].accept_letter(letter_of(panel))
        seen.append(list(flooded.told))
        if number == 4:
            with pytest.raises(FullError, match="no files"):
                acceptors[0].accept_letter(large)
    one, two = [Step.NO_FILES], [Step.NO_FILES, Step.TEXT_ONLY]
    assert seen == [[]] * 4 + [one] * 3 + [two] * 2 + [[*two, Step.CLOSED]]
    for acceptor in acceptors:
        with pytest.raises(FullError):
            acceptor.accept_letter(letter_of(panel))
        with pytest.raises(FullError):
            acceptor.check_open()
    assert flooded.told == [*two, Step.CLOSED]
    assert flooded.store.count() == 10
    assert flooded.store.taken(Epoch.of(TODAY)) == 10 * size


def test_files_have_half_of_the_week_and_no_more(flooded: Flooded, panel: Panel) -> None:
    large = [large_letter(panel, 100_000) for _ in range(3)]
    acceptor = flooded.acceptor(4 * len(large[0].sealed))
    acceptor.accept_letter(large[0])
    acceptor.check_open()
    acceptor.accept_letter(large[1])
    with pytest.raises(FullError):
        acceptor.accept_letter(large[2])
    acceptor.accept_letter(letter_of(panel))
    assert flooded.store.sweep() == 0


@pytest.mark.parametrize("more", [0, 1])
def test_files_leave_a_reserve_of_the_disk_to_texts(
    flooded: Flooded, panel: Panel, more: int
) -> None:
    acceptor, large = flooded.acceptor(), large_letter(panel, 100_000)
    flooded.free(RESERVE + len(large.sealed) - 1 + more)
    with nullcontext() if more else pytest.raises(FullError, match="no files"):
        acceptor.accept_letter(large)
    flooded.free(RESERVE - 1)
    acceptor.accept_letter(letter_of(panel))
    acceptor.check_open()
    assert flooded.told == [Step.TEXT_ONLY]


@pytest.mark.parametrize("more", [0, 1])
def test_the_last_of_the_disk_is_nobodys(flooded: Flooded, panel: Panel, more: int) -> None:
    acceptor, letter = flooded.acceptor(), letter_of(panel)
    flooded.free(FLOOR + len(letter.sealed) - 1 + more)
    with nullcontext() if more else pytest.raises(FullError, match="nothing more"):
        acceptor.accept_letter(letter)
    assert flooded.store.count() == more
    flooded.free(FLOOR - 1)
    with pytest.raises(FullError):
        acceptor.check_open()
    assert flooded.told[-1] is Step.CLOSED


def test_the_operator_is_told_when_the_first_letter_finds_no_room_on_the_disk(
    flooded: Flooded, panel: Panel
) -> None:
    """Nobody need have looked at the form before."""
    flooded.free(FLOOR - 1)
    with pytest.raises(FullError, match="nothing more"):
        flooded.acceptor().accept_letter(letter_of(panel))
    assert flooded.told == [Step.CLOSED]


def test_the_operator_is_told_when_the_first_letter_finds_its_week_used_up(
    flooded: Flooded, panel: Panel
) -> None:
    flooded.acceptor().accept_letter(letter_of(panel))
    assert flooded.told == []
    with pytest.raises(FullError):
        flooded.acceptor(1).accept_letter(letter_of(panel))
    assert flooded.told == [Step.CLOSED]


def test_what_comes_after_weeks_closed_too_early_is_counted_in_the_week_that_takes_it(
    flooded: Flooded, panel: Panel
) -> None:
    """Where a clock was wrong at the close: the alarm belongs to that week too, and once."""
    week = Epoch.of(TODAY)
    for epoch in (week, week.next):
        flooded.store.leaves.close(epoch, lambda _: [])
    letter = letter_of(panel)
    opening = flooded.acceptor(1).accept_letter(letter)
    assert opening is not None
    assert opening.epoch == week.next.next
    assert flooded.store.taken(week.next.next) == len(letter.sealed)
    assert flooded.told == [Step.CLOSED]
    assert not flooded.store.tell(week.next.next, Step.CLOSED)


@pytest.mark.parametrize("size", [0, 2_500_000])
@pytest.mark.parametrize("full", ["week", "disk"])
def test_what_is_kept_can_be_sent_again_when_there_is_no_room_left(
    flooded: Flooded, panel: Panel, size: int, full: str
) -> None:
    """Or it would be said that nothing was kept, and that would not be true."""
    letter = large_letter(panel, size) if size else letter_of(panel)
    flooded.acceptor().accept_letter(letter)
    flooded.free(0 if full == "disk" else 10 * RESERVE)
    acceptor = flooded.acceptor(1 if full == "week" else WEEKLY)
    acceptor.accept_letter(letter)
    with pytest.raises(FullError):
        acceptor.accept_letter(letter_of(panel))
    with pytest.raises(MalformedError):
        damaged = letter.sealed[:-1] + bytes([letter.sealed[-1] ^ 1])
        acceptor.accept_letter(Letter(letter.head, damaged))
    assert flooded.store.count() == 1


def test_what_is_too_large_is_refused_before_it_is_read(flooded: Flooded, panel: Panel) -> None:
    letter = large_letter(panel, 2_500_000)
    flooded.free(RESERVE)
    source = BytesIO(letter.sealed)
    with pytest.raises(FullError):
        flooded.acceptor().accept(letter.head, source, len(letter.sealed))
    assert source.tell() == PIECE


def test_the_next_week_begins_with_all_of_its_room(flooded: Flooded, panel: Panel) -> None:
    acceptor = flooded.acceptor(1)
    acceptor.accept_letter(letter_of(panel))
    with pytest.raises(FullError):
        acceptor.accept_letter(letter_of(panel))
    later = TODAY + dt.timedelta(weeks=1)
    shelf = OneRoster(panel.roster)
    told: list[Step] = []
    next_week = Acceptor(
        flooded.store, shelf, weekly_bytes=1, alarm=told.append, today=lambda: later
    )
    next_week.check_open()
    assert told == []
    next_week.accept_letter(letter_of(panel))
    assert told == [Step.CLOSED]


def test_an_alarm_that_fails_takes_back_no_letter_and_comes_with_the_next(
    flooded: Flooded, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    acceptor = flooded.acceptor(2 * len(letter_of(panel).sealed))
    with monkeypatch.context() as busy:

        def fails(*_: object) -> bool:
            raise StoreError("the store is busy")

        busy.setattr(flooded.store, "tell", fails)
        acceptor.accept_letter(letter_of(panel))
        assert (flooded.store.count(), flooded.told) == (1, [])
    acceptor.accept_letter(letter_of(panel))
    assert (flooded.store.count(), flooded.told) == (2, [Step.CLOSED])


def test_a_disk_that_is_gone_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    store = Store.create(folder / "store.sqlite", "test-abcdefgh")
    store.close()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    with pytest.raises(StoreError, match="disk"):
        store.free()
