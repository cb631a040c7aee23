"""`site.toml`: what the operator decides and says, checked whole before anything is served.

Nothing in it is secret, and nothing in it opens anything.
"""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from intake.budget import WEEKLY
from intake.container import SIZES
from intake.deployment import check_deployment
from intake.errors import MalformedError, StoreError
from intake.form import FORMS
from intake.store import PostgresPlace
from intake.web.languages import LANGUAGES
from intake.web.settings_tables import Backups, NeutralPage, SupportEntry, check_line

_FORMS = tuple(form.id for form in FORMS.values())
_LEAST_WEEKLY = 16 * 1024 * 1024
_MOST_WEEKLY = 10**15  # far from what the store can count to
_MOST_DAYS = 365
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.onion", re.ASCII)
MOST_SUPPORT = 860  # bytes of the support list as every page carries it


@dataclass(frozen=True)
class Settings:
    """`site.toml`, valid by construction.

    `largest` is in bytes, one of the container's sizes; `weekly_bytes` is what one epoch may fill.
    `withdraw_days` is within how many days all copies of what was withdrawn are deleted; `notify`
    the program, with its arguments, that carries the daily notice. `store` is the URL of a
    PostgreSQL database, empty for a file beside it; `store_room` the bytes it may have.
    """

    deployment: str
    organisation: str
    address: str
    language: str
    largest: int
    form: str = "minimal"
    only_onion: bool = False
    weekly_bytes: int = WEEKLY
    withdraw_days: int = 30
    store: str = ""
    store_room: int = 0
    neutral: Mapping[str, NeutralPage] = field(default_factory=dict[str, NeutralPage])
    support: tuple[SupportEntry, ...] = ()
    backup: Backups = field(default_factory=Backups)
    notify: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        for name in ("organisation", "address"):
            check_line(name, getattr(self, name), 200)
        _check_one_of("language", self.language, tuple(LANGUAGES))
        _check_one_of("largest", self.largest, SIZES)
        _check_one_of("form", self.form, _FORMS)
        if self.only_onion and not _HOST.fullmatch(self.address):
            raise MalformedError(
                "only_onion needs an address that is an onion name alone",
                "write it in lower case, without http:// and without a path, or set it to false",
            )
        if not _LEAST_WEEKLY <= self.weekly_bytes <= _MOST_WEEKLY:
            raise MalformedError(
                f"weekly_bytes is at least {_LEAST_WEEKLY} and at most {_MOST_WEEKLY}"
            )
        if not 1 <= self.withdraw_days <= _MOST_DAYS:
            raise MalformedError(f"withdraw_days is at least 1 and at most {_MOST_DAYS}")
        if self.store:
            PostgresPlace(self.store, self.store_room)
        if sum(entry.weight for entry in self.support) > MOST_SUPPORT:
            raise MalformedError(
                "the [[support]] list is too long for a page that loads on a bad line",
                "list fewer groups, or say it shorter: three or four fit",
            )
        _check_program("notify", self.notify)
        for lang in self.neutral:
            _check_one_of("the language of [neutral]", lang, tuple(LANGUAGES))

    @property
    def takes_files(self) -> bool:
        """Whether anything but text is taken: then the pages do not say that none is asked for."""
        return self.largest > SIZES[0]

    def supporting(self, today: dt.date) -> tuple[SupportEntry, ...]:
        """The support entries that may be shown today: those checked within 90 days."""
        return tuple(entry for entry in self.support if not entry.is_stale(today))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read `site.toml`; raises `MalformedError` naming the line that is wrong."""
        try:
            return cls.parse(path.read_bytes())
        except FileNotFoundError:
            raise StoreError(
                f"there is no site in {path.parent}", "make one with `intake init`"
            ) from None

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read the content of `site.toml`; keys that came later may be missing."""
        try:
            values: dict[str, Any] = tomllib.loads(content.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            # A number of thousands of digits is a ValueError, as bytes that are no text are.
            raise MalformedError(f"site.toml is not TOML: {error}") from None
        needed = set(_NEEDED)
        odd = sorted(needed - set(values) | set(values) - {row.name for row in fields(cls)})
        if odd:
            raise MalformedError(f"site.toml lacks, or should not have: {', '.join(odd)}")
        for name, kind in _KINDS.items():
            if name in values and type(values[name]) is not kind:
                raise MalformedError(f"{name} in site.toml is of another kind")
        if "neutral" in values:
            pages: dict[str, object] = values["neutral"]
            values["neutral"] = {
                lang: NeutralPage.parse(f"[neutral.{lang}]", page) for lang, page in pages.items()
            }
        if "support" in values:
            values["support"] = tuple(SupportEntry.parse(row) for row in values["support"])
        if "backup" in values:
            values["backup"] = Backups.parse(values["backup"])
        if "notify" in values:
            words: list[object] = values["notify"]
            if not all(isinstance(word, str) for word in words):
                raise MalformedError("notify in site.toml is of another kind")
            values["notify"] = tuple(words)
        return cls(**values)

    def to_bytes(self) -> bytes:
        """The content of `site.toml` that says this, with the comments that a new one has."""
        values = {name: _quoted(getattr(self, name)) for name in _KINDS}
        head = _TEMPLATE.format_map(values)
        if self.notify:
            head += f"notify = [{', '.join(map(_quoted, self.notify))}]\n"
        rows = (*self._neutral_rows(), *self._support_rows(), *self._backup_rows())
        return (head + "".join(rows)).encode()

    def _neutral_rows(self) -> Iterator[str]:
        yield _NEUTRAL
        for lang, page in self.neutral.items():
            lines = "".join(f"  {_quoted(line)},\n" for line in page.lines)
            yield f"[neutral.{lang}]\ntitle = {_quoted(page.title)}\nlines = [\n{lines}]\n"

    def _support_rows(self) -> Iterator[str]:
        yield _SUPPORT
        for entry in self.support:
            yield f"[[support]]\nname = {_quoted(entry.name)}\n"
            yield f"language = {_quoted(entry.language)}\nreach = {_quoted(entry.reach)}\n"
            yield f"checked = {entry.checked.isoformat()}\n"

    def _backup_rows(self) -> Iterator[str]:
        yield _BACKUP
        if self.backup != Backups():
            yield f"[backup]\nto = {_quoted(self.backup.to)}\nstep = {self.backup.step}\n"
        if self.backup.keep:
            yield f"keep = {self.backup.keep}\n"


_NEEDED = ("deployment", "organisation", "address", "language", "largest")
_KINDS: Mapping[str, type] = {
    **dict.fromkeys(("deployment", "organisation", "address", "language", "form", "store"), str),
    **dict.fromkeys(("largest", "weekly_bytes", "withdraw_days", "store_room"), int),
    "only_onion": bool,
    "neutral": dict,
    "support": list,
    "backup": dict,
    "notify": list,
}

_TEMPLATE = """\
# The operator's decisions and words. `intake doctor` says what is wrong here.

deployment = {deployment}  # never changes: not with a new address, key or root
organisation = {organisation}  # who runs it, as people will read it
address = {address}  # exactly as people should see it in their browser
language = {language}  # in which a page opens that nobody chose a language for: ru or en
largest = {largest}  # bytes of the largest container taken; 65536 is any text without files
form = {form}  # minimal: one page; guided: the same page, then short optional ones
only_onion = {only_onion}  # true: whoever comes by another address gets a warning and no form
weekly_bytes = {weekly_bytes}  # what one week may fill; after that the form closes until the next
withdraw_days = {withdraw_days}  # what people are told: in so many days every copy of what they withdrew is gone
store = {store}  # empty: store.sqlite, beside this file; or postgresql://... (deploy/postgresql.md), without a password
store_room = {store_room}  # bytes that a database on PostgreSQL may have; 0 for a file
# notify = ["/usr/local/bin/intake-notify"]  # the program that carries the daily notice: `intake notify`
"""
_NEUTRAL = """
# What is shown for 15 minutes to whoever pressed "Leave now". It must not name this service.
# Without these lines it is a page of cooking measures. One table for each language:
#
# [neutral.ru]
# title = "..."
# lines = ["...", "..."]
"""
_SUPPORT = """
# Groups that may listen or advise; ask each before you list it. Check each one again at least every
# 90 days and change its date: one that is older is not shown any more, nor one dated ahead.
#
# [[support]]
# name = "..."
# language = "..."  # which languages they speak
# reach = "..."  # how to reach them over Tor
# checked = 2026-01-31
"""
_BACKUP = """
# To whom `intake backup` seals, and the bytes of which a backup has one, two, four or eight times
# as many, so that its size tells little of what came. `intake keys new-operator` makes such a key.
# With `keep` only so many bases stay in their folder, each with its newest part: in the others is
# what people took back since.
#
# [backup]
# to = "age1pq1..."
# step = 67108864
# keep = 2
"""


def _quoted(value: object) -> str:
    # A JSON string of printable characters is a TOML string too, and so are numbers and booleans.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | int) else ""


def _check_program(name: str, words: tuple[str, ...]) -> None:
    for word in words:
        check_line(f"a word of {name}", word, 200)
    if words and not words[0].startswith("/"):
        raise MalformedError(f"{name} names a program by its whole path")


def _check_one_of(name: str, value: object, known: tuple[object, ...]) -> None:
    if value not in known:
        raise MalformedError(f"{name} is one of {', '.join(map(str, known))}")
