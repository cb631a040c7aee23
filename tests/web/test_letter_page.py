"""A sealed letter is taken as a stream, a file or a text, and refused in plain words."""

import datetime as dt
import html
import os
import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from intake.age import armor, encrypt_bytes
from intake.author import Author
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import RosterError, StoreError
from intake.log.acknowledgement import Acknowledgement
from intake.opening import Letter
from intake.seal import seal
from intake.testimony import Testimony, lines
from intake.tlog.promise import Promise
from tests.web.conftest import World
from tests.web.follow import Page, Upload, Visitor

STREAM = {"Content-Type": "application/octet-stream"}
HOW = "How to make one: intake seal --roster roster.note --fingerprint DIGITS IN OUT"
NOT_A_LETTER = "This is not a sealed letter that we can take. It was not sent"
BARE = "This is an age file alone. It was not sent. A sealed letter has ten lines before it"
KEYS = (
    "This letter is not sealed to the keys that we use now. It was not sent. "
    "Seal it again with our present list of keys"
)


def letter_for(world: World, text: str = "Sealed elsewhere", mode: Mode = Mode.TOOL) -> Letter:
    testimony = Testimony.from_answers("ru", {"narrative": text}, ())
    author = Author.fresh(Epoch.of(world.day))
    roster = world.site.current().roster
    return seal(testimony, roster, mode=mode, today=world.day, author=author)


def text_of(letter: Letter) -> str:
    return letter.head.to_bytes().decode() + armor(letter.sealed)


def streamed(visitor: Visitor, body: bytes, token: str | None = None) -> Page:
    if token is None:
        token = visitor.get("/1").forms[0].value("csrf_token")
    return visitor.ask("POST", "/s", body, {**STREAM, "X-CSRFToken": token})


def pasted(visitor: Visitor, text: str) -> Page:
    return visitor.press(visitor.get("/s/en"), "Send", {"letter": text})


def chosen(visitor: Visitor, content: bytes) -> Page:
    return visitor.press(visitor.get("/s/en"), "Send", {"file": Upload("letter", content)})


def test_the_script_sends_a_letter_as_it_is(world: World) -> None:
    letter = letter_for(world, mode=Mode.BROWSER)
    answer = streamed(world.visitor(), letter.to_bytes())
    assert answer.status == 200
    assert answer.header("Content-Type") == "text/plain; charset=utf-8"
    assert world.text() == "Sealed elsewhere"
    given = Acknowledgement.parse(answer.html.encode())
    assert given.opening == letter.head.opening
    Promise.open(given.note.to_bytes(), world.site.log_signer.vkey)


def test_a_crash_gives_a_pasted_letter_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have broken after it was kept: so nobody is told that it was not, and it is kept once."""
    letter, visitor = letter_for(world), world.visitor()
    take = world.acceptor.accept

    def broken(*args: Any) -> None:
        take(*args)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(world.acceptor, "accept", broken)
        page = pasted(visitor, text_of(letter))
        stream = streamed(visitor, letter.to_bytes())
    assert (page.status, page.lang) == (500, "en")
    assert page.problems[0].startswith("We do not know if it was sent.")
    assert page.title.startswith("Error")
    assert lines(page.forms[0].value("letter")) == text_of(letter)
    assert (stream.status, stream.header("Content-Type")) == (500, "text/plain; charset=utf-8")
    assert visitor.press(page, "Send").status == 200
    assert len(world.kept()) == 1


def test_a_crash_of_the_empty_page_is_one_calm_sentence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.site, "current", broken)
    page = world.visitor().get("/s/ru")
    assert page.status == 500
    assert "Сейчас страница не работает." in page.words


def test_what_came_before_is_answered_as_it_was_kept(world: World) -> None:
    """In the week in which it came, though it is sent again in the next one."""
    letter, visitor = letter_for(world, mode=Mode.BROWSER), world.visitor()
    first = streamed(visitor, letter.to_bytes())
    world.acceptor._today = lambda: world.day + dt.timedelta(weeks=1)
    assert streamed(visitor, letter.to_bytes()).html == first.html
    shown = re.search("<pre[^<>]*>(.*?)</pre>", pasted(visitor, text_of(letter)).html, re.DOTALL)
    assert shown is not None
    assert html.unescape(shown[1]) == first.html


def test_what_was_taken_back_meanwhile_is_promised_no_more(world: World) -> None:
    """The answer is as long as any other, and the page is the sent page."""
    letter, visitor = letter_for(world, mode=Mode.BROWSER), world.visitor()
    first = streamed(visitor, letter.to_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.acceptor, "accept", lambda *_: None)
        again, page = streamed(visitor, letter.to_bytes()), pasted(visitor, text_of(letter))
    assert again.status == page.status == 200
    assert again.html == " " * len(first.html)
    assert "<pre" not in page.html


@pytest.mark.parametrize("weeks", [0, 1, 2, 6, 7])
def test_the_script_must_seal_again_what_reviewers_would_refuse_as_too_old(
    world: World, weeks: int
) -> None:
    """A letter of the script's may be one week old; a file or a text, made by the tool, six."""
    visitor, mode = world.visitor(), Mode.BROWSER if weeks < 2 else Mode.TOOL
    letters = [letter_for(world, text, mode) for text in ("as a stream", "as a text", "as a file")]
    world.acceptor._today = lambda: world.day + dt.timedelta(weeks=weeks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.site, "named", lambda *_: world.panel.roster)
        stream = streamed(visitor, letters[0].to_bytes())
        others = (pasted(visitor, text_of(letters[1])), chosen(visitor, letters[2].to_bytes()))
    assert stream.status == (200 if weeks <= 1 else 400)
    assert [page.status for page in others] == [200 if weeks <= 6 else 400] * 2
    assert len(world.kept()) == (weeks <= 1) + 2 * (weeks <= 6)  # and all that is kept opens


