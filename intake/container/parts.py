"""The parts of a manifest, each valid by construction; it reads no bytes and writes none."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from intake.canonical import b64
from intake.errors import MalformedError

_WORD_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_LANG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)
_REPLY_TO = re.compile(r"age1pq1[02-9ac-hj-np-z]{1952}", re.ASCII)


class Kind(StrEnum):
    """What a container holds."""

    TESTIMONY = "testimony"
    ADDITION = "addition"
    CONSENT = "consent"
    DECOY = "decoy"


class Mode(StrEnum):
    """Who sealed it. The sealer's own word: it proves nothing against a lying server."""

    BROWSER = "browser"
    SERVER = "server"
    TOOL = "tool"


class Level(StrEnum):
    """A use to which a person may say yes."""

    STATS = "stats"
    PUBLISH = "publish"
    INVESTIGATORS = "investigators"
    COURTS = "courts"
    MESSAGE = "message"
    GOVERNMENT = "government"


@dataclass(frozen=True)
class Form:
    """Which form was filled in, in which version and language."""

    id: str
    version: int
    lang: str

    def __post_init__(self) -> None:
        demand(bool(_WORD_ID.fullmatch(self.id)), "a form's id is lower-case letters and digits")
        demand(0 < self.version < 2**31, "a form's version counts from 1")
        demand(bool(_LANG.fullmatch(self.lang)), "a language is a tag like ru")

    def to_json(self) -> dict[str, object]:
        return {"id": self.id, "lang": self.lang, "version": self.version}


@dataclass(frozen=True)
class Consent:
    """One yes or no, with the id of the very words that were shown and their language."""

    level: Level
    agreed: bool
    wording: str
    lang: str

    def __post_init__(self) -> None:
        demand(bool(_WORD_ID.fullmatch(self.wording)), "a wording id is letters, digits, . _ -")
        demand(bool(_LANG.fullmatch(self.lang)), "a language is a tag like ru")

    def to_json(self) -> list[object]:
        return [self.level.value, self.agreed, self.wording, self.lang]


@dataclass(frozen=True)
class File:
    """A file as the sealer named it; `type` is a claim and never chooses a program."""

    name: str
    type: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        demand(0 < len(self.name) <= 255, "a file's name has 1 to 255 characters")
        demand(len(self.type) <= 127, "a file's type has at most 127 characters")

    def to_json(self) -> dict[str, object]:
        digest = sha256(self.content).hexdigest()
        return {"name": self.name, "sha256": digest, "size": len(self.content), "type": self.type}


@dataclass(frozen=True)
class Reply:
    """Where a reply can be left: the author's mailbox secret and age recipient."""

    mailbox: bytes = field(repr=False)
    to: str

    def __post_init__(self) -> None:
        demand(len(self.mailbox) == 32, "a mailbox is 32 bytes")
        demand(bool(_REPLY_TO.fullmatch(self.to)), "a reply goes to an age1pq1 recipient")

    def to_json(self) -> dict[str, object]:
        return {"mailbox": b64(self.mailbox), "to": self.to}


def demand(holds: bool, phrase: str) -> None:  # noqa: FBT001
    """Raise `MalformedError` with this phrase unless it holds."""
    if not holds:
        raise MalformedError(phrase)
