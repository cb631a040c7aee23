"""C2SP tlog-policy: which logs and witnesses are known, and how many must have cosigned.

It decides whether a checkpoint is believed. How old a cosignature may be is the caller's question.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from intake.errors import MalformedError, ProofError
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.cosignature import cosigned_at, signed_by_log
from intake.tlog.note import VerifierKey

POLICY_LIMIT: Final = 1_000_000  # bytes
AHEAD: Final = 86_400  # seconds by which a witness's clock may be before ours
NONE: Final = "none"
_ALLOWED: Final = re.compile(rb"[\t\n\x20-\x7e\x80-\xff]*")
_ITEM: Final = re.compile(rb"[\x21-\x7e\x80-\xff]+")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_SPACE: Final = re.compile(r"[ \t]+")


@dataclass(frozen=True)
class Log:
    """A log: its key, named as its origin is, and an address or nothing."""

    vkey: VerifierKey
    url: str = ""

    def __post_init__(self) -> None:
        if self.url:
            _check_item(self.url)

    def __str__(self) -> str:
        return f"log {self.vkey}" + (f" {self.url}" if self.url else "")


@dataclass(frozen=True)
class Witness:
    """A witness: a name of this policy's own, its key, and an address or nothing."""

    name: str
    vkey: VerifierKey
    url: str = ""

    def __post_init__(self) -> None:
        _check_item(self.name)
        if self.url:
            _check_item(self.url)
        if self.vkey.algorithm.signs_text:
            raise MalformedError(f"key of witness {self.name!r} is not one for cosignatures")

    def __str__(self) -> str:
        return f"witness {self.name} {self.vkey}" + (f" {self.url}" if self.url else "")


@dataclass(frozen=True)
class Group:
    """Witnesses and groups of which `threshold` must have cosigned; 1 is `any`, n is `all`."""

    name: str
    threshold: int
    members: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in (self.name, *self.members):
            _check_item(name)
        if not 1 <= self.threshold <= len(self.members):
            raise MalformedError(f"threshold of group {self.name!r} is not 1 to its members")

    def __str__(self) -> str:
        return f"group {self.name} {self.threshold} {' '.join(self.members)}"


@dataclass(frozen=True)
class Endorsed:
    """Why a checkpoint is believed: the log's key, and witnesses with their POSIX seconds."""

    log: VerifierKey
    witnesses: tuple[tuple[str, int], ...]

    def newest(self, now: float) -> int | None:
        """Time of the newest cosignature, if there is one that is not of a time yet to come.

        One witness alone could otherwise keep an old log fresh for ever. `now` is POSIX seconds; a
        day after it still counts.
        """
        times = (time for _, time in self.witnesses if time <= now + AHEAD)
        return max(times, default=None)

    def ahead(self, now: float) -> tuple[str, ...]:
        """The witnesses whose time is more than a day after `now`, and is not believed."""
        return tuple(name for name, time in self.witnesses if time > now + AHEAD)