def test_a_pasted_letter_is_taken(world: World) -> None:
    answer = pasted(world.visitor(), text_of(letter_for(world)))
    assert (answer.status, answer.title) == (200, "Form, step 3 of 3")
    assert "Only our review team can open it." in answer.words
    assert "on our server, not on your device" not in answer.words
    assert world.text() == "Sealed elsewhere"


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: b"\r\n \n" + text.encode() + b"\n\n",
        lambda text: text.strip().encode(),
    ],
    ids=["as written", "CR LF", "with a mark", "with space around", "without its last line end"],
)
def test_a_letter_file_is_taken_from_any_editor(
    world: World, written: Callable[[str], bytes]
) -> None:
    assert chosen(world.visitor(), written(text_of(letter_for(world)))).status == 200
    assert world.text() == "Sealed elsewhere"


def test_a_letter_file_may_hold_the_object_as_it_is(world: World) -> None:
    assert chosen(world.visitor(), letter_for(world).to_bytes()).status == 200
    assert world.text() == "Sealed elsewhere"


def test_a_letter_sent_by_every_way_is_kept_once(world: World) -> None:
    letter, visitor = letter_for(world), world.visitor()
    assert streamed(visitor, letter.to_bytes()).status == 200
    assert streamed(visitor, letter.to_bytes()).status == 200
    assert pasted(visitor, text_of(letter)).status == 200
    assert chosen(visitor, letter.to_bytes()).status == 200
    assert len(world.kept()) == 1


def test_an_age_file_alone_is_refused_with_the_way_to_do_it(world: World) -> None:
    letter = letter_for(world)
    for bare in (letter.sealed, armor(letter.sealed).encode()):
        page = chosen(world.visitor(), bare)
        assert (page.status, page.problems) == (400, [BARE, HOW])
    page = pasted(world.visitor(), armor(letter.sealed))
    assert (page.status, page.problems) == (400, [BARE, HOW])
    assert lines(page.forms[0].value("letter")) == armor(letter.sealed)
    assert world.store.count() == 0


def broken(letter: Letter) -> list[bytes]:
    """What is not a letter that can be taken, each in another way."""
    head, sealed = letter.head.to_bytes(), letter.sealed
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    return [
        b"just some text",
        b"x" * 10_000,
        b".\n\n" * 3000,
        head,
        head[:-1],
        head + sealed[:-1],
        head + sealed + b"\0",
        head + flipped,
        head.replace(b"event submitted", b"event withdrawn") + sealed,
        head.replace(b"letter/v1", b"letter/v2") + sealed,
        head + b"age-encryption.org/v1\n-> X25519 " + sealed[33:],
        head + b"-----BEGIN AGE ENCRYPTED FILE-----\nrubbish\n",
        head + armor(sealed).encode().replace(b"\n", b"\n\n", 5),
        b"testimony-intake/letter/v1\n" + b"x" * 4096 + b"\n\n" + sealed,
    ]


@pytest.mark.parametrize("number", range(14))
def test_what_is_not_a_letter_is_refused_on_both_ways_in(world: World, number: int) -> None:
    content = broken(letter_for(world))[number]
    page = chosen(world.visitor(), content)
    assert (page.status, page.problems) == (400, [NOT_A_LETTER, HOW])
    answer = streamed(world.visitor(), content)
    assert answer.status == 400
    assert answer.header("Content-Type") == "text/plain; charset=utf-8"
    assert "\n" not in answer.html
    assert world.store.count() == 0


