import datetime as dt
import os
from contextlib import nullcontext
from dataclasses import replace
from hashlib import sha256
from io import BytesIO, RawIOBase
from pathlib import Path

import pytest

from intake.accept import Acceptor
from intake.age import encrypt_bytes
from intake.author import Author
from intake.container import SIZES, File, Mode
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError
from intake.opening import Letter, Opening
from intake.roster import Roster
from intake.seal import MAX_AGE, container_of, seal
from intake.store import Store
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
    container = replace(
        container_of(TESTIMONY, panel.roster, mode=Mode.TOOL, epoch=Epoch.of(TODAY)),
        files=(File("a.bin", "x/y", os.urandom(size)),),
    )
    sealed = encrypt_bytes(container.to_bytes(), panel.roster.recipients)
    opening = replace(
        small.head.opening, redact=container.redact_root, envelope=sha256(sealed).digest()
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
            author=Author.parse(author.resend),
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
