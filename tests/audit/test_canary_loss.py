"""What an auditor learns of loss: which canaries came, which did not, and what that bounds."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake.audit.canary_loss import bound_of
from intake.audit.canary_state import Canary, CanaryFolder, Outcome, Way
from intake.audit.report_inputs import CanaryResult
from intake.author import Author
from intake.canaries import CanaryAnswer, CanaryList
from intake.cli import run
from intake.epoch import Epoch
from intake.reviewer import Revocation, recipient_hash
from intake.roots import RootSet
from intake.tlog.entries import Blinded
from intake.tlog.note import Algorithm, Note, Signer
from tests.audit.holder import opening, week_with
from tests.audit.log_site import BEGINNING, THIS, LogSite, closed, log_site, weeks_ago, write_policy
from tests.panel import DEPLOYMENT, Panel, make_panel, root_signers, seed, sign
from tests.ports import free_port

LAST, BEFORE = weeks_ago(1), weeks_ago(2)
SIGNER = Signer("r1", Algorithm.ED25519, seed("signer 1"))


@dataclass
class Auditor:
    """Somebody with a folder of canaries, and the answers that came."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    panel: Panel = field(default_factory=make_panel)
    answers: list[str] = field(default_factory=list)

    @property
    def state(self) -> CanaryFolder:
        return CanaryFolder(self.folder / "state")

    def sent(
        self, epoch: Epoch = LAST, way: Way = Way.FORM, outcome: Outcome = Outcome.SENT
    ) -> Canary:
        """One more canary of a week."""
        author = Author.fresh(epoch)
        known = replace(opening(epoch), withdraw_commit=author.withdraw_commit)
        made = known if way is Way.SCRIPT else None
        canary = Canary(DEPLOYMENT, epoch, way, author, bytes(32), made, outcome)
        with self.state.locked():
            self.state.keep(canary)
        return canary

    def answered(
        self,
        *found: Canary,
        epoch: Epoch = LAST,
        to: CanaryList | None = None,
        signer: Signer = SIGNER,
    ) -> None:
        """An answer of the first reviewer that has exactly these."""
        commits = frozenset(one.commit for one in found)
        made = CanaryAnswer.to(to or self.state.list_of(epoch), commits, signer.name)
        note = Note(made.to_bytes(), (signer.sign(made.to_bytes()),))
        path = self.folder / f"answer {len(self.answers)}"
        path.write_bytes(note.to_bytes())
        self.answers += "--answer", str(path)

    def roots(self) -> Path:
        """The root holders' keys, as a partner gave them."""
        path = self.folder / "roots"
        path.write_bytes(self.panel.roster.roots.to_bytes())
        return path

    def check(self, *options: str, code: int = 0) -> list[str]:
        """The lines that the command says; of an error, its phrase."""
        (self.folder / "roster").write_bytes(self.panel.note)
        self.capsys.readouterr()
        words = ["audit", "canary", "check", "--state", str(self.folder / "state"), *self.answers]
        words += ["--roster", str(self.folder / "roster"), "--roots", str(self.roots())]
        assert run([*words, *options]) == code
        said = self.capsys.readouterr()
        return (said.out or said.err).splitlines()


@pytest.fixture
def auditor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Auditor:
    return Auditor(tmp_path, capsys)


def test_none_lost_of_thirty_bounds_the_loss_at_ten_percent(auditor: Auditor) -> None:
    """As issue and design have it: 3/n."""
    auditor.answered(*(auditor.sent() for _ in range(30)))
    assert auditor.check() == [
        f"{LAST}: 30 sent, 30 found by reviewers, 0 lost",
        "0 of 30 canaries lost: at most 10 % of testimonies are, with 95% confidence",
    ]


def test_one_that_did_not_come_is_a_loss_and_exit_1(auditor: Auditor) -> None:
    """The bound is then the exact one, above 3/n and above the share that was lost."""
    came = [auditor.sent() for _ in range(9)]
    auditor.sent()
    auditor.answered(*came)
    week, conclusion = auditor.check(code=1)
    assert week == f"{LAST}: 10 sent, 9 found by reviewers, 1 lost"
    assert conclusion.startswith("1 of 10 canaries lost: at most 39.4 % of")


