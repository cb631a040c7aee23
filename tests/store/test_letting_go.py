"""What can be relied on when something leaves the store: it is gone, and the log says so."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from intake.author import withdraw_commit_of
from intake.errors import StoreError
from intake.event import Collected, Withdrawn, parse_event
from intake.opening import Opening
from intake.store import Allowance, Place, PostgresPlace, Store, letting_go, places
from tests.log.worlds import (
    CONFIRMERS,
    FIRST,
    World,
    fresh_secrets,
    opening_in,
    preimage_of,
    status_of,
)
from tests.store.engines import content_of

REPEATED = 200  # so that no page ends within each of them
PLENTY = Allowance(FIRST, 1 << 40)


@pytest.fixture
def world(tmp_path: Path, place: Place) -> World:
    return World.make(tmp_path / "site", place=place if isinstance(place, PostgresPlace) else None)


def marked(world: World, mark: bytes) -> Opening:
    """Keep an object that can be found on the disk."""
    return world.add(sealed=os.urandom(65_000) + mark * REPEATED)


def on_disk(world: World, mark: bytes) -> int:
    """How often a mark stands in any of the store's files."""
    files = [path for path in world.path.iterdir() if path.is_file()]
    return sum(path.read_bytes().count(mark) for path in files)


def everything(world: World) -> list[str]:
    """The whole content of the store."""
    return content_of(world.kept_at)


# What reviewers have


@pytest.mark.sqlite
def test_what_is_released_is_gone_from_the_disk_and_its_opening_and_the_statement_stay(
    world: World,
) -> None:
    marks = [os.urandom(24) for _ in range(3)]
    kept = [marked(world, mark) for mark in marks]
    world.close()
    with world.store() as serving:  # a server that runs on keeps the log of changes there
        assert serving.count() == 3
        assert world.release(kept[:2], FIRST.next, b"what they signed") == 2
        assert [on_disk(world, mark) > REPEATED - 5 for mark in marks] == [False, False, True]
        assert [on_disk(world, mark) for mark in marks[:2]] == [0, 0]
        assert serving.openings() == [kept[2].to_bytes()]
        assert serving.sizes() == {kept[2].to_bytes(): 65_000 + 24 * REPEATED}
        with pytest.raises(StoreError, match="does not keep"):
            serving.sealed(kept[0].to_bytes())
        assert serving.statements() == [b"what they signed"]
        (event,) = map(parse_event, serving.waiting_events())
        assert isinstance(event, Collected)
        assert (event.epoch, event.by) == (FIRST.next, CONFIRMERS)
    world.check(kept, collected=[kept[:2]])
    world.close(FIRST.next)
    world.check(kept, collected=[kept[:2]])
    with world.store() as store:
        assert store.waiting_events() == []
        assert store.statements() == [b"what they signed"]
        openings = [leaf.opening for leaf in store.leaves.leaves()]
        assert all(openings.count(opening.to_bytes()) == 1 for opening in kept)


@pytest.mark.repeated
@pytest.mark.parametrize("other", ["not logged yet", "unknown"])
def test_where_the_log_lacks_one_object_none_is_released(world: World, other: str) -> None:
    logged = world.add()
    world.close()
    stranger = world.add(FIRST.next) if other == "not logged yet" else opening_in(FIRST)
    before = everything(world)
    for openings in ([logged, stranger], [stranger]):
        with pytest.raises(StoreError, match="not in this site's log"):
            world.release(openings, FIRST.next)
        assert everything(world) == before


@pytest.mark.repeated
def test_a_statement_is_released_once_and_another_takes_only_the_rest(world: World) -> None:
    kept = [world.add() for _ in range(3)]
    world.close()
    assert world.release(kept[:2], FIRST.next) == 2
    before = everything(world)
    assert world.release(kept[:2], FIRST.next) == 0
    assert world.release(kept[:1], FIRST.next.next, b"another that has nothing new") == 0
    assert everything(world) == before
    assert world.release(kept, FIRST.next) == 1
    world.close(FIRST.next)
    world.check(kept, collected=[kept[:2], kept])
    with world.store() as store:
        assert len(store.statements()) == 2


