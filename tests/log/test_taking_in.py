"""What comes while its week is closed is taken in the next one, and promised so."""

import datetime as dt
from io import BytesIO
from pathlib import Path

import pytest

from intake.accept import Acceptor
from intake.container import SIZES
from intake.epoch import Epoch
from intake.opening import Opening
from tests.log.worlds import World
from tests.panel import Panel
from tests.test_accept import OneRoster, large_letter, letter_of

NOW = Epoch.of(dt.datetime.now(dt.UTC).date())


class Closing(BytesIO):
    """A body during whose last piece the week is closed by another process."""

    def __init__(self, content: bytes, world: World) -> None:
        super().__init__(content)
        self.world = world
        self.closed_at = -1

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(size)
        if self.tell() == len(self.getbuffer()) and self.closed_at < 0:
            self.closed_at = self.tell()
            with self.world.log() as log:
                assert log.close_due(NOW, now=True) == (NOW,)
                log.stage()
                log.settle()
        return content


@pytest.mark.parametrize("large", [False, True])
def test_a_letter_during_which_its_week_is_closed_is_in_the_next_one(
    tmp_path: Path, panel: Panel, *, large: bool
) -> None:
    world = World.make(tmp_path / "site", since=NOW)
    letter = large_letter(panel, 2_000_000) if large else letter_of(panel)
    body = Closing(letter.sealed, world)
    with world.store() as store:
        acceptor = Acceptor(store, OneRoster(panel.roster), SIZES[-1])
        kept = acceptor.accept(letter.head, body, len(letter.sealed))
        assert body.closed_at == len(letter.sealed)
        assert kept == letter.head.opening.taken_in(NOW.next)
        assert [Opening.parse(stored.opening) for stored in store] == [kept]
        assert store.taken(NOW) == len(letter.sealed)
        assert store.sweep() == 0
        assert store.leaves.waiting() == [kept.to_bytes()]
        assert acceptor.accept_letter(letter) == kept
    world.check([kept])


def test_what_was_kept_and_is_sent_again_with_no_room_is_given_as_it_is(
    tmp_path: Path, panel: Panel
) -> None:
    world = World.make(tmp_path / "site", since=NOW)
    letter = letter_of(panel)
    with world.store() as store:
        kept = Acceptor(store, OneRoster(panel.roster)).accept_letter(letter)
        full = Acceptor(store, OneRoster(panel.roster), weekly_bytes=1)
        assert full.accept_letter(letter) == kept == letter.head.opening