def test_each_week_stands_alone_and_all_weeks_together_bound(auditor: Auditor) -> None:
    """A canary of one week is not looked for in the answer of another."""
    early, late = auditor.sent(BEFORE), auditor.sent(LAST)
    auditor.answered(early, epoch=BEFORE)
    auditor.answered(early, epoch=LAST)
    assert auditor.check(code=1)[:2] == [
        f"{BEFORE}: 1 sent, 1 found by reviewers, 0 lost",
        f"{LAST}: 1 sent, 0 found by reviewers, 1 lost",
    ]
    auditor.answered(late, epoch=LAST)
    assert auditor.check()[1] == f"{LAST}: 1 sent, 1 found by reviewers, 0 lost"


def test_what_nobody_can_know_is_named_and_not_counted(auditor: Auditor) -> None:
    """Not yet answered, perhaps never arrived, refused aloud, or of a week that goes on."""
    auditor.sent()
    auditor.sent(outcome=Outcome.UNKNOWN)
    auditor.sent(outcome=Outcome.REFUSED)
    auditor.sent(THIS)
    assert auditor.check() == [
        f"{LAST}: 1 sent, 0 found by reviewers, 0 lost, 1 not answered, 1 unsure, 1 refused",
        "of no canary is it known whether it arrived: this says nothing",
    ]
    auditor.answered()
    assert auditor.check(code=1)[0].startswith(
        f"{LAST}: 1 sent, 0 found by reviewers, 1 lost, 1 unsure"
    )


def test_an_unsure_one_that_came_counts_neither_way(auditor: Auditor) -> None:
    """Counting it only where it came would make the loss look smaller than it is."""
    auditor.answered(auditor.sent(outcome=Outcome.UNKNOWN), auditor.sent())
    assert auditor.check()[-1].startswith("0 of 1 canaries lost: at most 100 % of")


def test_the_report_reads_the_numbers(auditor: Auditor) -> None:
    """--json is what `intake audit report` takes."""
    came = [auditor.sent(way=way) for way in (Way.SCRIPT, Way.SCRIPT, Way.FORM)]
    auditor.sent()
    auditor.answered(*came)
    (line,) = auditor.check("--json", code=1)
    told = json.loads(line)
    read = CanaryResult.parse(line.encode())
    assert (read.deployment, read.epoch, read.sent, read.lost) == (DEPLOYMENT, THIS, 4, 1)
    assert told["bound"] == bound_of(4, 1)
    assert told["log"] is False
    assert told["weeks"] == [
        {
            "epoch": str(LAST),
            "sent": 4,
            "known": 2,
            "logged": 0,
            "found": 3,
            "lost": 1,
            "unanswered": 0,
            "unsure": 0,
            "refused": 0,
        }
    ]


def test_an_answer_counts_only_of_a_reviewer_and_to_the_auditors_list(auditor: Auditor) -> None:
    """Or the site could answer in the reviewers' place, or to a list without what it dropped."""
    one = auditor.sent()
    auditor.sent()
    short = CanaryList.of(DEPLOYMENT, LAST, [one.mark], [])
    auditor.answered(one, to=short)
    assert f"is to another list of {LAST}" in auditor.check(code=1)[0]
    auditor.answers.clear()
    stranger = Signer("r1", Algorithm.ED25519, seed("stranger"))
    auditor.answered(one, signer=stranger)
    assert "not signed by reviewer r1" in auditor.check(code=1)[0]
    auditor.answers.clear()
    auditor.answered(one, to=CanaryList.of("other-abcdefgh", LAST, [one.mark], []))
    assert "about another site" in auditor.check(code=1)[0]
    auditor.answers.clear()
    other = make_panel(deployment="other-abcdefgh")
    auditor.panel = other
    assert "is of deployment other-abcdefgh, not" in auditor.check(code=1)[0]