@pytest.mark.repeated
@pytest.mark.parametrize(("gone", "new"), [(100, 1), (100, 0), (101, 101)])
def test_a_statement_may_name_some_of_what_is_gone(world: World, gone: int, new: int) -> None:
    first, second = many(world, gone, new)
    assert world.release([*first, *second], FIRST.next) == new


@pytest.mark.repeated
def test_a_statement_of_which_most_is_gone_is_refused_and_nothing_released(world: World) -> None:
    """Each bundle carries every statement: were each to name all before it, they would never end."""
    first, second = many(world, 101, 100)
    before = everything(world)
    with pytest.raises(StoreError, match="names, 101 are gone already") as refused:
        world.release([*first, *second], FIRST.next)
    assert "--since" in refused.value.hint
    assert everything(world) == before
    assert world.release(second, FIRST.next) == 100


def many(world: World, gone: int, new: int) -> tuple[list[Opening], list[Opening]]:
    """Submissions that are logged; the first are released already."""
    with world.store() as store:
        kept = [world.add_to(store, FIRST, os.urandom(9)) for _ in range(gone + new)]
    world.close()
    assert world.release(kept[:gone], FIRST.next) == gone
    return kept[:gone], kept[gone:]


def test_what_is_released_in_a_week_that_is_closed_already_is_logged_in_the_next(
    world: World,
) -> None:
    kept = world.add()
    world.close()
    assert world.release([kept], FIRST) == 1
    with world.store() as store:
        assert [parse_event(opening).epoch for opening in store.waiting_events()] == [FIRST.next]
    world.close(FIRST.next)
    world.check([kept], collected=[[kept]])


@pytest.mark.repeated
def test_an_event_of_a_later_week_waits_for_that_one(world: World) -> None:
    kept = [world.add() for _ in range(2)]
    world.close()
    world.release(kept[:1], FIRST.next.next)
    world.withdraw(kept[1], FIRST.next.next)
    world.close(FIRST.next)
    with world.store() as store:
        assert len(store.waiting_events()) == 2
        assert store.kept(status_of(kept[1].envelope), b"") is not None
    world.check(kept, kept[1:], [kept[:1]])
    world.close(FIRST.next.next)
    with world.store() as store:
        assert store.waiting_events() == []
    world.check(kept, kept[1:], [kept[:1]])


