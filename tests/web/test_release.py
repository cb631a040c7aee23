"""`intake release`: a site lets go of what two reviewers have, and of nothing else, whatever happens."""

import datetime as dt
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from intake.accept import Acceptor
from intake.author import Author
from intake.cli import run
from intake.collection import Collection
from intake.container import Mode
from intake.epoch import Epoch
from intake.event import Collected, Withdrawn, parse_event
from intake.log.site_log import SiteLog
from intake.opening import Opening
from intake.seal import seal
from intake.store import Store
from intake.testimony import Testimony
from intake.tlog.note import Algorithm, Note, Signer
from intake.web.site import Site
from tests.panel import Panel, make_panel, seed
from tests.web.serving import site_in

TODAY = dt.datetime.now(dt.UTC).date()
NOW = Epoch.of(TODAY)
TESTIMONY = Testimony.from_answers("ru", {"narrative": "Ӏумар сказал"}, {"stats"})


def signer(number: int) -> Signer:
    """The key of a reviewer of the panel."""
    return Signer(f"r{number}", Algorithm.ED25519, seed(f"signer {number}"))


@dataclass
class Place:
    """A site of whose week three submissions are logged, and a place for statements."""

    site: Site
    panel: Panel
    authors: list[Author]
    logged: list[Opening]
    path: Path

    @property
    def collection(self) -> Collection:
        """What reviewers have who imported all of it."""
        staged = self.site.log_folder.staged()
        assert staged is not None
        return Collection.of(
            self.panel.roster.deployment,
            *(staged.checkpoint.size, staged.checkpoint.root),
            (opening.envelope for opening in self.logged),
        )

    def release(self, note: Note | bytes, *words: str) -> int:
        self.path.write_bytes(note if isinstance(note, bytes) else note.to_bytes())
        return run(["release", str(self.site.folder), str(self.path), *words])

    def send(self, author: Author) -> Opening:
        letter = seal(TESTIMONY, self.panel.roster, mode=Mode.TOOL, today=TODAY, author=author)
        store = Store.open(self.site.store_path)
        kept = Acceptor(store, self.site).accept_letter(letter)
        store.close()
        assert kept is not None
        return kept

    def state(self) -> tuple[set[bytes], list[bytes], list[bytes]]:
        """Openings whose objects are here, statements, and events that wait."""
        store = Store.open(self.site.store_path)
        found = set(store.openings()), store.statements(), store.waiting_events()
        store.close()
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path)


def make_place(tmp_path: Path) -> Place:
    site, panel = site_in(tmp_path / "site")
    made = Place(site, panel, [Author.fresh(NOW) for _ in range(3)], [], tmp_path / "statement")
    made.logged += map(made.send, made.authors)
    assert run(["epoch", str(site.folder), "--now"]) == 0
    return made


