"""The daily notice: whether there is something to collect, as one bit, sealed, always of one size.

It says nothing of the week that is open, and nothing of how much there is. Who carries it sees no
more than that a notice went out, as on every other day.
"""

import datetime as dt
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, cast

from intake.age import HybridRecipient, armor, encrypt_bytes
from intake.age.whole import written_whole
from intake.errors import MalformedError, RosterError, StoreError
from intake.reviewer import parse_recipient
from intake.roster import Roster

SIZE: Final = 256  # bytes before they are sealed
MOST: Final = 8  # who are told
RECIPIENTS: Final = "notice.recipients"  # in the site's keys/
STATE: Final = "notice.json"
PATIENCE: Final = 60  # seconds in which the operator's program must have ended
_LATE: Final = dt.timedelta(days=2)
_WORDS: Final = {
    False: "0 nothing to collect\n",
    True: "1 something to collect\n",
}


def plaintext(*, waiting: bool) -> bytes:
    """What is sealed: one bit in words, filled up with spaces."""
    return _WORDS[waiting].encode().ljust(SIZE - 1) + b"\n"


def sealed(recipients: Sequence[HybridRecipient], *, waiting: bool) -> bytes:
    """The notice as the operator's program gets it: an age file in armor."""
    return armor(encrypt_bytes(plaintext(waiting=waiting), recipients)).encode()


def read_recipients(path: Path, roster: Roster) -> tuple[HybridRecipient, ...]:
    """Who is told: one age1pq1 key a line; lines that begin with # are passed over.

    A reviewer's own key is refused: to read a daily notice with it, it would have to be on a
    machine that is online, and it opens every testimony.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise StoreError(
            f"there is no {path.name}: nobody can be told",
            "put a key for notices alone there: `age-keygen -pq`, the line that begins with age1pq1",
        ) from None
    except UnicodeDecodeError:
        raise MalformedError(f"{path.name} is not a text") from None
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not 0 < len(words) <= MOST or len(set(words)) < len(words):
        raise MalformedError(f"{path.name} has 1 to {MOST} different keys, one a line")
    found = tuple(parse_recipient(word) for word in words)
    reviewers = {str(reviewer.recipient) for reviewer in roster.reviewers}
    if any(str(recipient) in reviewers for recipient in found):
        raise RosterError(
            f"{path.name} has a reviewer's own key",
            "make another for notices: a reviewer's is never on a machine that is online",
        )
    return found


def hand_over(program: Sequence[str], message: bytes) -> str:
    """Run the operator's program with the message on its standard input; why it failed, or nothing.

    It gets no environment, and what it prints goes nowhere.
    """
    try:
        ended = subprocess.run(
            program,
            input=message,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            env={},
            cwd="/",
            timeout=PATIENCE,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        return f"the program did not end in {PATIENCE} seconds"
    except OSError:
        return "the program cannot be run"
    return "" if ended.returncode == 0 else f"the program ended with {ended.returncode}"


@dataclass(frozen=True)
class Sent:
    """What a site remembers of its notices: the last day one was handed over, and how it went since."""

    day: dt.date | None
    failed: str = ""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """What is remembered in a site's folder; raises `MalformedError`."""
        try:
            value = json.loads((folder / STATE).read_bytes())
            rows = cast("dict[str, object]", value)
            day = rows["day"]
            return cls(dt.date.fromisoformat(str(day)) if day else None, str(rows["failed"]))
        except FileNotFoundError:
            return cls(None)
        except (KeyError, TypeError, ValueError):
            raise MalformedError(
                f"{STATE} is damaged", "remove it: the next notice writes it"
            ) from None

    def write(self, folder: Path) -> None:
        """Remember it."""
        day = None if self.day is None else self.day.isoformat()
        with written_whole(folder / STATE) as file:
            file.write(json.dumps({"day": day, "failed": self.failed}).encode() + b"\n")

    def is_late(self, today: dt.date) -> bool:
        """Whether no notice was handed over for two days or more."""
        return self.day is None or today - self.day >= _LATE