def test_an_armored_letter_is_no_stream(world: World) -> None:
    """The stream is for objects as they are: one object has one hash."""
    assert streamed(world.visitor(), text_of(letter_for(world)).encode()).status == 400


def test_a_letter_to_other_keys_says_what_to_do(world: World) -> None:
    letter = letter_for(world)
    opening = replace(letter.head.opening, roster="sha256:" + "0" * 64)
    other = replace(letter, head=replace(letter.head, opening=opening))
    page = pasted(world.visitor(), text_of(other))
    assert (page.status, page.problems) == (400, [KEYS, HOW])
    assert streamed(world.visitor(), other.to_bytes()).status == 400


def test_a_letter_with_one_reader_more_or_less_is_refused(world: World) -> None:
    """The envelope fits, the length is one of a roster of that many: still not this roster's."""
    letter = letter_for(world)
    recipients = world.site.current().roster.recipients
    for some in (recipients[:2], (*recipients, recipients[0])):
        sealed = encrypt_bytes(bytes(65536), some)
        opening = replace(letter.head.opening, envelope=sha256(sealed).digest())
        other = Letter(replace(letter.head, opening=opening), sealed)
        assert streamed(world.visitor(), other.to_bytes()).status == 400
    assert world.store.count() == 0


def test_nothing_chosen_is_said(world: World) -> None:
    page = pasted(world.visitor(), " \n ")
    assert (page.status, page.problems) == (400, ["Choose a file or put the letter into the box"])
    assert page.title == "Error: Form"


def test_a_stale_token_gives_the_letter_back(world: World) -> None:
    visitor, text = world.visitor(), text_of(letter_for(world))
    page = visitor.press(visitor.get("/s/en"), "Send", {"letter": text, "csrf_token": "old"})
    assert (page.status, page.lang) == (403, "en")
    assert page.problems == ["It was not sent. Your text is still on this page. Press Send again"]
    assert visitor.press(page, "Send").status == 200
    assert world.text() == "Sealed elsewhere"


def test_a_stale_token_gives_the_script_a_fresh_one(world: World) -> None:
    visitor, body = world.visitor(), letter_for(world).to_bytes()
    answer = streamed(visitor, body, token="old")
    assert answer.status == 403
    assert answer.header("Content-Type") == "text/plain; charset=utf-8"
    assert world.store.count() == 0
    assert streamed(visitor, body, token=answer.html).status == 200


def test_a_full_disk_is_said_on_both_ways_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("the store is full")

    letter, visitor = letter_for(world), world.visitor()
    with monkeypatch.context() as patch:
        patch.setattr(world.acceptor, "accept", full)
        page = pasted(visitor, text_of(letter))
        assert page.status == 503
        assert streamed(visitor, letter.to_bytes()).status == 503
    assert visitor.press(page, "Send").status == 200


def test_a_stream_without_a_length_is_refused(world: World) -> None:
    visitor = world.visitor()
    token = visitor.get("/1").forms[0].value("csrf_token")
    client = world.app.test_client(use_cookies=False)
    headers = {**STREAM, "X-CSRFToken": token, "Cookie": f"n={visitor.cookies['n']}"}
    answer = client.post("/s", headers=headers, input_stream=None)
    assert answer.status_code == 411


def test_a_large_object_is_streamed_and_kept(make_world: Callable[..., World]) -> None:
    """1 MiB of container: more than one piece, and more than a form may be."""
    world = make_world(largest=4 * 1024 * 1024)
    letter = letter_for(world)
    sealed = encrypt_bytes(os.urandom(4 * 1024 * 1024), world.site.current().roster.recipients)
    opening = replace(letter.head.opening, envelope=sha256(sealed).digest())
    large = Letter(replace(letter.head, opening=opening), sealed)
    assert streamed(world.visitor(), large.to_bytes()).status == 200
    (stored,) = world.store
    assert stored.sealed == sealed
    again = replace(letter_for(world).head, opening=opening)
    other = Letter(again, sealed)
    assert pasted(world.visitor(), text_of(other)).status == 200


def test_larger_than_any_letter_is_said(world: World) -> None:
    visitor = world.visitor()
    body = bytes(5 * 1024 * 1024)
    assert streamed(visitor, body).status == 413


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_page_says_how_a_letter_is_made(world: World, lang: str) -> None:
    page = world.visitor().get(f"/s/{lang}")
    assert "intake seal --roster roster.note --fingerprint DIGITS IN OUT" in page.words
    assert world.site.current().roster.roots.fingerprint in page.words
    assert "/roster.note" in [link["href"] for link in page.links]


def test_without_a_roster_the_page_still_shows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise RosterError("the site's roster is missing")

    monkeypatch.setattr(world.site, "current", gone)
    assert world.visitor().get("/s").status == 200
