"""From sending to letting go, with the commands that people type: nothing is lost on the way."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.accept import Acceptor
from intake.author import Author
from intake.cli import run
from intake.container import Mode
from intake.epoch import Epoch
from intake.opening import Opening
from intake.review.keys import LockedIdentity, ReviewerSecret
from intake.seal import seal
from intake.store import Store
from intake.testimony import Testimony
from intake.web.site import Site
from tests.panel import Panel, seed
from tests.web.serving import site_in

TODAY = dt.datetime.now(dt.UTC).date()
NOW = Epoch.of(TODAY)
Say = Callable[..., tuple[int, str]]


def submit(site: Site, panel: Panel, store: Store) -> tuple[Opening, Author]:
    testimony = Testimony.from_answers("ru", {"narrative": "Ӏумар сказал"}, {"stats", "publish"})
    author = Author.fresh(NOW)
    letter = seal(testimony, panel.roster, mode=Mode.TOOL, today=TODAY, author=author)
    opening = Acceptor(store, site).accept_letter(letter)
    assert opening is not None
    return opening, author


@pytest.fixture
def desks(tmp_path: Path, capsys: pytest.CaptureFixture[str], derived_once: None) -> list[Say]:
    """Two reviewers on two machines."""

    def sitting(number: int) -> Say:
        folder = tmp_path / f"machine{number}"
        folder.mkdir()
        secret = ReviewerSecret(f"r{number}", seed(f"reviewer {number}"), seed(f"signer {number}"))
        (folder / "identity").write_bytes(
            LockedIdentity.lock(secret, "four plain test words", passes=1).to_bytes()
        )
        (folder / "passphrase").write_text("four plain test words\n")
        common = (
            *("--case", str(folder / "case"), "--identity", str(folder / "identity")),
            *("--passphrase-file", str(folder / "passphrase")),
        )

        def say(*words: str) -> tuple[int, str]:
            code = run(["review", *words, *common])
            told = capsys.readouterr()
            return code, told.out + told.err

        return say

    return [sitting(1), sitting(2)]


def test_what_two_reviewers_hold_is_let_go_and_every_later_import_is_whole(
    tmp_path: Path, desks: list[Say]
) -> None:
    site, panel = site_in(tmp_path / "site")
    store = Store.open(site.store_path)
    kept, _ = submit(site, panel, store)
    taken, author = submit(site, panel, store)
    place, policy, roots = str(site.folder), str(site.log_policy_path), tmp_path / "roots"
    roots.write_bytes(panel.roster.roots.to_bytes())

    def collected(name: str) -> str:
        assert run(["collect", place, str(tmp_path / name)]) == 0
        return str(tmp_path / name)

    assert run(["epoch", place, "--now"]) == 0
    assert run(["cosign", place]) == 0
    fresh, _ = submit(site, panel, store)
    bundle = collected("first")
    for say in desks:
        code, out = say("import", bundle, "--roots", str(roots), "--policy", policy)
        assert (code, "all seven checks hold\n1 objects are not yet logged\n" in out) == (0, True)

    # The author takes one back, and two reviewers confirm what they hold of the rest.
    assert store.withdraw([author.withdraw], NOW) == 1
    one, both = str(tmp_path / "one"), str(tmp_path / "both")
    second = collected("second")
    for say in desks:
        assert say("import", second)[0] == 0
    code, out = desks[0]("confirm", one)
    assert (code, "1 objects confirmed by r1" in out, "not yet logged: 1" in out) == (0, True, True)
    assert run(["release", place, one]) == 1, "one is not enough"
    code, out = desks[1]("confirm", both, "--with", one)
    assert (code, "1 objects confirmed by r1, r2" in out) == (0, True)
    assert run(["release", place, both]) == 0
    assert [Opening.parse(data) for data in store.sizes()] == [fresh]

    # Before and after the collection stands in the log, all is accounted for.
    for say in desks:
        code, out = say("import", collected(f"third{id(say)}"))
        assert (code, "all seven checks hold" in out) == (0, True)
    code, out = desks[0]("list")
    states = {row.split()[0]: row.rstrip() for row in out.splitlines()}
    assert states[kept.envelope.hex()[:12]].endswith("  new")
    assert states[taken.envelope.hex()[:12]].endswith("  withdrawn")
    assert states[fresh.envelope.hex()[:12]].endswith("  new, not yet logged")
    store.close()
