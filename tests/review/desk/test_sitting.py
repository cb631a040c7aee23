"""After the lock no object holds a key or a word, the case is free, and only a passphrase opens it."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pytest

from intake.age import HybridIdentity
from intake.container import Container
from intake.errors import MalformedError, StoreError
from intake.review.case import Case
from intake.review.desk.corpus import Corpus, HeldCase
from intake.review.desk.index import Index
from intake.review.desk.sitting import IDLE, Desk, Sitting
from intake.review.desk.table import Row, View
from intake.review.finding.forms import forms_of
from intake.review.finding.russian import marks
from intake.review.keys import ReviewerSecret
from tests.panel import seed
from tests.review.desk.conftest import (
    PASSPHRASE,
    STORY,
    Clock,
    Made,
    Window,
    first_reviewer,
    window_for,
)

WORD = "Мусхабов"
LONG_WORDS = [word for word in STORY.split() if len(word) > 4]


@contextmanager
def sitting(made: Made) -> Iterator[Window]:
    """A desk that was opened with a passphrase alone, so that all its keys are its own."""
    clock = Clock()
    desk = Desk(made.folder, (made.identity,), clock=clock, sleep=clock.slept.append)
    desk.unlock([PASSPHRASE])
    window = window_for(desk, clock)
    _, _, headers = window.ask("POST", "/enter", {"token": window.entry.token})
    window.headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]
    window.read_all()
    try:
        yield window
    finally:
        desk.lock()


@pytest.fixture
def unlocked(made: Made) -> Iterator[Window]:
    """The same for a whole test."""
    with sitting(made) as window:
        yield window


SECRET = (HybridIdentity, ReviewerSecret)
TELLING = (Container, Corpus, HeldCase, Index, Row, Sitting, View)


def in_memory(kinds: tuple[type, ...], but: set[int]) -> set[str]:
    """The kinds of which there are objects in this process, beside those known from before."""
    gc.collect()
    found = (one for one in gc.get_objects() if isinstance(one, kinds) and id(one) not in but)
    return {type(one).__name__ for one in found}


def look_around(window: Window, made: Made) -> None:
    """List, search, read."""
    assert window.post("/view", words=WORD) == 303
    assert made.items["story"] in window.get("/")
    assert window.post(f"/item/{made.items['story']}/open") == 303
    assert WORD in window.get(f"/item/{made.items['story']}?shown=3")


@pytest.mark.parametrize("how", ["button", "idle", "close"])
def test_a_locked_desk_holds_no_key_and_no_word(made: Made, how: str) -> None:
    """The twin is the same desk a moment before, which does hold them."""
    gc.collect()
    known = {id(one) for one in gc.get_objects() if isinstance(one, SECRET + TELLING)}
    with sitting(made) as window:
        look_around(window, made)
        assert "HybridIdentity" in in_memory(SECRET, known)
        assert in_memory(TELLING, known) >= {"Corpus", "HeldCase", "Index", "Row", "View"}
        if how == "idle":
            window.clock.now += IDLE
            window.desk.lock_if_idle()
        else:
            assert window.post("/lock" if how == "button" else "/close") in {200, 303}
        assert window.desk.sitting is None
        assert in_memory(SECRET + TELLING, known) == set()
    with Case.opened(made.folder, made.panel.identities[:1], writing=True):
        pass  # its lock is free again


def words_known() -> int:
    """How many words the finders of this process remember, in caches that may fill up with them."""
    caches = (one for one in gc.get_objects() if type(one) is type(lru_cache(str.lower)))
    ours = [one for one in caches if one.__module__.startswith("intake.review")]
    assert len(ours) > 10
    bounded = (one for one in ours if one.cache_parameters()["maxsize"] is not None)
    return sum(one.cache_info().currsize for one in bounded)


def test_a_locked_desk_remembers_no_word_that_was_looked_up(made: Made) -> None:
    with sitting(made) as window:
        look_around(window, made)
        assert forms_of(WORD).keys
        assert marks(WORD.lower())
        assert words_known() > 1
        window.post("/lock")
        assert words_known() == 0
    assert forms_of(WORD).keys, "it is looked up anew"


def test_an_open_desk_has_the_case_to_itself(unlocked: Window, made: Made) -> None:
    for writing in (False, True):
        with (
            pytest.raises(StoreError, match="another command is using this case"),
            Case.opened(made.folder, made.panel.identities[:1], writing=writing),
        ):
            pass
    other = Desk(made.folder, (made.identity,))
    with pytest.raises(StoreError, match="another command"):
        other.begin([first_reviewer()])
    assert other.sitting is None


def test_it_locks_just_when_nobody_was_there_for_the_time(window: Window) -> None:
    for act in (
        lambda: window.get("/"),
        lambda: window.post("/here"),
        lambda: window.post("/view", words="x"),
    ):
        window.clock.now += IDLE - 1
        window.desk.lock_if_idle()
        assert window.desk.sitting is not None
        act()
    window.clock.now += IDLE
    window.desk.lock_if_idle()
    assert window.desk.sitting is None


def test_what_a_page_asks_by_itself_keeps_nothing_open(window: Window) -> None:
    for path in ("/state", "/static/desk.js", "/state"):
        window.clock.now += IDLE / 3
        window.get(path)
    window.desk.lock_if_idle()
    assert window.desk.sitting is None
    assert json.loads(window.get("/state")) == {"locked": True}


def test_nobody_keeps_it_open_who_was_refused(window: Window) -> None:
    window.clock.now += IDLE
    assert window.ask("GET", "/", Cookie=None)[0] == 403
    assert window.ask("POST", "/here", {}, csrf="another")[0] == 403
    window.desk.lock_if_idle()
    assert window.desk.sitting is None


@pytest.mark.parametrize("idle", [IDLE + 1, 0, -1, float("nan")])
def test_it_never_waits_longer_than_ten_minutes(tmp_path: Path, idle: float) -> None:
    with pytest.raises(MalformedError, match="never later"):
        Desk(tmp_path, (), idle=idle)


def test_a_locked_desk_shows_that_alone(window: Window, made: Made) -> None:
    window.post("/view", words=WORD)
    window.post("/lock")
    for path in ("/", f"/item/{made.items['story']}?shown=9", "/nothing", "/?page=7"):
        status, page, _ = window.ask("GET", path)
        assert status in {423, 404}
        assert "Locked" in page or status == 404
        assert not any(word in page for word in (*LONG_WORDS, *made.items.values()))
    assert window.ask("POST", "/view", {"words": "x"})[0] == 423
    assert window.ask("POST", "/here", {})[0] == 423


def test_only_the_passphrase_opens_it_again_and_a_wrong_one_costs_time(
    unlocked: Window, made: Made
) -> None:
    unlocked.post("/lock")
    for times in (1, 2):
        status, page, _ = unlocked.ask("POST", "/unlock", {"passphrase": "four wrong test words"})
        assert status == 403
        assert "wrong passphrase" in page
        assert unlocked.desk.sitting is None
        assert len(unlocked.clock.slept) == times
    assert unlocked.clock.slept[1] > unlocked.clock.slept[0] >= 1
    assert unlocked.ask("POST", "/unlock", {"passphrase": PASSPHRASE})[0] == 303
    unlocked.read_all()
    page = unlocked.get("/")
    assert made.items["story"] in page
    assert WORD not in page, "what was searched for before the lock is gone"


@pytest.mark.parametrize("given", [[], [PASSPHRASE, PASSPHRASE]])
def test_as_many_passphrases_as_identities_are_needed(window: Window, given: list[str]) -> None:
    window.post("/lock")
    assert window.ask("POST", "/unlock", {"passphrase": given})[0] == 409
    assert window.desk.sitting is None


def test_one_who_is_not_of_the_case_stays_outside(made: Made) -> None:
    desk = Desk(made.folder, (made.identity,))
    stranger = ReviewerSecret("r1", seed("nobody"), seed("signer 1"))
    with pytest.raises(Exception, match="no identity offered"):
        desk.begin([stranger])
    assert desk.sitting is None
