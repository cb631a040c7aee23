"""The load generator: it waits for nobody, hides no wait, and takes no answer for more than it says."""

import itertools
import math
import socketserver
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.load import ways
from benchmarks.load.arrivals import Arrival, Pattern, arrivals
from benchmarks.load.exchange import Address
from benchmarks.load.forms import agrees_with_a_parser, first_form
from benchmarks.load.generator import Job, run
from benchmarks.load.letters import Letters
from benchmarks.load.report import Report
from benchmarks.load.sealing import Post
from benchmarks.load.soaking import Soak
from intake.log import acknowledgement
from tests.panel import Panel
from tests.ports import free_port

PAGE = b'HTTP/1.1 200 OK\r\nSet-Cookie: n=1\r\nContent-Length: 40\r\n\r\n<input name="csrf_token" value="aa-bb" >'


@contextmanager
def answering(answer: Callable[[int, bytes], tuple[float, bytes]]) -> Iterator[str]:
    """A server that answers each request as it is told: after so many seconds, with these bytes."""
    numbers = itertools.count(1)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while request := self.request.recv(1 << 20):
                wait, said = answer(next(numbers), request)
                time.sleep(wait)
                self.request.sendall(said)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_server_that_stalls_is_charged_for_all_who_came_meanwhile() -> None:
    """One of forty waits for an answer; who came behind it waited too, though nobody asked for them.

    Of these arrivals a closed loop would report one long wait alone.
    """
    with answering(lambda count, _: (1.5 if count == 1 else 0, PAGE)) as address:
        report = run(Job((address,), {"form": 20}, 2, clients=1, pattern=Pattern.FIXED))
    assert not report.errors
    assert len(report.waited["form"]) == 40
    assert sum(wait > 500 for wait in report.waited["form"]) >= 19
    assert max(report.waited["form"]) > 1400


def test_who_comes_back_at_once_is_no_open_loop() -> None:
    """The same stall, with `busy`: it says what the server takes, and only one had to wait."""
    with answering(lambda count, _: (1.5 if count == 1 else 0, PAGE)) as address:
        report = run(Job((address,), {"form": 1}, 30, clients=1, busy=True, most=40))
    assert report.asked == report.sent == 40
    assert sum(wait > 1400 for wait in report.waited["form"]) == 1


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n", "form: answer 503"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "form: an answer without a length"),
        (b"nonsense\r\n\r\n", "form: an answer without a length"),
    ],
)
def test_what_is_no_answer_is_an_error(said: bytes, error: str) -> None:
    with answering(lambda *_: (0, said)) as address:
        report = run(Job((address,), {"form": 10}, 0.5))
    assert report.errors == {error: report.asked}
    assert report.sent == 0


def test_who_waits_too_long_is_an_error_that_says_so() -> None:
    with answering(lambda *_: (2, PAGE)) as address:
        report = run(Job((address,), {"form": 1}, 9, 2, busy=True, most=2, patience=0.3))
    assert report.errors == {"form: TimeoutError": 2}


def test_nobody_at_the_address_is_an_error_and_ends() -> None:
    report = run(Job((f"127.0.0.1:{free_port()}",), {"form": 10}, 0.5))
    assert report.errors.total() == report.asked > 0


@pytest.mark.parametrize(
    ("said", "sent"), [("the promise of this", 1), ("the promise of another", 0), ("thanks", 0)]
)
def test_sent_is_only_what_is_promised(said: str, sent: int, panel: Panel, tmp_path: Path) -> None:
    """An answer of 200 alone does not say that the letter is kept, nor that another is."""
    letters = Post(tmp_path, panel.roster).texts(2)
    mine, other = (bytes(letter).split(b"\n\n")[0] + b"\n" for letter in letters)
    body = {
        "the promise of this": b"note\nevent submitted\n" + mine,
        "the promise of another": b"note\nevent submitted\n" + other,
        "thanks": mine.replace(b"event submitted", b"event"),
    }[said]
    posted = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    more = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    seen: list[bytes] = []

    def answer(_count: int, request: bytes) -> tuple[float, bytes]:
        seen.append(request)
        if request.startswith(b"GET"):
            return 0, PAGE
        return 0, posted if request.startswith(b"POST") else more

    with answering(answer) as address:
        report = run(Job((address,), {"script": 1}, 30, 1, busy=True, letters=letters, most=1))
    assert report.sent == sent
    assert report.errors.total() == 1 - sent
    assert b"\r\nCookie: n=1\r\n" in seen[1]
    assert b"\r\nX-CSRFToken: aa-bb\r\n" in seen[1]


def test_the_mark_of_a_promise_is_the_log_s() -> None:
    assert ways.MARK == acknowledgement.MARK


def test_several_servers_take_turns() -> None:
    with (
        answering(lambda *_: (0, PAGE)) as one,
        answering(lambda *_: (0, PAGE.replace(b"200", b"503"))) as other,
    ):
        report = run(Job((one, other), {"form": 1}, 30, 3, busy=True, most=12))
    assert report.sent == 6
    assert report.errors == {"form: answer 503": 6}


def test_nothing_is_sent_twice_where_letters_run_out(panel: Panel, tmp_path: Path) -> None:
    letters = Post(tmp_path, panel.roster).texts(1)
    with (
        answering(lambda *_: (0, PAGE)) as address,
        pytest.raises(RuntimeError, match="ended with"),
    ):
        run(Job((address,), {"script": 1}, 30, 1, busy=True, letters=letters, most=2))


