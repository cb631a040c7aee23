"""What the sentinel plants, and every spelling in which it would know it again.

It knows no word of anybody else: what it looks for by words, it made itself a moment before.
"""

import base64
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import quote

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
_LETTERS = 20  # 94 bits and more: no disk holds such a word by chance
_SLACK = 120.0  # seconds round the planting in which a time counts as its own


class Kind(StrEnum):
    """What kind of thing was found; never the thing."""

    WORDS = "planted words"
    AGENT = "planted user agent"
    ADDRESS = "planted client address"
    OBJECT = "planted object's name"
    TIME = "time finer than the epoch"
    ANY_AGENT = "something like a user agent"
    ANY_ADDRESS = "something like an IP address"
    COLUMN = "table or column outside the schema"
    WRITTEN = "written while planting"
    FILE_TIME = "file time that is no epoch's end"


@dataclass(frozen=True)
class Planted:
    """One run's fresh marks: two words, a user agent, two client addresses, and when it was.

    `objects` names what was sealed: 16 and 32 bytes each. Times are seconds since 1970.
    """

    latin: str
    cyrillic: str
    agent: str
    source: str
    forwarded: str
    began: float
    ended: float
    objects: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def fresh(cls) -> "Planted":
        """Marks that nobody has seen; the planting begins now, and lasts for ever until it ends."""
        # Each number of the address has two digits or more, so that it cannot stand somewhere by
        # chance; all of 127.0.0.0/8 is this machine.
        numbers = (10 + secrets.randbelow(240) for _ in range(3))
        groups = (f"{0x1000 + secrets.randbelow(0xEFFF):x}" for _ in range(6))
        return cls(
            _word(_LATIN),
            _word(_CYRILLIC),
            _word(_LATIN),
            ".".join(map(str, (127, *numbers))),
            ":".join(("2001", "db8", *groups)),
            began=time.time(),
            ended=time.time(),
        )

    @property
    def phrase(self) -> str:
        """Both words, as they are written into a form."""
        return f"{self.latin} {self.cyrillic}"

    @property
    def user_agent(self) -> str:
        """As a browser would name itself."""
        return f"Mozilla/5.0 ({self.agent}) Gecko/20100101"

    def is_its_time(self, seconds: float) -> bool:
        """Whether this moment is the planting's, give or take two minutes."""
        return self.began - _SLACK <= seconds <= self.ended + _SLACK

    def needles(self) -> dict[bytes, Kind]:
        """Every spelling to look for in raw bytes, with what it is a spelling of."""
        addresses = (self.source, self.forwarded, ip_address(self.forwarded).exploded)
        found = {ip_address(self.forwarded).packed: Kind.ADDRESS}
        for kind, texts in (
            (Kind.WORDS, (self.latin, self.cyrillic)),
            (Kind.AGENT, (self.agent,)),
            (Kind.ADDRESS, addresses),
        ):
            found |= {spelled: kind for text in texts for spelled in spellings(text)}
        return found

    def names(self) -> dict[bytes, Kind]:
        """The planted objects' names. In the store they belong; anywhere else they tell that."""
        return {
            spelled: Kind.OBJECT for name in self.objects for spelled in (name, *_ascii_of(name))
        }


def spellings(text: str) -> set[bytes]:
    """UTF-8, UTF-16, percent, JSON, HTML, hexadecimal, and base64 at each of three places.

    Not: compressed, encrypted, or base64 that is broken into lines within the word.
    """
    plain, wide = text.encode(), text.encode("utf-16-le")
    found = {plain, wide, text.encode("utf-16-be")}
    if not text.isascii():  # else these are the plain one
        percent, escaped = quote(text, safe=""), json.dumps(text)[1:-1]
        points = [ord(character) for character in text]
        texts = (percent, percent.lower(), escaped, escaped.upper().replace("\\U", "\\u"))
        found |= {spelled.encode() for spelled in texts}
        found.add("".join(f"&#{point};" for point in points).encode())
        found.add("".join(f"&#x{point:x};" for point in points).encode())
    return found.union(_ascii_of(plain), _ascii_of(wide))


def _ascii_of(data: bytes) -> Iterator[bytes]:
    yield data.hex().encode()
    yield data.hex().upper().encode()
    for before in range(3):
        # The characters that hold bits of what stands before or after are not the word's own.
        first, end = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(bytes(before) + data)[first:end]


def _word(letters: str) -> str:
    return "".join(secrets.choice(letters) for _ in range(_LETTERS))