@pytest.mark.sqlite
@pytest.mark.parametrize("act", ["release", "withdraw"])
def test_a_reader_in_the_way_leaves_no_traces_for_long(
    world: World, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old view of the database keeps its log of changes: a release says so, and is run again."""
    mark = os.urandom(24)
    kept = marked(world, mark)
    world.close()
    monkeypatch.setattr(places, "connected", _impatient)
    reader = sqlite3.connect(world.path / "store.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM meta").fetchone()
    if act == "release":
        with pytest.raises(StoreError, match="may still have traces") as caught:
            world.release([kept], FIRST.next)
        assert caught.value.hint == "run the same command again"
    else:
        assert world.withdraw(kept, FIRST.next) == 1
    assert on_disk(world, mark) > 0
    reader.execute("ROLLBACK")
    again = world.release([kept], FIRST.next) if act == "release" else world.withdraw(kept)
    assert again == (0 if act == "release" else 1)
    assert on_disk(world, mark) == 0
    reader.close()


def _impatient(path: Path):
    from sqlalchemy import event

    from intake.store.connecting import connected

    engine = connected(path)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 100"))
    return engine


# What its author takes back


@pytest.mark.sqlite
def test_what_is_withdrawn_in_its_week_is_gone_at_once_and_still_logged(world: World) -> None:
    """Its opening must be in the log: nobody could say otherwise that nothing was dropped."""
    mark = os.urandom(24)
    first, other = marked(world, mark), world.add()
    with world.store() as serving:
        assert on_disk(world, mark) > 0
        assert world.withdraw(first) == 1
        assert on_disk(world, mark) == 0
        assert serving.count() == 1
        assert serving.openings() == [other.to_bytes()]
        assert list(serving.sizes()) == [other.to_bytes()]
        assert [stored.opening for stored in serving] == [other.to_bytes()]
        assert serving.leaves.waiting() == sorted([first.to_bytes(), other.to_bytes()])
        (event,) = map(parse_event, serving.waiting_events())
        assert isinstance(event, Withdrawn)
        assert event.is_of(first)
        assert event.epoch == FIRST
    world.close()
    world.check([first, other], [first])
    assert len(world.entries()) == 17
    assert "withdrawn" not in "".join(everything(world))
    rows = [row for row in everything(world) if row.startswith("submission: ")]
    assert len(rows) == 1
    assert other.envelope.hex().upper() in rows[0]


@pytest.mark.sqlite
def test_what_is_withdrawn_after_its_week_is_logged_in_that_of_the_withdrawal(
    world: World,
) -> None:
    mark = os.urandom(24)
    kept = marked(world, mark)
    world.close()
    assert world.withdraw(kept, FIRST.next) == 1
    assert on_disk(world, mark) == 0
    world.close(FIRST.next)
    world.check([kept], [kept])
    with world.store() as store:
        assert store.waiting_events() == []


@pytest.mark.repeated
def test_what_reviewers_have_already_can_still_be_withdrawn(world: World) -> None:
    """The server has nothing of it to destroy, but reviewers must hear of it."""
    kept = world.add()
    world.close()
    world.release([kept], FIRST.next)
    assert world.withdraw(kept, FIRST.next) == 1
    assert world.withdraw(kept, FIRST.next) == 1
    world.close(FIRST.next)
    assert world.withdraw(kept, FIRST.next.next) == 1
    world.close(FIRST.next.next)
    world.check([kept], [kept], [[kept]])


@pytest.mark.repeated
@pytest.mark.parametrize("stage", ["open", "logged", "released"])
def test_nobody_but_its_author_withdraws_and_nobody_learns_what_is_there(
    world: World, stage: str
) -> None:
    kept, other = world.add(), world.add()
    if stage != "open":
        world.close()
    if stage == "released":
        world.release([kept], FIRST.next)
    before = everything(world)
    right = preimage_of(other.envelope)
    with world.store() as store:
        for secret in (
            right[:-1] + bytes([right[-1] ^ 1]),
            right[:-1],
            right + b"x",
            kept.withdraw_commit,
            kept.envelope,
            status_of(kept.envelope) * 2,
            preimage_of(opening_in(FIRST).envelope),
        ):
            assert store.withdraw([secret, *fresh_secrets(9)], FIRST.next) == 0
        assert store.withdraw([], FIRST.next) == 0
    assert everything(world) == before
    assert world.withdraw(kept, FIRST.next) == 1  # and the right one is believed at each stage


def test_a_secret_of_another_length_withdraws_nothing(world: World) -> None:
    """Whoever sends can commit to one; an event with it could be read by nobody."""
    short = os.urandom(31)
    opening = replace(opening_in(FIRST), withdraw_commit=withdraw_commit_of(short))
    with world.store() as store:
        row = (os.urandom(16), opening.envelope, opening.to_bytes(), b"sealed")
        assert store.keep(*row, PLENTY)
        assert store.withdraw([short], FIRST) == 0
        assert (store.count(), store.waiting_events()) == (1, [])


@pytest.mark.repeated
@pytest.mark.parametrize("count", [1, 4095, 4096, 4097, 26_624])
def test_one_of_as_many_secrets_as_there_are_is_found_wherever_it_stands(
    world: World, count: int
) -> None:
    """Secrets are looked up some thousand at a time, and in another order than they come."""
    kept = [world.add() for _ in range(2)]
    world.close()
    kept.append(world.add(FIRST.next))
    secrets = fresh_secrets(count)
    for place, opening in zip((0, count // 2, count - 1), kept, strict=True):
        secrets[place] = preimage_of(opening.envelope)
    theirs = [one for one in kept if preimage_of(one.envelope) in secrets]
    with world.store() as store:
        assert store.withdraw(secrets, FIRST.next) == len(theirs) == min(count, 3)
    world.close(FIRST.next)
    world.check(kept, theirs)


@pytest.mark.sqlite
def test_secrets_that_open_nothing_take_no_lock_and_wait_for_none(world: World) -> None:
    """Anybody may send them: while somebody writes they are answered, and hold up nobody."""
    kept = world.add()
    world.close()
    with world.store() as store:
        writer = sqlite3.connect(world.path / "store.sqlite", isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        begin = time.monotonic()
        assert store.withdraw(fresh_secrets(100), FIRST.next) == 0
        assert time.monotonic() - begin < 5  # a lock is waited for 15 seconds
        writer.execute("ROLLBACK")
        writer.close()

        def locked() -> None:
            raise AssertionError

        store._alone = locked
        assert store.withdraw(fresh_secrets(100), FIRST.next) == 0
        with pytest.raises(AssertionError):  # the twin: one that opens something does take it
            store.withdraw([preimage_of(kept.envelope)], FIRST.next)


def test_a_week_that_is_closed_between_the_look_and_the_lock_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = world.add()
    real = letting_go.opened_by

    def closed_after(*words: object) -> dict[bytes, bytes]:
        found = real(*words)
        world.close()
        return found

    monkeypatch.setattr(letting_go, "opened_by", closed_after)
    assert world.withdraw(kept, FIRST) == 1
    world.close(FIRST.next)
    world.check([kept], [kept])


# A program in the place of a server's worker: at its nth step it kills itself, before or after it.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from intake.epoch import Epoch
from intake.store import Store, letting_go

def dying(real, at):
    def step(*words, **named):
        global taken
        for turn in (0, 1):
            taken += 1
            if taken == at:
                os.kill(os.getpid(), signal.SIGKILL)
            if turn == 0:
                result = real(*words, **named)
        return result
    return step

def crash(path, at):
    letting_go.opened_by = dying(letting_go.opened_by, at)
    letting_go._let_go_of_withdrawn = dying(letting_go._let_go_of_withdrawn, at)
    letting_go._queue = dying(letting_go._queue, at)
    letting_go.withdraw = dying(letting_go.withdraw, at)
    Store._empty_changes = dying(Store._empty_changes, at)
    secrets = [bytes.fromhex(word) for word in sys.argv[1:3]]
    assert Store.open(Path(path)).withdraw(secrets, Epoch.parse(sys.argv[3])) == 2

taken = 0
for at, path in enumerate(sys.argv[4:], 1):
    child = os.fork()
    if not child:
        crash(path, at)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.sqlite
def test_a_withdrawal_that_is_killed_anywhere_took_all_or_nothing_and_is_done_by_the_next(
    world: World, tmp_path: Path
) -> None:
    """One that is logged and one that waits: both or neither."""
    mark = os.urandom(24)
    kept = [marked(world, mark)]
    world.close()
    kept.append(world.add(FIRST.next))
    victims = [World(tmp_path / f"killed at {at}") for at in range(1, 17)]
    for victim in victims:
        shutil.copytree(world.path, victim.path)
    words = [preimage_of(one.envelope).hex() for one in kept]
    paths = [str(victim.path / "store.sqlite") for victim in victims]
    command = [sys.executable, "-c", PROGRAM, *words, str(FIRST.next), *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    codes = [int(line) for line in done.stdout.split()]
    assert codes == [-9] * 14 + [0] * 2
    for at, victim in enumerate(victims, 1):
        with victim.store() as store:
            state = store.count(), len(store.waiting_events())
        assert state == ((2, 0) if at <= 12 else (0, 2))
        assert victim.withdraw(kept[0], FIRST.next) == victim.withdraw(kept[1], FIRST.next) == 1
        assert on_disk(victim, mark) == 0
        victim.close(FIRST.next)
        victim.check(kept, kept)


def test_withdrawing_again_says_the_same_and_is_logged_once(world: World) -> None:
    kept = world.add()
    assert world.withdraw(kept) == 1
    before = everything(world)
    assert world.withdraw(kept) == 1
    assert world.withdraw(kept, FIRST.next) == 1
    assert everything(world) == before
    world.close()
    assert world.withdraw(kept, FIRST.next) == 1
    world.close(FIRST.next)
    world.check([kept], [kept])


@pytest.mark.parametrize("early", [False, True])
def test_what_comes_for_a_week_that_is_to_come_is_not_withdrawn_before_it(
    world: World, *, early: bool
) -> None:
    """A week was closed early, or a clock was ahead: the withdrawal belongs to the later week too.

    With the week before, its opening would be forgotten before it is logged.
    """
    if early:
        with world.log() as log:
            log.close_due(FIRST, now=True)
    kept = world.add(FIRST if early else FIRST.next)
    assert kept.epoch == FIRST.next
    assert world.withdraw(kept, FIRST) == 1
    with world.store() as store:
        assert [parse_event(opening).epoch for opening in store.waiting_events()] == [FIRST.next]
    for week in (FIRST, FIRST.next):
        world.close(week)
        world.check([kept], [kept])


# Sent again


def again(store: Store, opening: Opening, status: bytes = b"", *, large: bool) -> int | None:
    """Keep the same object once more, in another week."""
    status = status or status_of(opening.envelope)
    week = opening.epoch.next.next
    words = status, opening.envelope, opening.taken_in(week).to_bytes()
    if not large:
        return store.keep(*words, b"sealed", Allowance(week, 1 << 40))
    with store.stage() as staging:
        staging.add(b"sealed")
        return staging.keep(*words, Allowance(week, 1 << 40))


@pytest.mark.repeated
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("act", ["withdrawn", "withdrawn and closed", "released"])
def test_what_is_gone_and_sent_again_is_known_and_not_taken_as_new(
    world: World, act: str, *, large: bool
) -> None:
    """Else it would lie there again, and stand in the log twice, at which reviewers must stop."""
    kept = world.add()
    if act != "withdrawn":
        world.close()
    if act == "released":
        world.release([kept], FIRST.next)
    else:
        world.withdraw(kept, FIRST.next)
    if act == "withdrawn and closed":
        world.close(FIRST.next)
    status = status_of(kept.envelope)
    with world.store() as store:
        for words in ((status, kept.envelope), (os.urandom(16), kept.envelope)):
            assert store.knows(*words)
            assert store.kept(*words) == kept.to_bytes()
            assert again(store, kept, words[0], large=large) is None
        assert (store.count(), store.sweep()) == (0, 0)
        assert store.taken(FIRST.next.next) == 0


@pytest.mark.parametrize("large", [False, True])
def test_the_status_of_a_withdrawn_one_is_known_until_its_withdrawal_is_logged(
    world: World, *, large: bool
) -> None:
    """Long enough for a page that is loaded again; then nothing here joins it to its author."""
    kept = world.add()
    world.withdraw(kept)
    status, sealed_anew = status_of(kept.envelope), opening_in(FIRST)
    with world.store() as store:
        assert again(store, sealed_anew, status, large=large) is None
        assert store.kept(status, sealed_anew.envelope) == kept.to_bytes()
    world.close()
    assert status.hex().upper() not in "".join(everything(world))
    with world.store() as store:
        assert again(store, sealed_anew, status, large=large)


def test_a_submission_after_a_withdrawal_is_withdrawn_on_its_own(world: World) -> None:
    """One author, two objects of one secret: each withdrawal names what is there of both."""
    first = world.add()
    second = opening_in(FIRST)
    second = Opening.parse(
        second.to_bytes().replace(
            second.to_bytes().split(b"withdraw-commit ")[1][:44],
            first.to_bytes().split(b"withdraw-commit ")[1][:44],
        )
    )
    status = status_of(first.envelope)
    world.withdraw(first)
    world.close()
    with world.store() as store:
        opening = second.taken_in(FIRST.next)
        allowance = Allowance(FIRST.next, 1 << 40)
        assert store.keep(status, opening.envelope, opening.to_bytes(), b"sealed", allowance)
    assert world.withdraw(first, FIRST.next) == 2
    world.close(FIRST.next)
    world.check([first, opening], [first, opening])


@pytest.mark.repeated
def test_many_of_one_secret_are_withdrawn_in_a_time_that_grows_as_they_do(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One author may send any number; while they are withdrawn, nobody else can be served."""
    parsed = 0

    def counted(data: bytes) -> object:
        nonlocal parsed
        parsed += 1
        return parse_event(data)

    first = world.add()
    theirs = [replace(opening_in(FIRST), withdraw_commit=first.withdraw_commit) for _ in range(60)]
    with world.store() as store:
        for one in theirs:
            allowance = Allowance(FIRST, 1 << 40)
            store.keep(os.urandom(16), one.envelope, one.to_bytes(), b"sealed", allowance)
    world.close()
    monkeypatch.setattr(letting_go, "parse_event", counted)
    assert world.withdraw(first, FIRST.next) == 61
    assert world.withdraw(first, FIRST.next) == 61
    with world.store() as store:
        assert len(store.waiting_events()) == 61
        assert store.count() == 0
    assert parsed <= 61 + 2 * 61