def test_letters_are_all_different_and_of_one_length(panel: Panel, tmp_path: Path) -> None:
    letters = Post(tmp_path, panel.roster).texts(3)
    found = [bytes(letter) for letter in letters]
    assert len(set(found)) == 3
    assert {len(letter) for letter in found} == {letters.length}


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1:80", "192.168.1.1:80", "example.org:80", "[2001:db8::1]:80", "127.0.0.1", "::1"],
)
def test_it_keeps_to_this_machine(address: str) -> None:
    with pytest.raises(ValueError, match="not an address of this machine"):
        Address(address)


@pytest.mark.parametrize("address", ["127.0.0.1:80", "127.1.2.3:80", "[::1]:80", "unix:/run/web"])
def test_this_machine_has_many_addresses(address: str) -> None:
    assert Address(address).text == address


def test_a_job_is_bounded() -> None:
    for job in (
        {"seconds": 3601},
        {"clients": 1001},
        {"clients": 0},
        {"rates": {"other": 1}},
        {"rates": {"script": 1}},  # without letters
        {"addresses": ("8.8.8.8:80",)},
    ):
        words = {"addresses": ("127.0.0.1:1",), "rates": {"form": 1}, "seconds": 1} | job
        with pytest.raises(ValueError, match=r"."):
            Job(**words)
    with pytest.raises(ValueError, match="arrivals"):
        arrivals({"form": 200_000}, 60, Pattern.FIXED)


def test_a_job_is_told_whole() -> None:
    letters = Letters(Path("/letters"), 7, 70)
    job = Job(("127.0.0.1:1",), {"script": 2.5}, 3, 4, Pattern.FIXED, True, letters, 7, 9)
    assert Job.parse(job.to_json()) == job


def test_poisson_arrivals_come_as_often_as_they_are_to_and_as_they_like() -> None:
    """The gaps of a Poisson process deviate by as much as they are long; those of a clock not at all."""
    found = arrivals({"form": 50}, 200, Pattern.POISSON)
    gaps = [b.at - a.at for a, b in pairwise(found)]
    assert len(found) == pytest.approx(10_000, rel=0.04)
    assert statistics.stdev(gaps) == pytest.approx(1 / 50, rel=0.1)
    fixed = arrivals({"form": 50}, 200, Pattern.FIXED)
    assert statistics.stdev(b.at - a.at for a, b in pairwise(fixed)) < 1e-9
    assert arrivals({"form": 50}, 200, Pattern.POISSON) == found
    assert arrivals({"form": 50}, 200, Pattern.POISSON, seed=2) != found


def test_two_paths_arrive_in_one_order() -> None:
    found = arrivals({"script": 3, "form": 1}, 10, Pattern.FIXED)
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert sum(one.path == "script" for one in found) == 30
    assert isinstance(found[0], Arrival)


def test_quantiles_are_of_what_was_waited() -> None:
    report = Report(waited={"a": [1.0, 2.0], "b": [3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]})
    assert report.quantile(0.5) == 5.0
    assert report.quantile(0.95) == report.quantile(1) == 10.0
    assert report.quantile(0.95, "a") == 2.0
    assert math.isnan(Report().quantile(0.5))


FORM = """<template><form action="/no"><button>a</button></form></template>
<form method="dialog"><input type="hidden" name="t" value="a&amp;&#34;b"><input type="radio" name="r" value="1">
<input type="checkbox" name="c" value="2" checked><textarea name="n" rows="3">
</textarea><button{}>Next</button><button formaction="/other">Other</button></form>"""


@pytest.mark.parametrize(
    ("attribute", "path"), [(' formmethod="post" formaction="/2"', "/2"), ("", "")]
)
def test_a_form_is_read_as_a_parser_reads_it(attribute: str, path: str) -> None:
    html = f"<html lang='en'>{FORM.format(attribute)}</html>"
    found = first_form(html)
    assert found.path == path
    assert found.fields == {"t": 'a&"b', "c": "2", "n": ""}
    assert agrees_with_a_parser(html)


def test_a_form_that_the_patterns_misread_is_seen() -> None:
    assert not agrees_with_a_parser(
        "<html lang='en'><form action='/1'><input name='a' value='b'><button>x</button></form></html>"
    )


@pytest.mark.parametrize(
    ("held", "flat"),
    [
        ([50.0] * 60, True),
        ([20.0] * 10 + [50.0] * 50, True),  # what is made once
        ([50.0] * 59 + [90.0], True),  # one look in the middle of something
        ([50.0 + 0.1 * n for n in range(60)], False),
        ([50.0] * 40 + [53.0] * 20, False),
    ],
)
def test_flat_is_flat(held: list[float], *, flat: bool) -> None:
    soak = Soak(Report(1, 1.0, waited={"form": [1.0]}), 0, held)
    if flat:
        soak.check()
    else:
        with pytest.raises(RuntimeError, match="memory grew"):
            soak.check()


def test_a_soak_with_an_error_does_not_hold() -> None:
    report = Report(2, 1.0, waited={"form": [1.0]})
    report.errors["form: answer 500"] += 1
    with pytest.raises(RuntimeError, match="answer 500"):
        Soak(report, 0, [50.0] * 60).check()
