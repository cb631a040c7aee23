"""The files of a case folder: where each lies, and that each is sealed to the reviewers.

It knows their names and nothing of what they mean. Layout: docs/format.md 12.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from intake.age import HybridIdentity, decrypt_bytes, encrypt_bytes
from intake.errors import ProofError, StoreError, WrongKeyError
from intake.review.folder import write, write_together
from intake.review.journal import Journal, Pen
from intake.review.record import pack, unpack

TITLE: Final = "testimony-intake/case/v2"

_ROSTER = re.compile(r"roster (sha256:[0-9a-f]{64})", re.ASCII)


_BEFORE_ENTRY: Final = frozenset({"original", "kept"})
_LASTING: Final = frozenset({"entry", "former", "key"})
_REMEMBERED: Final = 512  # item keys in memory at one time
_ALL: Final = b"testimony-intake/words-of-output/v1\0"
_KEY_SIZE: Final = 32  # bytes of the seed from which an item's age identity is made


@dataclass(frozen=True)
class NewItem:
    """The files of an item that is new, sealed and not yet written: its key, its original, its entry."""

    key: bytes = field(repr=False)
    original: bytes = field(repr=False)
    entry: bytes = field(repr=False)


class CaseFiles:
    """The sealed files of one case; a name is given without its `.age`.

    Each item has a key of its own, sealed to every reviewer in `key.age`, and what it has is sealed to
    that key: without it, in all copies, none of it opens any more. Only the record of the item itself
    and of its exports are sealed to the reviewers.
    """

    def __init__(self, folder: Path, pen: Pen) -> None:
        self._folder = folder
        self._pen = pen
        self._keys = dict[str, HybridIdentity]()

    def path(self, item: str, name: str) -> Path:
        """Where a file of an item lies."""
        return self._folder / "items" / item / f"{name}.age"

    def items(self) -> list[str]:
        """Every item that has an entry, sorted."""
        return sorted(path.parent.name for path in self._folder.glob("items/*/entry.age"))

    def of_new(self, original: bytes, entry: object) -> NewItem:
        """Make the files of an item, with a new key, and write none of them."""
        seed = secrets.token_bytes(_KEY_SIZE)
        own = HybridIdentity.from_seed(seed).recipient
        return NewItem(
            key=encrypt_bytes(seed, self._pen.recipients),
            original=encrypt_bytes(original, [own]),
            entry=encrypt_bytes(pack(entry), self._pen.recipients),
        )

    def keep_new(self, item: str, files: NewItem) -> bool:
        """Write the files of an item of which nothing is here; returns whether that was so."""
        folder = self.path(item, "entry").parent
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            return False
        # Its entry is the last to get its name: before that there is no item.
        named = {"key": files.key, "original": files.original, "entry": files.entry}
        write_together(folder, {f"{name}.age": content for name, content in named.items()})
        return True

    def make_room(self, item: str) -> None:
        """Make an item's folder and its key, if they are not there."""
        path = self.path(item, "key")
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            seed = secrets.token_bytes(_KEY_SIZE)
            # Its entry is written last, and settles all three: before that there is no item.
            write(path, encrypt_bytes(seed, self._pen.recipients), settle=False)
            self._remember(item, seed)

    def key(self, item: str) -> HybridIdentity:
        """An item's own key; `StoreError` where it is gone, and with it all that it opened."""
        if item not in self._keys:
            seed = decrypt_bytes(self.read(item, "key"), self._pen.identities)
            if len(seed) != _KEY_SIZE:
                raise StoreError(f"the key of item {item} is damaged", "restore it from a copy")
            self._remember(item, seed)
        return self._keys[item]

    def _remember(self, item: str, seed: bytes) -> None:
        if len(self._keys) >= _REMEMBERED:
            self._keys.clear()
        self._keys[item] = HybridIdentity.from_seed(seed)

    def forget_key(self, item: str) -> None:
        """Let go of an item's key in memory; whoever destroys it calls this."""
        self._keys.pop(item, None)

    def seal(self, item: str, name: str, content: bytes) -> None:
        """Write these bytes, sealed to the item's key."""
        recipients = self._pen.recipients if name in _LASTING else [self.key(item).recipient]
        settle = name not in _BEFORE_ENTRY
        write(self.path(item, name), encrypt_bytes(content, recipients), settle=settle)

    def open(self, item: str, name: str) -> bytes:
        """The bytes that `seal` was given; raises `StoreError` where they or their key are missing."""
        sealed = self.read(item, name)
        keys = self._pen.identities if name in _LASTING else [self.key(item)]
        try:
            return decrypt_bytes(sealed, keys)
        except WrongKeyError:
            raise ProofError(
                f"{name}.age of item {item} belongs to something else",
                "somebody changed the folder: restore it from a copy",
            ) from None

    def seal_record(self, item: str, name: str, value: object) -> None:
        """Write a record."""
        self.seal(item, name, pack(value))

    def record(self, item: str, name: str) -> object:
        """Read a record; raises `StoreError` where it is missing."""
        return unpack(self.open(item, name))

    def read(self, item: str, name: str) -> bytes:
        """The bytes of a file as it lies there; raises `StoreError` where it is missing."""
        try:
            return self.path(item, name).read_bytes()
        except FileNotFoundError:
            raise StoreError(
                f"{name}.age of item {item} is missing in this folder",
                "restore it from a copy; an original also comes back from its bundle: import that again",
            ) from None

    def journal(self, item: str, digest: bytes) -> Journal:
        """The signed records of an item, sealed to its key; `digest` is that of its object."""
        key = self.key(item)
        pen = replace(self._pen, recipients=[key.recipient], identities=[key])
        return Journal(self.path(item, "key").parent, f"item {digest.hex()}", pen)

    def lasting(self, item: str, digest: bytes) -> Journal:
        """The signed records of an item that stay when it is gone: that something of it had left."""
        return Journal(self.path(item, "key").parent, f"item {digest.hex()}", self._pen)

    def of_case(self) -> Journal:
        """The signed records of the case itself."""
        return Journal(self._folder / "records", "case", self._pen)

    def of_output(self, digest: bytes) -> Journal:
        """The signed records of a file that was built from items: no word of it is in them."""
        return Journal(self._folder / "outputs" / digest.hex(), f"output {digest.hex()}", self._pen)

    def words_of_output(self, digest: bytes, items: Iterable[str]) -> Journal:
        """The signed records with what reviewers wrote for a file: they open while all its items' keys are here.

        It may tell in other words what any of the items told, and goes with the first of them that goes.
        """
        key = key_of_all(self.key(item) for item in items)
        pen = replace(self._pen, recipients=[key.recipient], identities=[key])
        return Journal(self._folder / "outputs" / digest.hex(), f"output {digest.hex()}", pen)


def key_of_all(keys: Iterable[HybridIdentity]) -> HybridIdentity:
    """The age identity that only all of these together make."""
    return HybridIdentity.from_seed(sha256(_ALL + b"".join(sorted(k.seed for k in keys))).digest())


def made_with(folder: Path) -> str:
    """The digest of the roster with which a case was made; `StoreError` where it is no case."""
    # Any byte but ASCII becomes a character that no row has.
    rows = (folder / "case").read_text(encoding="ascii", errors="replace").split("\n")
    match = _ROSTER.fullmatch(rows[1]) if len(rows) == 3 else None
    if match is None or rows[0] != TITLE or rows[2] != "":
        raise StoreError("not a case, or one of a newer version", "open it with a newer intake")
    return match[1]


def roster_path(folder: Path, digest: str) -> Path:
    """Where the note of a roster lies."""
    return folder / "rosters" / f"{digest.removeprefix('sha256:')}.note"