def test_a_roster_of_before_still_names_who_answered(auditor: Auditor) -> None:
    """Reviewers answer when a week is over, and their roster may be, too."""
    ago = auditor.panel.roster.issued - timedelta(days=60)
    roster = replace(auditor.panel.roster, issued=ago, expires=ago + timedelta(days=30))
    auditor.panel = replace(auditor.panel, roster=roster)
    auditor.answered(auditor.sent())
    assert auditor.check()[0] == f"{LAST}: 1 sent, 1 found by reviewers, 0 lost"


def test_a_roster_that_the_site_made_itself_names_no_reviewer(auditor: Auditor) -> None:
    """Its own root keys signed it, and whoever it names found all that was sent."""
    auditor.answered(auditor.sent())
    assert auditor.check()[0] == f"{LAST}: 1 sent, 1 found by reviewers, 0 lost"
    own = RootSet(2, tuple(s.vkey for n in (5, 6, 7) for s in root_signers(n)))
    made = sign(replace(auditor.panel.roster, roots=own), (5, 6))
    (auditor.folder / "roster").write_bytes(made)
    words = ["audit", "canary", "check", "--state", str(auditor.folder / "state")]
    words += ["--roster", str(auditor.folder / "roster"), *auditor.answers]
    digits = auditor.panel.roster.roots.fingerprint
    for options, code, says in (
        (["--roots", str(auditor.roots())], 1, "signed by 0 of the 2 root holders"),
        (["--fingerprint", digits], 1, "have another fingerprint"),
        ([], 2, "--roster needs --roots or --fingerprint"),
        (["--roots", str(auditor.roots()), "--fingerprint", digits], 2, "either --roots or"),
    ):
        auditor.capsys.readouterr()
        assert run([*words, *options]) == code
        assert says in auditor.capsys.readouterr().err


def test_a_reviewer_whose_key_was_stolen_answers_for_nobody(auditor: Auditor) -> None:
    """Nor beside another recipient, in a later roster; one that is only retired did answer."""
    auditor.answered(auditor.sent())
    roster = auditor.panel.roster
    gone, *others = roster.reviewers
    later = make_panel(1, first=7).roster.reviewers[0]
    for reason, instead, believed in (
        ("retired", (), True),
        ("compromised", (), False),
        ("compromised", (replace(later, name=gone.name, signer=gone.signer),), False),
    ):
        row = Revocation(gone.name, recipient_hash(gone.recipient), roster.issued, reason)
        following = replace(
            roster,
            version=2,
            previous=roster.digest,
            reviewers=(*others, *instead),
            revoked=(row,),
        )
        path = auditor.folder / "roster2"
        path.write_bytes(sign(following))
        said = auditor.check("--roster", str(path), code=0 if believed else 1)
        if not believed:
            assert "not signed by reviewer r1" in said[0]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LogSite]:
    with log_site(tmp_path / "log") as running:
        yield running


def entry(canary: Canary, week: Epoch = LAST) -> bytes:
    assert canary.opening is not None
    return Blinded(canary.opening.taken_in(week).commit).to_bytes()


def looking(auditor: Auditor, site: LogSite) -> list[str]:
    return ["--policy", str(write_policy(auditor.folder)), "--url", site.url]


def test_the_log_shows_a_canary_whose_opening_is_known(auditor: Auditor, site: LogSite) -> None:
    """Of those that the server sealed it cannot be said; one may be taken in the week after."""
    one, other = auditor.sent(way=Way.SCRIPT), auditor.sent(way=Way.SCRIPT)
    auditor.sent()
    site.publish([*BEGINNING, *week_with(entry(one), LAST), *week_with(entry(other, THIS), THIS)])
    auditor.answered(one, other)
    assert auditor.check(*looking(auditor, site), code=1)[0] == (
        f"{LAST}: 3 sent, 2 of 2 in the log, 2 found by reviewers, 1 lost"
    )


def test_what_the_log_goes_past_is_lost_before_anybody_answers(
    auditor: Auditor, site: LogSite
) -> None:
    """Once the week after is closed too, it cannot come any more."""
    one = auditor.sent(way=Way.SCRIPT)
    auditor.sent(way=Way.SCRIPT)
    auditor.sent()
    site.publish([*BEGINNING, *week_with(entry(one), LAST)])
    line = auditor.check(*looking(auditor, site))[0]
    assert (
        line == f"{LAST}: 3 sent, 1 of 2 in the log, 0 found by reviewers, 0 lost, 3 not answered"
    )
    site.publish([*site.entries, *closed(THIS)])
    line = auditor.check(*looking(auditor, site), code=1)[0]
    assert (
        line == f"{LAST}: 3 sent, 1 of 2 in the log, 0 found by reviewers, 1 lost, 2 not answered"
    )


