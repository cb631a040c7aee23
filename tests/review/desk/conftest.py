"""A case with a few items, a desk for it, and a window that asks its pages as a browser would."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from intake.review.desk.app import DeskApp
from intake.review.desk.gate import COOKIE, FORM, Gate, Pass
from intake.review.desk.sitting import Desk
from intake.review.keys import LockedIdentity, ReviewerSecret
from tests.little_log import Little, LittleLog
from tests.panel import Panel, seed
from tests.review.poison import POISON
from tests.review.workroom import NOW, Room, container, seal_container, sealed_item

AUTHORITY = "127.9.8.7:6543"
PASSPHRASE = "four plain test words"
STORY = (
    "Заур Мусхабов из Ачхой-Мартана.\n\n"
    "Нас везли минут сорок, потом железные ворота.\n"
    "Там был ещё Иса, и х1ара тоже."
)


@dataclass(frozen=True)
class Made:
    """A case folder and a locked identity that opens it; ids of items by what they are."""

    folder: Path
    identity: Path
    panel: Panel
    items: dict[str, str]


def first_reviewer() -> ReviewerSecret:
    """The secret of the panel's first reviewer."""
    return ReviewerSecret("r1", seed("reviewer 1"), seed("signer 1"))


@pytest.fixture(scope="session")
def made(panel: Panel, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A case that was imported whole: a story, forty texts that hurt, one refused, one not logged."""
    folder = tmp_path_factory.mktemp("desk")
    room = Room(panel, folder / "case", panel.identities[:1])
    story = sealed_item(panel.roster, STORY)
    fields = [(f"f{n}", f"начало\n{text}") for n, text in enumerate(POISON)]
    poison = seal_container(container(*fields, agreed=(), roster=panel.roster), panel.roster)
    opening, sealed = sealed_item(panel.roster, "Третий рассказ")
    refused = replace(opening, redact=bytes(32)), sealed
    opening, sealed = sealed_item(panel.roster, "Четвёртый рассказ")
    waiting = replace(opening, epoch=NOW.next), sealed
    logged = (story, poison, refused)
    log = LittleLog().with_rosters(panel.note).close(NOW, *(opening for opening, _ in logged))
    room.take_whole(Little(panel, log, logged, (waiting,), notes=()))
    locked = LockedIdentity.lock(first_reviewer(), PASSPHRASE, passes=1)
    (folder / "r1.identity").write_bytes(locked.to_bytes())
    names = ("story", "poison", "refused", "waiting")
    ids = [room.item(sealed) for _, sealed in (story, poison, refused, waiting)]
    return Made(room.folder, folder / "r1.identity", panel, dict(zip(names, ids, strict=True)))


@dataclass
class Clock:
    """A clock that goes where a test wants it; `slept` are the delays that were asked for."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now


@dataclass
class Window:
    """Asks pages through the gate; `headers` are what a browser sends with each request."""

    desk: Desk
    clock: Clock
    entry: Pass
    gate: Gate
    closed: list[bool]
    headers: dict[str, str]

    def ask(
        self,
        method: str,
        path: str,
        form: dict[str, object] | None = None,
        *,
        csrf: str | None = None,
        **headers: str | None,
    ) -> tuple[int, str, dict[str, str]]:
        """Status, page, headers; a header that is None is left out."""
        sent = {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        data = None if form is None else {**form, "csrf": csrf or self.entry.csrf}
        builder = EnvironBuilder(
            path=path, method=method, base_url=f"http://{AUTHORITY}", data=data
        )
        if data is not None:
            builder.content_type = FORM
        environ = builder.get_environ()
        for name, value in sent.items():
            key = "HTTP_" + name.upper().replace("-", "_")
            if key in {"HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"}:
                key = key.removeprefix("HTTP_")
            environ.pop(key, None)
            if value is not None:
                environ[key] = value
        body, status, given = run_wsgi_app(self.gate, environ)
        return int(status[:3]), b"".join(body).decode(), dict(given)

    def bytes(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        """The same for what is no page."""
        environ = EnvironBuilder(path=path, base_url=f"http://{AUTHORITY}").get_environ()
        environ |= {"HTTP_" + k.upper().replace("-", "_"): v for k, v in self.headers.items()}
        body, status, given = run_wsgi_app(self.gate, environ)
        return int(status[:3]), b"".join(body), dict(given)

    def get(self, path: str) -> str:
        status, page, _ = self.ask("GET", path)
        assert status == 200, (status, page)
        return page

    def post(self, path: str, /, **form: object) -> int:
        return self.ask("POST", path, form)[0]

    def read_all(self) -> None:
        assert self.desk.sitting is not None
        assert self.desk.sitting.corpus.wait(60)


def window_for(desk: Desk, clock: Clock) -> Window:
    """A window that has not been let in yet."""
    entry, closed = Pass(), list[bool]()
    gate = DeskApp(desk, entry, lambda: closed.append(True)).behind_gate(AUTHORITY)
    return Window(desk, clock, entry, gate, closed, {"Sec-Fetch-Site": "same-origin"})


@pytest.fixture
def fresh(made: Made) -> Iterator[Window]:
    """A desk that is open, and a window that has not been let in yet."""
    clock = Clock()
    desk = Desk(made.folder, (made.identity,), clock=clock, sleep=clock.slept.append)
    desk.begin([first_reviewer()])
    yield window_for(desk, clock)
    desk.lock()


@pytest.fixture
def window(fresh: Window) -> Window:
    """The same, let in, with everything read."""
    status, _, headers = fresh.ask("POST", "/enter", {"token": fresh.entry.token})
    assert status == 200
    fresh.headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]
    assert fresh.headers["Cookie"].startswith(f"{COOKIE}=")
    fresh.read_all()
    return fresh
