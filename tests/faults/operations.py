"""What is done to a site and may be cut off at any step: each as its process does it, in one table.

A deed is given the site's folder and words, and gives an exit code. What it makes stands beside the
site, in the folder around it.
"""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event

from intake.accept import Acceptor
from intake.cli import run
from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.keeping.known import Known
from intake.keeping.proving import prove
from intake.keeping.writing import _files
from intake.opening import Letter, Opening
from intake.store import Allowance, Store
from intake.store.staging import add_piece, add_submission
from intake.web import announcing
from intake.web.letter_text import read_letter
from intake.web.site import Site, today_in_utc
from tests.templates_once import compile_templates_once
from tests.web.serving import site_in

Deed = Callable[[Path, list[str]], int]
TODAY = dt.datetime.now(dt.UTC).date()


def command(*words: str) -> Deed:
    """A command of the operator: `SITE` is the site, `+x` the file x beside it."""

    def deed(folder: Path, more: list[str]) -> int:
        def put(word: str) -> str:
            return str(folder.parent / word[1:]) if word.startswith("+") else word

        return run([str(folder) if word == "SITE" else put(word) for word in (*words, *more)])

    return deed


def letter_in(path: Path) -> Letter:
    return read_letter(path.read_bytes())


def submit(folder: Path, words: list[str]) -> int:
    """What a worker does with a letter, until it answers."""
    site = Site.open(folder)
    store = Store.open(site.store_path)
    kept = Acceptor(store, site).accept_letter(letter_in(folder.parent / words[0]))
    return 0 if kept is not None else 1


def submit_large(folder: Path, words: list[str]) -> int:
    """The same with an object of three pieces, which nobody looks into."""
    opening = Opening.parse((folder.parent / words[0]).read_bytes())
    store = Store.open(folder / "store.sqlite")
    with store.stage() as staging:
        for piece in pieces():
            staging.add(piece)
        status = sha256(opening.envelope).digest()[:16]
        allowance = Allowance(opening.epoch, 1 << 40)
        staging.keep(status, opening.envelope, opening.to_bytes(), allowance)
    return 0


def submit_at_once(folder: Path, words: list[str]) -> int:
    """The fault: an answer before the disk was asked to keep anything."""
    site = Site.open(folder)
    store = Store.open(site.store_path)
    event.listen(
        store._engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF") and None
    )
    store._engine.dispose()
    kept = Acceptor(store, site).accept_letter(letter_in(folder.parent / words[0]))
    return 0 if kept is not None else 1


def submit_in_halves(folder: Path, words: list[str]) -> int:
    """The fault: what must be one transaction is two."""
    letter = letter_in(folder.parent / words[0])
    store, upload = Store.open(folder / "store.sqlite"), os.urandom(16)
    envelope = letter.head.opening.envelope
    found = store.kept(letter.head.status, envelope)
    if found is None:
        with store._engine.begin() as connection:
            opening = letter.head.opening.to_bytes()
            add_submission(connection, letter.head.status, envelope, opening, upload)
        with store._engine.begin() as connection:
            add_piece(connection, upload, 0, letter.sealed)
    return 0


def pieces() -> list[bytes]:
    """A large object, in pieces."""
    return [bytes([number]) * size for number, size in ((1, 1 << 20), (2, 1 << 20), (3, 5000))]


def withdraw(folder: Path, words: list[str]) -> int:
    """What a worker does with somebody's secrets."""
    store = Store.open(folder / "store.sqlite")
    store.withdraw([(folder.parent / words[0]).read_bytes()], Epoch.of(today_in_utc()).next)
    return 0


def check(folder: Path, _: list[str]) -> int:
    """Prove a site complete: its store against its log, and each object against its opening."""
    site = Site.open(folder)
    store = Store.open(site.store_path)
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    for stored in store:
        assert sha256(stored.sealed).digest() == Opening.parse(stored.opening).envelope
    files = {file.name: file.content for file in _files(folder)}
    known = []
    for signed in (site.log_folder.staged(), site.log_folder.published()):
        if signed is not None:
            assert list(site.log_folder.reader(signed).entries())
            known.append(Known("the log's folder", signed.checkpoint, signed))
    if site.log_folder.staged() is None:
        return 0
    for line in prove(store, files, known, TODAY + dt.timedelta(weeks=1)):
        assert line
    return 0


class Code:
    """What a site shows everybody, worked out once and not by each child that closes a week of it.

    That was two thirds of a close, and nothing of it is on a disk. `known` is by all that it is
    made of; a child asks for it, and `learn` works it out before that is forked.
    """

    def __init__(self) -> None:
        self.known: dict[bytes, dict[str, bytes]] = {}
        self._made = announcing.create_app
        self._listed = announcing.listed_by

    def use(self) -> None:
        """From now on, in this process and in those that it forks."""
        announcing.create_app = self._asked  # type: ignore[assignment]
        announcing.listed_by = lambda app: app  # type: ignore[assignment,return-value]

    def learn(self, site: Path) -> None:
        """Work it out of a copy, so that nothing of the site itself was ever open here."""
        key = self._key(site)
        if key in self.known:
            return
        with TemporaryDirectory() as folder:
            copy = shutil.copytree(site, Path(folder) / "site")
            opened = Site.open(copy)
            with closing(Store.open(opened.store_path)) as store, suppress(IntakeError):
                self.known[key] = self._listed(self._made(opened, Acceptor(store, opened)))

    def _asked(self, site: Site, acceptor: Acceptor) -> dict[str, bytes]:
        """What a site that cannot show it now says of that, it says to who asks."""
        known = self.known.get(self._key(site.folder))
        return self._listed(self._made(site, acceptor)) if known is None else known

    def _key(self, site: Path) -> bytes:
        files = [site / "site.toml", *sorted((site / "keys").rglob("*.*")), site / "keys" / "roots"]
        return b"".join(sha256(path.read_bytes()).digest() for path in files if path.is_file())


CODE = Code()


def get_ready() -> None:
    """Load and compile once what every child that closes a week would load and compile for itself."""
    compile_templates_once()
    with TemporaryDirectory() as folder:
        site, _ = site_in(Path(folder) / "site")
        assert run(["epoch", str(site.folder)]) == 0
    CODE.use()


DEEDS: dict[str, Deed] = {
    "submit": submit,
    "submit at once": submit_at_once,
    "submit in halves": submit_in_halves,
    "submit large": submit_large,
    "withdraw": withdraw,
    "release": command("release", "SITE", "+statement"),
    "deliver": command("deliver", "SITE", "+outbox"),
    "close": command("epoch", "SITE", "--now"),
    "cosign": command("cosign", "SITE"),
    "collect": command("collect", "SITE"),
    "backup": command("backup", "SITE"),
    "restore": command(
        *("restore", "+base.age", "+part.age", "+restored", "--identity", "+op.operator"),
        *("--passphrase-file", "+pass", "--known", "+site/log", "--accept-gap"),
    ),
    "retire": command("retire", "SITE", "--yes"),
    "check": check,
}
