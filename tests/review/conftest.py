"""Fixtures of the reviewers' side: a room with a case folder, and a locked identity for commands."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from intake.canaries import CanaryList
from intake.cli import run
from intake.errors import IntakeError
from intake.review.canaries import Canaries, keep_list
from intake.review.case import Case
from intake.review.keys import LockedIdentity, ReviewerSecret
from tests.little_log import POLICY
from tests.panel import Panel, seed
from tests.review.planned import work
from tests.review.two_people import Pair, asked
from tests.review.workroom import Room, Sealed, bundle_bytes, sealed_item, weeks

# A machine that is busy with other things is no failure of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

PASSPHRASE = "four plain test words"


@pytest.fixture
def room(panel: Panel, tmp_path: Path) -> Room:
    """The first reviewer, with a case folder that is not there yet."""
    return Room(panel, tmp_path / "case", panel.identities[:1])


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the locked identity of the first reviewer and its passphrase."""
    folder = tmp_path_factory.mktemp("keyring")
    secret = ReviewerSecret("r1", seed("reviewer 1"), seed("signer 1"))
    locked = LockedIdentity.lock(secret, PASSPHRASE, passes=1)
    (folder / "r1.identity").write_bytes(locked.to_bytes())
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    return folder


@dataclass(frozen=True)
class Desk:
    """The command line of one reviewer: each call is one `intake review` command.

    Where `revealed`, the auditor said of every week that there were no canaries. Where `worked`, the
    steps before `redact` and `export` are done first, by two people on two machines.
    """

    panel: Panel
    folder: Path
    common: tuple[str, ...]
    capsys: pytest.CaptureFixture[str]
    revealed: bool = True
    worked: bool = True

    def __call__(self, command: str, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        if command == "export" and self.revealed:
            self.reveal()
        if self.worked and command in {"redact", "export"} and "--list" not in arguments:
            pair = Pair(self.panel, Path(self.common[1]), self.folder)
            pair.read(arguments[0])
            if command == "export":
                pair.sign_off(*asked(arguments))
        policy = ("--policy", self.policy) if command == "import" else ()
        code = run(["review", command, *arguments, *policy, *self.common])
        told = self.capsys.readouterr()
        return code, told.out, told.err

    def reveal(self) -> None:
        """Take in lists without canaries."""
        folder, deployment = Path(self.common[1]), self.panel.roster.deployment
        with (
            suppress(IntakeError),  # there is no case, or it is damaged: the command says so
            Case.opened(
                folder, self.panel.identities[:1], writing=True, signers=self.panel.signers
            ) as case,
        ):
            for week in {weeks(count) for count in range(-9, 2)} - set(Canaries.of(case).lists):
                keep_list(case, CanaryList(deployment, week, ()))

    @property
    def roots(self) -> str:
        path = self.folder / "roots"
        path.write_bytes(self.panel.roster.roots.to_bytes())
        return str(path)

    @property
    def policy(self) -> str:
        path = self.folder / "policy"
        path.write_bytes(POLICY.to_bytes())
        return str(path)

    def bundle(
        self,
        *items: Sealed,
        notes: tuple[bytes, ...] = (),
        unlogged: tuple[Sealed, ...] = (),
    ) -> str:
        return self.written(bundle_bytes(self.panel, *items, notes=notes, unlogged=unlogged))

    def written(self, data: bytes) -> str:
        path = self.folder / "bundle"
        path.write_bytes(data)
        return str(path)


@pytest.fixture
def desk(
    panel: Panel,
    tmp_path: Path,
    keyring: Path,
    capsys: pytest.CaptureFixture[str],
    derived_once: None,
) -> Desk:
    """The first reviewer's command line."""
    common = (
        *("--case", str(tmp_path / "case")),
        *("--identity", str(keyring / "r1.identity")),
        *("--passphrase-file", str(keyring / "passphrase")),
    )
    return Desk(panel, tmp_path, common, capsys)


@pytest.fixture
def taken(desk: Desk) -> Callable[[Sealed], str]:
    """Import one item with the command and give its id."""

    def take(item: Sealed) -> str:
        code, out, _ = desk("import", desk.bundle(item), "--roots", desk.roots)
        assert code == 0
        return out.split()[0]

    return take


@pytest.fixture
def worked(desk: Desk, panel: Panel) -> tuple[Pair, list[str]]:
    """Six items that both have read and the first has coded and redacted; nothing is signed."""
    story = "Zaur told me that they came in the evening, number {}"
    sealed = [sealed_item(panel.roster, story.format(n)) for n in range(6)]
    code, _, _ = desk("import", desk.bundle(*sealed), "--roots", desk.roots)
    assert code == 0
    desk.reveal()
    pair = Pair(panel, desk.folder / "case", desk.folder)
    return pair, work(pair)
