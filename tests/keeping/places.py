"""A living site with an operator's key, its backups, and what is asked of a restored one."""

from dataclasses import dataclass, field
from pathlib import Path

from intake.age import HybridIdentity
from intake.author import Author
from intake.cli import run
from intake.keeping.operator_key import locked
from intake.opening import Opening
from intake.store import Store
from tests.web.test_release import NOW, Place, make_place, signer

PASSPHRASE = "a long enough passphrase"


@dataclass
class Kept:
    """A site of whose week three submissions are logged, and the operator's files beside it."""

    place: Place
    folder: Path
    identity: HybridIdentity = field(default_factory=HybridIdentity.generate)
    to: str = ""
    number: int = 0

    @classmethod
    def make(cls, tmp_path: Path) -> "Kept":
        made = cls(make_place(tmp_path), tmp_path)
        # Of little work: what is tried here is not the lock.
        (tmp_path / "op.operator").write_bytes(locked(made.identity, PASSPHRASE, 2))
        (tmp_path / "pass").write_text(f"{PASSPHRASE}\n")
        made.to = str(made.identity.recipient)
        path = made.site / "site.toml"
        path.write_bytes(
            path.read_bytes() + f'[backup]\nto = "{made.to}"\nstep = {16 << 20}\n'.encode()
        )
        assert made.cosign() == 0
        return made

    @property
    def site(self) -> Path:
        return self.place.site.folder

    def cosign(self) -> int:
        """Publish the newest checkpoint, as its policy asks: here without a witness."""
        return run(["cosign", str(self.site)])

    def send(self) -> tuple[Author, Opening]:
        author = Author.fresh(NOW)
        opening = self.place.send(author)
        return author, opening

    def withdraw(self, author: Author) -> None:
        store = Store.open(self.place.site.store_path)
        assert store.withdraw([author.withdraw], NOW.next) == 1
        store.close()

    def release(self, openings: list[Opening]) -> None:
        collection = self.place.collection
        chosen = type(collection).of(
            *(collection.deployment, collection.size, collection.root),
            [opening.envelope for opening in openings],
        )
        assert self.place.release(chosen.signed(signer(1), signer(2))) == 0

    def backup(self, *words: str) -> Path:
        """The next backup."""
        self.number += 1
        path = self.folder / f"{self.number}.age"
        assert run(["backup", str(self.site), str(path), *words]) == 0
        return path

    def restore(
        self, *files: Path, words: tuple[str, ...] = ("--accept-gap",), to: str = "restored"
    ) -> int:
        """Restore, with the living log as what is known."""
        known = [] if "--known" in words else ["--known", str(self.site / "log")]
        return run(
            ["restore", *map(str, files), str(self.folder / to), *self.opening(), *known, *words]
        )

    def opening(self) -> list[str]:
        key, word = self.folder / "op.operator", self.folder / "pass"
        return ["--identity", str(key), "--passphrase-file", str(word)]

    def state(self, folder: str = "") -> tuple[set[bytes], list[bytes], list[bytes], list[bytes]]:
        """Openings whose objects are here, with statements, events, and the whole log."""
        store = Store.open((self.folder / folder if folder else self.site) / "store.sqlite")
        entries = [leaf.entry + b"|" + (leaf.opening or b"") for leaf in store.leaves.leaves()]
        found = set(store.openings()), store.statements(), store.waiting_events(), entries
        store.close()
        return found
