"""The container itself: what it says, valid by construction, and its bytes both ways."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from intake import canonical, redaction, shape
from intake.canonical import b64, unb64
from intake.container.parts import Consent, File, Form, Kind, Level, Mode, Reply, demand
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError

MAGIC = b"INTK1\0\0\0"
VERSION = 1
KIB = 1024
SIZES = tuple(kib * KIB for kib in (64, 256, 1024, 4096, 8192, 16384, 32768, 65536))  # bytes
MAX_MANIFEST = 1024 * KIB
MAX_FIELDS = 1000
MAX_FILES = 32
ASKED = "asked"
"""The one field of a consent: the question that it answers, as `sha256:` and the hex of its note."""

_HEAD = len(MAGIC) + 4
_ROSTER = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
PATH = re.compile(r"[a-z][a-z0-9_]{0,31}(\.(0|[1-9][0-9]{0,3})\.[a-z][a-z0-9_]{0,31})?", re.ASCII)


class NewerVersionError(MalformedError):
    """Written by a newer version of this software: keep it sealed and list it."""


@dataclass(frozen=True)
class Container:
    """What a sealed object says, valid by construction.

    `roster` is `sha256:` and hex; `fields` are (path, text) in the form's order; `seed` is the 16
    bytes from which the redaction tree is salted. `withdraw` is the 32 bytes by which its author
    can take it back: the opening's, sealed here too, so that no server can put others in their
    place. No text is in its `repr`.
    """

    kind: Kind
    mode: Mode
    form: Form
    deployment: str
    roster: str
    epoch: Epoch
    consent: tuple[Consent, ...]
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    seed: bytes = field(repr=False)
    withdraw: bytes = field(repr=False)
    files: tuple[File, ...] = ()
    reply: Reply | None = None

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        demand(bool(_ROSTER.fullmatch(self.roster)), "a roster is named by its sha256")
        demand(len(self.seed) == redaction.SEED_SIZE, "a redaction seed is 16 bytes")
        demand(len(self.withdraw) == 32, "a withdraw-commit is 32 bytes")
        demand(len(self.files) <= MAX_FILES, f"more than {MAX_FILES} files")
        demand(len(self.fields) <= MAX_FIELDS, f"more than {MAX_FIELDS} fields")
        _distinct((row.level for row in self.consent), "a consent is given twice")
        _distinct((path for path, _ in self.fields), "a field is given twice")
        for path, _ in self.fields:
            demand(bool(PATH.fullmatch(path)), "a field's path is malformed")
        self._check_kind()

    def _check_kind(self) -> None:
        """What each kind may hold beside a testimony's everything."""
        says = self.consent or self.fields or self.files or self.reply is not None
        if self.kind is Kind.DECOY:
            demand(not says, "a decoy says something")
        elif self.kind is not Kind.TESTIMONY:
            # Without it nobody could say what is added to, or whose consent it changes.
            demand(self.reply is not None, f"nobody can be told whose {self.kind} it is")
        if self.kind is Kind.ADDITION:
            demand(not self.consent, "an addition stands under the consent of what it adds to")
        if self.kind is Kind.CONSENT:
            paths = [path for path, _ in self.fields]
            demand(paths in ([], [ASKED]), "a consent answers a question, or says no more")
            demand(not self.files and bool(self.consent), "a consent is rows of consent alone")

    @property
    def answers(self) -> dict[str, str]:
        """The fields by path."""
        return dict(self.fields)

    @cached_property
    def redact_root(self) -> bytes:
        """The 32-byte root of the redaction tree."""
        return redaction.root(self.seed, self.facts(), self.fields)

    def facts(self) -> list[bytes]:
        """The first tokens of the redaction tree: what is said beside the fields."""
        facts: list[tuple[str, object]] = [
            ("kind", self.kind.value),
            ("mode", self.mode.value),
            ("form", self.form.to_json()),
        ]
        facts += [("consent", row.to_json()) for row in self.consent]
        facts += [("file", file.to_json()) for file in self.files]
        return [canonical.encode(fact) for fact in facts]

    def manifest(self) -> bytes:
        """The manifest's canonical JSON."""
        value: dict[str, object] = {
            "v": VERSION,
            "kind": self.kind.value,
            "mode": self.mode.value,
            "form": self.form.to_json(),
            "consent": [row.to_json() for row in self.consent],
            "deployment": self.deployment,
            "roster": self.roster,
            "epoch": str(self.epoch),
            "fields": [[path, text] for path, text in self.fields],
            "files": [file.to_json() for file in self.files],
            "redact": {"root": b64(self._checked_root()), "seed": b64(self.seed)},
            "withdraw": b64(self.withdraw),
        }
        if self.reply is not None:
            value["reply"] = self.reply.to_json()
        return canonical.encode(value)

    def _checked_root(self) -> bytes:
        try:
            return self.redact_root
        except UnicodeEncodeError:
            raise MalformedError("text holds a lone surrogate") from None

    def to_bytes(self) -> bytes:
        """The padded container; raises `MalformedError` where it is larger than the last size."""
        manifest = self.manifest()
        demand(len(manifest) <= MAX_MANIFEST, "the manifest is larger than 1 MiB")
        blobs = [file.content for file in self.files]
        length = _HEAD + len(manifest) + sum(map(len, blobs))
        zeros = bytes(size_for(length) - length)
        return b"".join((MAGIC, len(manifest).to_bytes(4), manifest, *blobs, zeros))

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a container strictly; what is valid has exactly one spelling.

        1. the length is one of the eight sizes;
        2. magic and manifest length;
        3. the manifest is canonical JSON with exactly the known keys, of a version we know;
        4. every value is valid, and the redaction root is the one that the text gives;
        5. each file's bytes have the size and hash that the manifest states;
        6. the rest is zeros, and the size is the smallest that fits.
        """
        # (1)
        demand(len(data) in SIZES, "a container's length is one of eight sizes")
        # (2)
        demand(data[: len(MAGIC)] == MAGIC, "not a container")
        length = int.from_bytes(data[len(MAGIC) : _HEAD])
        demand(length <= min(MAX_MANIFEST, len(data) - _HEAD), "the manifest is cut short")
        # (3)
        manifest = data[_HEAD : _HEAD + length]
        value = shape.mapping(canonical.decode(manifest))
        _check_version(value)
        # (4), (5)
        end = _HEAD + length
        files: list[File] = []
        for row in shape.rows(value.get("files"), MAX_FILES):
            file, end = _file(shape.mapping(row), data, end)
            files.append(file)
        container = cls._from_manifest(value, tuple(files))
        demand(container.manifest() == manifest, "the manifest does not fit what it describes")
        # (6)
        demand(data[end:] == bytes(len(data) - end), "the padding is not zero")
        demand(size_for(end) == len(data), "the container is larger than it needs to be")
        return container

    @classmethod
    def _from_manifest(cls, value: dict[str, Any], files: tuple[File, ...]) -> Self:
        """Build from parsed JSON. Extra or missing keys show when it is encoded again."""
        try:
            form = shape.mapping(value["form"])
            redact = shape.mapping(value["redact"])
            reply = _reply(value["reply"]) if "reply" in value else None
            return cls(
                kind=Kind(value["kind"]),
                mode=Mode(value["mode"]),
                form=Form(
                    shape.text(form["id"]), shape.integer(form["version"]), shape.text(form["lang"])
                ),
                deployment=shape.text(value["deployment"]),
                roster=shape.text(value["roster"]),
                epoch=Epoch.parse(shape.text(value["epoch"])),
                consent=tuple(_consent(row) for row in shape.rows(value["consent"], len(Level))),
                fields=tuple(_field(row) for row in shape.rows(value["fields"], MAX_FIELDS)),
                seed=unb64(shape.text(redact["seed"]), redaction.SEED_SIZE),
                withdraw=unb64(shape.text(value["withdraw"]), 32),
                files=files,
                reply=reply,
            )
        except KeyError:
            raise MalformedError("the manifest lacks a key") from None
        except ValueError:
            raise MalformedError("the manifest names an unknown kind, mode or level") from None


def size_for(length: int) -> int:
    """The smallest of the eight sizes that holds `length` bytes."""
    for size in SIZES:
        if length <= size:
            return size
    raise MalformedError("more than fits into 64 MiB")


def _check_version(value: dict[str, Any]) -> None:
    version = shape.integer(value.get("v"))
    if version > VERSION:
        raise NewerVersionError(
            f"the container has version {version}, and this software reads {VERSION}",
            "keep it sealed and open it with a newer intake",
        )
    demand(version == VERSION, "the container has no such version")


def _file(row: dict[str, Any], data: bytes, start: int) -> tuple[File, int]:
    size = shape.integer(row.get("size"))
    demand(0 <= size <= len(data) - start, "a file is cut short")
    content = data[start : start + size]
    # The hash is checked with everything else, when the manifest is encoded again.
    return File(shape.text(row.get("name")), shape.text(row.get("type")), content), start + size


def _consent(row: object) -> Consent:
    level, agreed, wording, lang = shape.row(row, 4)
    demand(isinstance(agreed, bool), "a consent is true or false")
    return Consent(Level(shape.text(level)), bool(agreed), shape.text(wording), shape.text(lang))


def _reply(value: object) -> Reply:
    row = shape.mapping(value)
    return Reply(unb64(shape.text(row["mailbox"]), 32), shape.text(row["to"]))


def _field(row: object) -> tuple[str, str]:
    path, text = shape.row(row, 2)
    return shape.text(path), shape.text(text)


def _distinct(values: Iterable[str], phrase: str) -> None:
    rows = list(values)
    demand(len(set(rows)) == len(rows), phrase)
