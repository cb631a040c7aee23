"""The whole way of what leaves a site: collected, confirmed by two, released, and the log still whole."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from intake.author import Author
from intake.cli import run
from intake.review.keys import LockedIdentity, ReviewerSecret
from intake.store import Store
from tests.panel import seed
from tests.web.test_release import NOW, Place, make_place

PASSPHRASE = "four plain test words"

pytestmark = pytest.mark.usefixtures("derived_once")


@dataclass(frozen=True)
class Reviewer:
    """One reviewer's machine."""

    folder: Path
    name: str

    def __call__(self, command: str, *words: str) -> int:
        common = ("--case", str(self.folder / "case"))
        common += ("--identity", str(self.folder / "identity"))
        common += ("--passphrase-file", str(self.folder / "passphrase"))
        return run(["review", command, *words, *common])


def reviewer(folder: Path, number: int) -> Reviewer:
    folder.mkdir()
    secret = ReviewerSecret(f"r{number}", seed(f"reviewer {number}"), seed(f"signer {number}"))
    locked = LockedIdentity.lock(secret, PASSPHRASE, passes=1)
    (folder / "identity").write_bytes(locked.to_bytes())
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    return Reviewer(folder, secret.name)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path)


def test_what_was_released_and_withdrawn_is_accounted_for_at_every_later_import(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = str(place.site.folder)
    both = [reviewer(tmp_path / f"machine {n}", n) for n in (1, 2)]
    (tmp_path / "roots").write_bytes(place.panel.roster.roots.to_bytes())
    trust = ("--roots", str(tmp_path / "roots"), "--policy", str(place.site.log_policy_path))
    bundles = (tmp_path / f"bundle {n}" for n in range(9))

    def collected() -> None:
        """Cosigned, collected, and taken in by both with all seven checks."""
        assert run(["cosign", site]) == 0
        bundle = str(next(bundles))
        assert run(["collect", site, bundle]) == 0
        for one in both:
            capsys.readouterr()
            assert one("import", bundle, *trust) == 0, capsys.readouterr().out
            assert "all seven checks hold" in capsys.readouterr().out

    late = Author.fresh(NOW)
    place.send(late)
    collected()
    store = Store.open(place.site.store_path)
    assert store.withdraw([author.withdraw for author in (place.authors[0], late)], NOW) == 2
    store.close()
    collected()  # the withdrawals are promised, and their objects are not there
    statement, signed = str(tmp_path / "one"), str(tmp_path / "two")
    assert both[0]("confirm", statement) == 0
    assert both[1]("confirm", signed, "--with", statement) == 0
    assert capsys.readouterr().out.endswith("2 objects confirmed by r1, r2\n")
    assert run(["release", site, statement]) == 1
    assert run(["release", site, signed]) == 0
    assert "released 2 submissions, confirmed by r1, r2\n" in capsys.readouterr().out
    assert place.state()[0] == set()
    collected()  # the week of the release is not over: its statement and its event are there
    assert both[0]("list") == 0
    listed = capsys.readouterr().out
    assert listed.count("withdrawn") == 2
    assert listed.count("new") == 2