def test_what_two_reviewers_confirm_is_deleted_and_the_statement_kept(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    later = place.send(Author.fresh(NOW))
    collection = replace(
        place.collection, envelopes=tuple(sorted(o.envelope for o in place.logged[:2]))
    )
    note = collection.signed(signer(3), signer(1))
    assert place.release(note) == 0
    assert capsys.readouterr().out == "released 2 submissions, confirmed by r1, r3\n"
    here, statements, (event,) = place.state()
    assert here == {place.logged[2].to_bytes(), later.to_bytes()}
    assert statements == [note.to_bytes()]
    collected = parse_event(event)
    assert isinstance(collected, Collected)
    assert (collected.manifest, collected.by) == (collection.manifest, ("r1", "r3"))
    assert place.release(note) == 0
    assert capsys.readouterr().out == (
        "released 0 submissions, confirmed by r1, r3; 2 were gone before\n"
    )
    assert place.state() == ({place.logged[2].to_bytes(), later.to_bytes()}, statements, [event])
    assert place.release(place.collection.signed(signer(1), signer(2))) == 0
    assert capsys.readouterr().out == (
        "released 1 submissions, confirmed by r1, r2; 2 were gone before\n"
    )


def test_where_a_key_was_stolen_a_statement_of_what_is_gone_is_logged_again(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reviewers do not believe the first one any more, and its objects are not here to be kept."""
    old, anew = (place.collection.signed(signer(n), signer(1)) for n in (2, 3))
    assert place.release(old) == 0
    before = place.state()
    for note in (old, anew):
        assert place.release(note) == 0
    assert place.state() == before
    assert place.release(old, "--again") == 1
    assert "this statement was released before" in capsys.readouterr().err
    assert place.state() == before
    assert place.release(anew, "--again") == 0
    assert capsys.readouterr().out == (
        "released 0 submissions, confirmed by r1, r3; 3 were gone before\n"
    )
    _, statements, events = place.state()
    assert statements == sorted([old.to_bytes(), anew.to_bytes()])
    named = [event for event in map(parse_event, events) if isinstance(event, Collected)]
    assert {event.by for event in named} == {("r1", "r2"), ("r1", "r3")}
    assert {event.manifest for event in named} == {place.collection.manifest}


def test_a_statement_of_an_earlier_week_is_good_while_the_log_goes_on(place: Place) -> None:
    note = place.collection.signed(signer(1), signer(2))
    store = Store.open(place.site.store_path)
    with place.site.log_folder.locked():
        log = SiteLog(store.leaves, place.site.log_folder, place.site.log_signer)
        log.close_due(NOW.next, now=True)
        log.stage()
    store.close()
    assert place.release(note) == 0
    assert place.state()[0] == set()


def altered(place: Place, what: str) -> Note | bytes:
    """A statement with which something is wrong."""
    collection, stranger = place.collection, Signer("r2", Algorithm.ED25519, os.urandom(32))
    one, two = signer(1), signer(2)
    match what:
        case "one reviewer":
            return collection.signed(one)
        case "one twice":
            return collection.signed(one, replace(one, name="r2"))
        case "somebody else":
            return collection.signed(one, stranger)
        case "of another text":
            other = replace(collection, envelopes=collection.envelopes[:2]).signed(two)
            return collection.signed(one).with_signature(other.signatures[0])
        case "another deployment":
            return replace(collection, deployment="other-abcdefgh").signed(one, two)
        case "another log":
            return replace(collection, root=bytes(32)).signed(one, two)
        case "a longer log":
            return replace(collection, size=collection.size + 1).signed(one, two)
        case "a shorter log":
            return replace(collection, size=collection.size - 1).signed(one, two)
        case "an unknown object":
            more = (*collection.envelopes, os.urandom(32))
            return replace(collection, envelopes=tuple(sorted(more))).signed(one, two)
        case "an object that is not logged":
            more = (*collection.envelopes, place.send(Author.fresh(NOW)).envelope)
            return replace(collection, envelopes=tuple(sorted(more))).signed(one, two)
        case _:
            return b"not a note\n"


@pytest.mark.parametrize(
    ("what", "phrase"),
    [
        ("one reviewer", "1 of the reviewers signed"),
        ("one twice", "1 of the reviewers signed"),
        ("somebody else", "1 of the reviewers signed"),
        ("of another text", "does not hold"),
        ("another deployment", "another deployment"),
        ("another log", "not of this site's log"),
        ("a longer log", "it has fewer entries"),
        ("a shorter log", "not of this site's log"),
        ("an unknown object", "not in this site's log"),
        ("an object that is not logged", "not in this site's log"),
        ("nonsense", "note"),
    ],
)
def test_whatever_does_not_hold_releases_nothing(
    place: Place, what: str, phrase: str, capsys: pytest.CaptureFixture[str]
) -> None:
    note = altered(place, what)
    before = place.state()
    capsys.readouterr()
    assert place.release(note) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert phrase in said.err
    assert len(before[0]) >= 3
    assert place.state() == before


def test_those_who_are_no_reviewers_any_more_release_nothing(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reviewer is dropped because of a lost key, and two lost keys could destroy everything."""
    note = place.collection.signed(signer(1), signer(2))
    old = place.panel.roster
    left = make_panel(2, first=2, deployment=old.deployment).roster
    follower = replace(left, version=2, previous=old.digest)
    from tests.panel import sign

    place.site.publish(sign(follower), None, TODAY)
    assert place.release(note) == 1
    assert "1 of the reviewers signed" in capsys.readouterr().err
    assert len(place.state()[0]) == 3
    assert place.release(place.collection.signed(signer(3), signer(2))) == 0


def test_a_site_without_a_log_releases_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, panel = site_in(tmp_path / "site")
    place = Place(site, panel, [], [], tmp_path / "statement")
    collection = Collection.of(panel.roster.deployment, 1, bytes(32), [bytes(32)])
    assert place.release(collection.signed(signer(1), signer(2))) == 1
    assert "not of this site's log: there is no log" in capsys.readouterr().err


def test_an_author_withdraws_before_and_after_the_release(place: Place) -> None:
    """By the server's one way in, which says nothing of whether it was done."""
    first, second, _ = place.authors
    store = Store.open(place.site.store_path)
    acceptor = Acceptor(store, place.site)
    assert acceptor.withdraw([second.withdraw_commit, first.withdraw]) is None
    assert acceptor.withdraw([second.withdraw_commit]) is None
    assert len(store.openings()) == 2
    store.close()
    note = place.collection.signed(signer(1), signer(2))
    assert place.release(note) == 0
    assert place.state()[0] == set()
    store = Store.open(place.site.store_path)
    assert Acceptor(store, place.site).withdraw([second.withdraw]) is None
    events = [parse_event(opening) for opening in store.waiting_events()]
    store.close()
    named = {event.envelope for event in events if isinstance(event, Withdrawn)}
    assert named == {opening.envelope for opening in place.logged[:2]}
    assert sum(isinstance(event, Collected) for event in events) == 1
    assert {event.epoch for event in events} == {NOW.next}


# A program in the place of `intake release`: at its nth step it kills itself.
PROGRAM = """
import os, signal, sys
from intake.cli import run
from intake.store import Store, letting_go

def dying(real, at):
    def step(*words, **named):
        global taken
        taken += 1
        if taken == at:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*words, **named)
        taken += 1
        if taken == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return step

taken, at = 0, int(sys.argv[3])
letting_go.release = dying(letting_go.release, at)
letting_go._queue = dying(letting_go._queue, at)
Store._empty_changes = dying(Store._empty_changes, at)
Store.close = dying(Store.close, at)
sys.exit(run(["release", *sys.argv[1:3]]))
"""


@pytest.mark.parametrize("at", range(1, 10))
def test_a_release_that_is_killed_anywhere_is_done_by_the_next(place: Place, at: int) -> None:
    """Never half: until it is durable all is here, from then on the statement and the event are."""
    sealed = Store.open(place.site.store_path)
    objects = [sealed.sealed(opening.to_bytes()) for opening in place.logged]
    sealed.close()
    note = place.collection.signed(signer(1), signer(2))
    place.path.write_bytes(note.to_bytes())
    command = [sys.executable, "-c", PROGRAM, str(place.site.folder), str(place.path), str(at)]
    found = subprocess.run(command, capture_output=True, check=False)
    # deleted, queued, changes emptied, closed: before and after each
    assert found.returncode == (-9 if at <= 8 else 0), found.stderr
    here, statements, events = place.state()
    assert (len(here), len(statements), len(events)) in {(3, 0, 0), (0, 1, 1)}
    assert place.release(note) == 0
    here, statements, events = place.state()
    assert (here, statements, len(events)) == (set(), [note.to_bytes()], 1)
    for path in place.site.folder.glob("store.sqlite*"):
        content = path.read_bytes()
        assert not any(one[200:232] in content or one[-32:] in content for one in objects)
