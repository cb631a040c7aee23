"""Sends one text through a site as a person does: by the form alone, or as the page's script does.

It asks for what Tor Browser asks for, in its words. A site can still know an auditor by timing: a
browser fetches scripts side by side, and a person writes slowly, for which there are pauses.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from intake.audit.asking import FETCHED, FOLLOWED, SCRIPT, TYPED, Visitor
from intake.audit.canary_page import Page
from intake.audit.canary_state import PROMISE_LIMIT, Canary, Outcome, Way, text_hash
from intake.author import Author, Resend
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, RosterError
from intake.form import FORMS
from intake.roster import SignedRoster, open_roster
from intake.seal import container_of, seal_container
from intake.testimony import AnswersError, Testimony

if TYPE_CHECKING:
    from intake.audit.canary_page import Button, Form
    from intake.reaching import Answer
    from intake.roots import RootSet
    from intake.roster import Roster

_OK, _TOKEN_OLD = 200, 403
_MOST_PAGES: Final = 100
_PATH: Final = re.compile(r"/(?!/)[!-~]*", re.ASCII)
_TEXT: Final = "narrative"
_SHORTEST, _LONGEST = 60, 45 * 60  # seconds of writing
_random: Final = secrets.SystemRandom()

Pause = Callable[[float], None]
Keep = Callable[[Canary], None]


class RefusedError(IntakeError):
    """The site did not take what it takes from everybody, or is none that this program knows."""


@dataclass(frozen=True)
class Trust:
    """Whose signatures make a roster: root keys, or the 30 digits of them."""

    roots: RootSet | None
    fingerprint: str | None

    def opened(self, note: bytes, deployment: str, *, allow_expired: bool = False) -> Roster:
        """The site's roster; raises where these keys did not sign it, or it is not for today.

        A reader of earlier weeks sets `allow_expired`.
        """
        trusted = self.roots or SignedRoster.parse(note).roster.roots
        if self.fingerprint not in (None, trusted.fingerprint):
            raise RosterError(
                "the roster's root keys have another fingerprint", "tell the partners"
            )
        today = dt.datetime.now(dt.UTC).date()
        return open_roster(
            note, trusted=trusted, today=today, deployment=deployment, allow_expired=allow_expired
        ).roster


@dataclass(frozen=True)
class Visit:
    """One visit to a site, in which one text is sent.

    `keep` puts what is known of it on the disk: it is called before anything is sent, and again
    with what the site said. `pause` waits as long as a person would, in seconds.
    """

    visitor: Visitor
    way: Way
    lang: str | None
    keep: Keep
    pause: Pause

    def send(self, text: str, trust: Trust) -> Canary:
        """Send it; raises `UnreachableError`, `RefusedError`, or what is wrong with the roster.

        `text` is as `ready` gives it.
        """
        form = self._form()
        if self.way is Way.FORM:
            return self._by_form(form, text)
        return self._by_script(form, text, trust)

    def _form(self) -> tuple[Page, Form]:
        """From the landing page to the form."""
        page = self._page(self.visitor.get("/", TYPED))
        if self.lang is not None and page.lang != self.lang:
            path = f"/{self.lang}"
            if path not in page.links:
                raise RefusedError(f"the site has no page in the language {self.lang}")
            page = self._page(self.visitor.get(path, FOLLOWED))
        start = page.leading("/1")
        if start is None:
            raise RefusedError("the landing page leads to no form", "see `intake audit site`")
        self.pause(reading_time())
        page = self._pressed(*start, {})
        for form in page.forms:
            if form.attributes.get("id") == "form":
                return page, form
        raise RefusedError("the page has no form", "see whether it opens in Tor Browser")

    def _by_form(self, found: tuple[Page, Form], text: str) -> Canary:
        page, form = found
        deployment = form.attributes.get("data-deployment", "")
        self.pause(writing_time(text))
        written = {_TEXT: text}
        last = page.leading("/3")
        for _ in range(_MOST_PAGES):
            further = page.leading("/2") or page.leading("/1", "next")
            if last is not None or further is None:
                break
            page = self._pressed(*further, written)
            last, written = page.leading("/3"), {}
            self.pause(reading_time())
        if last is None:
            raise RefusedError("the form leads to no page from which to send")
        check, button = last
        canary = Canary(
            deployment=deployment,
            epoch=Epoch.now(),
            way=Way.FORM,
            author=Resend.parse(check.value("resend")).author(deployment),
            text=text_hash(text),
        )
        self.keep(canary)
        answer = self.visitor.post(_path(button.path), check.pressed(button, {}))
        sent = answer.status == _OK and Page(answer.body).leading("/3") is None
        return self._said(canary, answer, sent=sent)

    def _by_script(self, found: tuple[Page, Form], text: str, trust: Trust) -> Canary:
        words = found[1].attributes
        token = found[1].value("csrf_token")
        try:
            deployment, lang, key = words["data-deployment"], words["data-lang"], words["data-form"]
            definition = FORMS[key, int(words["data-version"])]
            roster_path, epoch_path, send_path, *others = (
                _path(words[f"data-{name}"])
                for name in ("roster", "epoch", "send", "list", "stretch")
            )
        except (KeyError, ValueError):
            raise RefusedError("the form is none that this program knows") from None
        roster = trust.opened(self._fetched(roster_path), deployment)
        epoch = Epoch.parse(self._fetched(epoch_path).decode("ascii", "replace"))
        if not Epoch.of(roster.issued) <= epoch <= Epoch.of(roster.expires):
            raise RosterError(f"roster cannot be sealed to in {epoch}", "the site says it is then")
        if "data-words" in words:
            others.append(_path(words["data-words"]))
        # While somebody writes, the page makes them a code; this one needs none. A browser asks for these side by
        # side: now one comes first, now another.
        secrets.SystemRandom().shuffle(others)
        for path in others:
            self._fetched(path)
        self.pause(writing_time(text))
        author = Author.fresh(epoch)
        testimony = Testimony.from_answers(lang, {_TEXT: text}, (), definition)
        container = container_of(testimony, roster, mode=Mode.BROWSER, epoch=epoch, author=author)
        today = dt.datetime.now(dt.UTC).date()
        letter = seal_container(container, roster, today=today, author=author)
        self.pause(reading_time())
        canary = Canary(
            deployment=deployment,
            epoch=Epoch.now(),
            way=Way.SCRIPT,
            author=author,
            text=text_hash(text),
            opening=letter.head.opening,
        )
        self.keep(canary)
        answer = self.visitor.hand_in(send_path, letter.to_bytes(), token)
        if answer.status == _TOKEN_OLD:
            token = answer.body.decode("ascii", "replace").strip()
            answer = self.visitor.hand_in(send_path, letter.to_bytes(), token)
        return self._said(canary, answer, sent=200 <= answer.status < 300)

    def _said(self, canary: Canary, answer: Answer, *, sent: bool) -> Canary:
        """Keep what the site said of it; raises `RefusedError` where it did not take it."""
        promise = ""
        if sent and canary.way is Way.SCRIPT and len(answer.body) <= PROMISE_LIMIT:
            promise = answer.body.decode("utf-8", "ignore")
        # Sent as a week ends, it may be taken in the next one: then that is the week to look in.
        canary = replace(
            canary,
            epoch=Epoch.now(),
            outcome=Outcome.SENT if sent else Outcome.REFUSED,
            promise=promise,
        )
        self.keep(canary)
        if not sent:
            raise RefusedError(
                f"the site refused it, with status {answer.status}",
                "would it refuse everybody? see `intake audit site`, and ask the operator",
            )
        return canary

    def _page(self, answer: Answer) -> Page:
        """A page that was asked for, and on the way of script also the scripts that it names."""
        if answer.status != _OK:
            raise RefusedError(f"the site gave no page: it answers with {answer.status}")
        page = Page(answer.body)
        if self.way is Way.SCRIPT:
            for path in page.scripts:
                self.visitor.get(_path(path), SCRIPT)
        return page

    def _pressed(self, form: Form, button: Button, written: dict[str, str]) -> Page:
        return self._page(self.visitor.post(_path(button.path), form.pressed(button, written)))

    def _fetched(self, path: str) -> bytes:
        answer = self.visitor.get(path, FETCHED)
        if answer.status != _OK:
            raise RefusedError(f"the site did not give {path}: it answers with {answer.status}")
        return answer.body


def ready(data: bytes, name: str) -> str:
    """The text of a file as a person would send it; raises `MalformedError` where it could not be.

    A line end at its end is the editor's, and would tell the file from what people type.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedError(f"{name} is not text in UTF-8", "save it as UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    try:
        Testimony.from_answers("en", {_TEXT: text}, ())
    except AnswersError as error:
        kinds = ", ".join(problem.kind for problem in error.problems)
        raise MalformedError(f"{name} cannot be sent: {kinds}", "write it anew") from None
    return text


def writing_time(text: str) -> float:
    """How long somebody writes this, in seconds: another time each time."""
    return min(max(_SHORTEST, len(text) / _random.uniform(2, 6)), _LONGEST) * _random.uniform(
        1, 1.3
    )


def reading_time() -> float:
    """How long somebody looks at a page before going on, in seconds."""
    return _random.uniform(15, 90)


def _path(found: str) -> str:
    """A path of this very site: a page must not send an auditor elsewhere."""
    if not _PATH.fullmatch(found):
        raise RefusedError("the page names an address that is none of this site")
    return found