@dataclass(frozen=True)
class Policy:
    """A whole policy; `quorum` is a witness, a group or `none`.

    Names are unique, members stand before their group and in one group only, no key stands twice:
    not even as log and witness, for a log does not vouch for itself.
    """

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    def __post_init__(self) -> None:
        keys = [log.vkey.key for log in self.logs]
        keys += [witness.vkey.key for witness in self.witnesses]
        if len(set(keys)) != len(keys):
            raise MalformedError("policy names a key twice")
        known = {NONE}
        for witness in self.witnesses:
            _add(known, witness.name)
        free = known - {NONE}
        for group in self.groups:
            if len(set(group.members)) != len(group.members) or not free.issuperset(group.members):
                raise MalformedError(
                    f"group {group.name!r} has a member that is unknown or in a group already"
                )
            _add(known, group.name)
            free = (free - set(group.members)) | {group.name}
        if self.quorum not in known:
            raise MalformedError(f"quorum {self.quorum!r} is not defined before it")
        if len(self.to_bytes()) > POLICY_LIMIT:
            raise MalformedError(f"policy is longer than {POLICY_LIMIT} bytes")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a policy; raises `MalformedError`.

        Comments, empty lines and white space are the reader's freedom and are not kept.
        """
        if len(data) > POLICY_LIMIT or not _ALLOWED.fullmatch(data) or not data.endswith(b"\n"):
            raise MalformedError("policy is too long, not lines, or holds a control character")
        draft = _Draft()
        # Names are octets to the specification: surrogates keep those that are not UTF-8.
        for line in data.decode(errors="surrogateescape").removesuffix("\n").split("\n"):
            items = [item for item in _SPACE.split(line) if item]
            if items and not items[0].startswith("#"):
                draft.add(items)
        if len(draft.quorum) != 1:
            raise MalformedError("policy has not one quorum line")
        return cls(tuple(draft.logs), tuple(draft.witnesses), tuple(draft.groups), draft.quorum[0])

    def to_bytes(self) -> bytes:
        """Write the policy without anything that does not count; `parse` gives it back."""
        lines = (*self.logs, *self.witnesses, *self.groups, f"quorum {self.quorum}")
        return "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape")

    def endorsed(self, signed: SignedCheckpoint) -> Endorsed:
        """Say who vouches for a checkpoint; `ProofError` where that is not enough.

        1. a log of this policy, which bears the checkpoint's origin as its name, signed it
        2. every line of a witness of this policy holds; lines of others are ignored
        3. the quorum is met
        """
        # (1)
        log = self._signing_log(signed)
        # (2)
        times = tuple(
            (witness.name, time)
            for witness in self.witnesses
            if (time := cosigned_at(signed, witness.vkey)) is not None
        )
        # (3)
        self._check_quorum({name for name, _ in times})
        return Endorsed(log, times)

    def _signing_log(self, signed: SignedCheckpoint) -> VerifierKey:
        origin = signed.checkpoint.origin
        keys = [log.vkey for log in self.logs if log.vkey.name == origin]
        if not keys:
            raise ProofError(f"policy knows no log {origin!r}")
        signing = [key for key in keys if signed_by_log(signed, key)]
        if not signing:
            raise ProofError(f"checkpoint is not signed by the log {origin!r}")
        return signing[0]

    def _check_quorum(self, cosigned: set[str]) -> None:
        met = {NONE, *cosigned}
        # Members stand before their group, so one pass is enough.
        for group in self.groups:
            if len(met.intersection(group.members)) >= group.threshold:
                met.add(group.name)
        if self.quorum in met:
            return
        asked = {self.quorum}
        for group in reversed(self.groups):
            if group.name in asked:
                asked.update(group.members)
        lacking = ", ".join(
            repr(witness.name)
            for witness in self.witnesses
            if witness.name in asked and witness.name not in cosigned
        )
        raise ProofError(
            f"quorum {self.quorum!r} is not met: no cosignature of {lacking}",
            "ask the log for a checkpoint with more cosignatures",
        )


class _Draft:
    """The lines read so far, and the names that later ones may use."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: list[str] = []
        self._defined: set[str] = set()

    def add(self, items: list[str]) -> None:
        match items:
            case ["log", vkey, *url] if len(url) <= 1:
                self.logs.append(Log(VerifierKey.parse(vkey), *url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self.witnesses.append(Witness(name, VerifierKey.parse(vkey), *url))
                self._defined.add(name)
            case ["group", name, threshold, *members] if members:
                self._check_defined(members)
                self.groups.append(Group(name, _threshold(threshold, len(members)), tuple(members)))
                self._defined.add(name)
            case ["quorum", name]:
                self._check_defined([] if name == NONE else [name])
                self.quorum.append(name)
            case _:
                raise MalformedError("policy has a line that is not log, witness, group or quorum")

    def _check_defined(self, names: list[str]) -> None:
        for name in names:
            if name not in self._defined:
                raise MalformedError(f"policy uses {name!r} before it is defined")


def _threshold(text: str, members: int) -> int:
    if text in ("any", "all"):
        return 1 if text == "any" else members
    if not _COUNT.fullmatch(text):
        raise MalformedError("threshold of a group is not any, all or a number from 1")
    return int(text)


def _add(known: set[str], name: str) -> None:
    if name in known:
        raise MalformedError(f"policy defines {name!r} twice, or it is a word of its own")
    known.add(name)


def _check_item(item: str) -> None:
    try:
        raw = item.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        raise MalformedError("policy holds a name that has no bytes") from None
    if not _ITEM.fullmatch(raw):
        raise MalformedError("policy holds an empty name, a space or a control character in one")