def test_a_log_that_nobody_vouches_for_says_nothing(auditor: Auditor, site: LogSite) -> None:
    """Nor one that cannot be asked, or one asked without a policy."""
    auditor.sent(way=Way.SCRIPT)
    site.publish([*BEGINNING, *closed(LAST)], witnesses=())
    assert "quorum" in auditor.check(*looking(auditor, site), code=1)[0]
    dead = ["--policy", str(write_policy(auditor.folder))]
    auditor.check(*dead, "--url", f"http://127.0.0.1:{free_port()}", code=2)
    auditor.check(*dead, code=2)


def test_a_list_is_revealed_once_its_week_is_over(auditor: Auditor) -> None:
    """Its digits are those that the reviewers compare; a week without canaries has a list too."""
    one = auditor.sent()
    doubtful = auditor.sent(outcome=Outcome.UNKNOWN)
    refused = auditor.sent(outcome=Outcome.REFUSED)
    auditor.sent(THIS)
    out = auditor.folder / "list"
    words = ["audit", "canary", "reveal", str(out), "--state", str(auditor.folder / "state")]
    assert run([*words, "--epoch", str(THIS)]) == 1
    assert f"{THIS} is not over" in auditor.capsys.readouterr().err
    assert not out.exists()
    assert run([*words, "--epoch", str(LAST)]) == 0
    made = CanaryList.parse(out.read_bytes())
    assert made.sent == (one.mark,)
    assert set(made.unsure) == {doubtful.mark, refused.mark}
    said = auditor.capsys.readouterr().out.splitlines()
    assert said == [f"3 canaries of {LAST}, 2 of them unsure", f"digits: {made.digits}"]
    assert run([*words, "--epoch", str(LAST)]) == 1, "nothing is overwritten"
    out.unlink()
    assert run([*words, "--epoch", str(BEFORE)]) == 0
    assert out.read_bytes().endswith(b"\nnone\n")


def test_a_folder_without_canaries_or_with_a_damaged_one_is_an_error(auditor: Auditor) -> None:
    """A canary less would make a test a testimony."""
    assert "no canary was ever sent" in auditor.check(code=1)[0]
    canary = auditor.sent()
    path = auditor.folder / "state" / f"{canary.name}.json"
    path.rename(path.with_name(f"{'0' * 32}.json"))
    assert "is damaged" in auditor.check(code=1)[0]
    path.with_name(f"{'0' * 32}.json").write_bytes(b"{}")
    assert "is damaged" in auditor.check(code=1)[0]


@pytest.mark.parametrize(("n", "bound"), [(0, 1), (2, 1), (3, 1), (30, 0.1), (300, 0.01)])
def test_without_loss_the_bound_is_three_over_n(n: int, bound: float) -> None:
    assert bound_of(n, 0) == pytest.approx(bound)


@pytest.mark.parametrize(("n", "lost"), [(2, 1), (10, 1), (30, 1), (30, 7), (300, 299), (5000, 40)])
def test_with_loss_it_is_the_share_at_which_so_few_would_be_lost_once_in_twenty(
    n: int, lost: int
) -> None:
    """By the definition, in exact binomials; and just below it, more often."""
    share = bound_of(n, lost)
    chance = [
        math.fsum(
            math.exp(math.log(math.comb(n, k)) + k * math.log(p) + (n - k) * math.log1p(-p))
            for k in range(lost + 1)
        )
        for p in (share, share - 1e-6)
    ]
    assert chance[0] == pytest.approx(0.05, abs=1e-9)
    assert chance[1] > 0.05
    assert lost / n < share < 1
    assert bound_of(n, n) == 1
    with pytest.raises(ValueError):
        bound_of(n, n + 1)
