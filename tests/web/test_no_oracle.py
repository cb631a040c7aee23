"""No answer, and no time of an answer, tells a code without replies from any other eight words.

Codes under which something was sent are compared with codes that were never given, 500 pairs.
"""

import gc
import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from statistics import mean, pvariance

import pytest

from intake.author import Holder
from intake.codename import Codename
from intake.web import return_acts
from tests.web.conftest import World
from tests.web.follow import urlencoded
from tests.web.returning import code_of, nobodys_rows, reply_row, write_board
from tests.web.test_form_pages import URLENCODED, check_of
from tests.web.test_return_page import sent_code

PAIRS, ROWS, SENDERS = 500, 4096, 5
SMALL = 0.2  # of a standard deviation (Cohen's d)
Times = tuple[list[float], list[float]]


class Compared:
    """A site with some who sent something, and a board with replies to others."""

    def __init__(self, world: World) -> None:
        visitor = world.visitor()
        self.world = world
        self.true = [
            Codename.parse(sent_code(visitor.press(check_of(visitor), "Отправить")))
            for _ in range(SENDERS)
        ]
        deployment = world.site.settings.deployment
        rows = [reply_row(deployment, Codename.fresh(), "x") for _ in range(3)]
        write_board(world.site.folder, deployment, [*rows, *nobodys_rows(ROWS - 3)])
        self._token = visitor.get("/r").forms[0].value("csrf_token")
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        self._headers = {**URLENCODED, "Cookie": cookie}
        self._client = world.app.test_client(use_cookies=False)

    def cost(self, codename: Codename) -> float:
        """The processor's time, in this thread, of all that opening a code takes."""
        rows = {"csrf_token": self._token, "lang": "ru", "code": code_of(codename), "go": "open"}
        body = urlencoded(list(rows.items()))
        began = time.thread_time()
        answer = self._client.post("/r", data=body, headers=self._headers)
        spent = time.thread_time() - began
        assert answer.status_code == 200
        return spent

    def times(self, pairs: int) -> Times:
        """Of so many codes of each kind, in turn and in any order; each false one is new."""
        true: list[float] = []
        false: list[float] = []
        for _ in range(10):
            self.cost(Codename.fresh())
        with undisturbed():
            for n in range(pairs):
                kinds = [(true, self.true[n % SENDERS]), (false, Codename.fresh())]
                random.shuffle(kinds)
                for times, codename in kinds:
                    times.append(self.cost(codename))
        return true, false


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the collector, whose turn would fall on any of them."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def effect(times: Times) -> float:
    """Cohen's d of two samples, without the fifth of each that took longest."""
    one, other = (sorted(kind)[: len(kind) - len(kind) // 5] for kind in times)
    return abs(mean(one) - mean(other)) / ((pvariance(one) + pvariance(other)) / 2) ** 0.5


def is_told_apart(measure: Callable[[int], Times], pairs: int, most: float = SMALL) -> bool:
    """Whether the difference is there each time: what is chance is gone the next time, among more."""
    return all(effect(measure(number)) >= most for number in (pairs, 2 * pairs))


@pytest.fixture
def compared(world: World) -> Compared:
    return Compared(world)


@pytest.fixture
def stretched(compared: Compared, monkeypatch: pytest.MonkeyPatch) -> Compared:
    """With every code stretched already: what comes after is a thirtieth of the whole."""
    deployment = compared.world.site.settings.deployment
    real = Holder.of(compared.true[0], deployment).prk

    def short(codename: Codename, _deployment: str) -> bytes:
        # Another key for each, in no time: what follows does the same with any.
        return bytes(a ^ b for a, b in zip(real, codename.secret.rjust(32, b"\0"), strict=True))

    monkeypatch.setattr(Codename, "stretched", short)
    return compared


def test_what_follows_the_stretching_takes_as_long_for_any_eight_words(stretched: Compared) -> None:
    assert not is_told_apart(stretched.times, PAIRS)


def known_only(compared: Compared) -> Callable[..., object]:
    """The fault: who has nothing there is not looked for on the board."""
    real, known = return_acts.messages_on, set()
    for codename in compared.true:
        known.add(Holder.of(codename, compared.world.site.settings.deployment).prk)

    def look(board: Iterable[bytes], holder: Holder, *also: object) -> object:
        return real(board if holder.prk in known else (), holder, *also)

    return look


def test_the_twin_that_scans_only_for_codes_that_it_knows_is_caught(
    stretched: Compared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(return_acts, "messages_on", known_only(stretched))
    assert is_told_apart(stretched.times, PAIRS // 4)


def test_all_of_it_takes_as_long_for_any_eight_words(compared: Compared) -> None:
    """Of 60 pairs, so only a difference that is large beside the stretching itself."""
    assert not is_told_apart(compared.times, 60, 3 * SMALL)


@pytest.mark.long
def test_all_of_it_takes_as_long_for_any_eight_words_in_500_pairs(compared: Compared) -> None:
    assert not is_told_apart(compared.times, PAIRS)


def test_nothing_is_logged_and_nothing_kept_because_of_a_code(
    compared: Compared, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    kept = compared.world.store.count()
    for codename in (compared.true[0], Codename.fresh()):
        compared.cost(codename)
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
    assert compared.world.store.count() == kept
