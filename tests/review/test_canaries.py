"""What reviewers can rely on about the auditor's tests: none is taken for a testimony, nor the reverse."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from intake.author import Author
from intake.canaries import CanaryAnswer, CanaryList, Mark
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import ConsentError, ProofError, StoreError
from intake.review.canaries import Canaries, check_revealed, check_testimony, keep_list
from intake.review.case import Case
from intake.seal import seal
from intake.testimony import Testimony
from intake.tlog.note import Note
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.workroom import MARKER, NOW, TODAY, Room, Sealed, sealed_item

LAST = NOW.previous
TEXT = "Это написано для проверки"


def sealed_by(panel: Panel, author: Author, text: str = TEXT) -> Sealed:
    """A submission with these secrets, as a form without script makes it."""
    agreed = {"stats", "publish", "investigators", "courts"}
    testimony = Testimony.from_answers("ru", {"narrative": text}, agreed)
    letter = seal(testimony, panel.roster, mode=Mode.SERVER, today=TODAY, author=author)
    return letter.head.opening, letter.sealed


def mark_of(author: Author, text: str = TEXT) -> Mark:
    return Mark(author.withdraw, sha256(text.encode()).digest())


@dataclass
class Auditor:
    """Somebody who gives reviewers lists, and reads their answers."""

    desk: Desk

    def list_of(
        self, *sent: Author, epoch: Epoch = LAST, unsure: tuple[Author, ...] = ()
    ) -> CanaryList:
        deployment = self.desk.panel.roster.deployment
        return CanaryList.of(deployment, epoch, map(mark_of, sent), map(mark_of, unsure))

    def give(
        self, canaries: CanaryList, name: str = "answer", digits: str = ""
    ) -> tuple[int, str, str]:
        path = self.desk.folder / "list"
        path.write_bytes(canaries.to_bytes())
        told = "--digits", digits or canaries.digits
        return self.desk("canaries", str(path), *told, "--answer", str(self.desk.folder / name))

    def answer(self, name: str = "answer") -> CanaryAnswer:
        note = Note.parse((self.desk.folder / name).read_bytes())
        signers = [reviewer.signer for reviewer in self.desk.panel.roster.reviewers]
        return CanaryAnswer.open(note, signers)


@pytest.fixture
def auditor(desk: Desk) -> Auditor:
    return Auditor(replace(desk, revealed=False))


def import_into(desk: Desk, *items: Sealed) -> list[str]:
    """Import these; their ids."""
    assert desk("import", desk.bundle(*items), "--roots", desk.roots)[0] == 0
    return [sha256(sealed).hexdigest()[:12] for _, sealed in items]


def state_of(desk: Desk, item: str) -> str:
    """The state in which `list` shows an item."""
    return next(row.split()[7] for row in desk("list")[1].splitlines() if row.startswith(item))


def test_a_canary_is_found_shown_as_one_and_never_leaves(auditor: Auditor) -> None:
    """It can be looked at; a testimony beside it is as before."""
    desk, author = auditor.desk, Author.fresh(NOW)
    mine, other = import_into(desk, sealed_by(desk.panel, author), sealed_item(desk.panel.roster))
    assert state_of(desk, mine) == "new"
    code, out, err = auditor.give(auditor.list_of(author))
    lines = [f"{mine}  canary", f"{LAST}: 1 canaries found, 0 missing"]
    assert (code, out.splitlines(), err) == (0, lines, "")
    assert auditor.answer().found == (author.withdraw_commit,)
    assert auditor.answer().missing == ()
    assert (state_of(desk, mine), state_of(desk, other)) == ("canary", "new")
    assert desk("show", mine)[0] == 0
    out_file = str(desk.folder / "out")
    for words in (
        ("redact", mine, "--rules"),
        ("export", mine, out_file, "--for", "publish"),
        ("export", mine, out_file, "--for", "stats", "--format", "json"),
    ):
        code, _, err = desk(*words)
        assert (code, "this item is a canary" in err) == (1, True), words
    assert desk("redact", other, "--rules")[0] == 0
    assert not Path(out_file).exists()


def test_nothing_leaves_before_the_weeks_list_is_in(auditor: Auditor) -> None:
    """A list without canaries lets it go, too; one of another week does not."""
    desk = auditor.desk
    (item,) = import_into(desk, sealed_item(desk.panel.roster))
    assert desk("redact", item, "--rules")[0] == 0
    words = ("export", item, str(desk.folder / "out"), "--for", "publish")
    until = (NOW.end + dt.timedelta(days=14)).date().isoformat()
    assert auditor.give(auditor.list_of(), "answer 1")[0] == 0
    code, _, err = desk(*words)
    assert code == 1
    assert f"the auditor's list of canaries of {NOW} is not in this case" in err
    assert f"wait until {until}" in err
    assert auditor.give(auditor.list_of(epoch=NOW), "answer 2")[0] == 0
    assert desk(*words)[0] == 0


def test_after_two_weeks_an_auditor_who_says_nothing_holds_nobody_up(room: Room) -> None:
    """From the very moment on."""
    opening, sealed = sealed_item(room.panel.roster)
    room.take((opening, sealed))
    until = NOW.end + dt.timedelta(days=14)
    with room.case() as case:
        check_revealed(case, opening, until)
        with pytest.raises(ProofError):
            check_revealed(case, opening, until - dt.timedelta(microseconds=1))


def test_one_that_did_not_come_is_an_alarm_and_named_to_the_auditor(auditor: Auditor) -> None:
    """Exit 1, in words for people; the list is in all the same."""
    desk, came, lost = auditor.desk, Author.fresh(NOW), Author.fresh(NOW)
    import_into(desk, sealed_by(desk.panel, came))
    code, out, err = auditor.give(auditor.list_of(came, lost))
    assert code == 1
    assert f"a testimony that was sent in {LAST} did not reach you" in out.splitlines()
    assert out.endswith(f"{LAST}: 1 canaries found, 1 missing\n")
    assert "did not all arrive" in err
    answer = auditor.answer()
    assert (answer.found, answer.missing) == ((came.withdraw_commit,), (lost.withdraw_commit,))
    assert (answer.by, answer.epoch) == ("r1", LAST)
    assert auditor.give(auditor.list_of(came, lost), "another")[0] == 1, "it may be asked again"
    assert auditor.answer("another") == answer


def test_one_that_may_never_have_arrived_is_no_alarm_and_is_found_if_it_did(
    auditor: Auditor,
) -> None:
    desk, came, other = auditor.desk, Author.fresh(NOW), Author.fresh(NOW)
    (item,) = import_into(desk, sealed_by(desk.panel, came))
    assert auditor.give(auditor.list_of(unsure=(came, other)))[0] == 0
    assert auditor.answer().found == (came.withdraw_commit,)
    assert auditor.answer().missing == ()
    assert state_of(desk, item) == "canary"


def test_none_is_called_missing_before_its_week_can_be_there(auditor: Auditor) -> None:
    """Who looks too early is told to import first, and nothing is kept or answered."""
    desk = auditor.desk
    import_into(desk, sealed_item(desk.panel.roster))
    code, _, err = auditor.give(auditor.list_of(Author.fresh(NOW), epoch=NOW))
    assert (code, f"no bundle that was collected after {NOW}" in err) == (1, True)
    assert not (desk.folder / "answer").exists()
    assert not (desk.folder / "case" / "canaries").exists()


def test_a_testimony_with_the_secrets_of_a_canary_is_not_passed_over(auditor: Auditor) -> None:
    """A server that seals for people could give it these, and drop the canary in its place."""
    desk, author = auditor.desk, Author.fresh(NOW)
    (item,) = import_into(desk, sealed_by(desk.panel, author, MARKER))
    code, out, _ = auditor.give(auditor.list_of(author))
    assert code == 1
    assert f"{item}  has the secrets of a canary and another text: it may be a testimony" in out
    assert auditor.answer().missing == (author.withdraw_commit,)
    assert state_of(desk, item) == "new"
    assert desk("redact", item, "--rules")[0] == 0


def test_beside_the_canary_itself_it_is_still_an_alarm(auditor: Auditor) -> None:
    """The canary came, and so did somebody else's text with its secrets."""
    desk, author = auditor.desk, Author.fresh(NOW)
    mine, other = import_into(
        desk, sealed_by(desk.panel, author), sealed_by(desk.panel, author, MARKER)
    )
    code, out, _ = auditor.give(auditor.list_of(author))
    assert (code, f"{mine}  canary" in out, f"{other}  has the secrets" in out) == (1, True, True)
    assert auditor.answer().found == (author.withdraw_commit,)


def test_a_canary_that_cannot_be_opened_did_not_reach_anybody(auditor: Auditor) -> None:
    desk, author = auditor.desk, Author.fresh(NOW)
    opening, sealed = sealed_by(desk.panel, author)
    damaged = sealed[:-1] + bytes([sealed[-1] ^ 1])
    opening = replace(opening, envelope=sha256(damaged).digest())
    assert desk("import", desk.bundle((opening, damaged)), "--roots", desk.roots)[0] == 1
    code, out, _ = auditor.give(auditor.list_of(author))
    assert (code, "could not be opened" in out) == (1, True)
    assert auditor.answer().missing == (author.withdraw_commit,)


def test_a_list_that_is_not_the_auditors_changes_nothing(auditor: Auditor) -> None:
    """By its digits, by its site, by the list of that week which is there already."""
    desk, author = auditor.desk, Author.fresh(NOW)
    (item,) = import_into(desk, sealed_by(desk.panel, author))
    mine, empty = auditor.list_of(author), auditor.list_of()
    code, _, err = auditor.give(mine, digits=empty.digits)
    assert (code, "the list has other digits" in err) == (1, True)
    code, _, err = auditor.give(replace(mine, deployment="other-abcdefgh"))
    assert (code, "of deployment other-abcdefgh" in err) == (1, True)
    assert not (desk.folder / "answer").exists()
    assert state_of(desk, item) == "new"
    assert auditor.give(empty)[0] == 0
    code, _, err = auditor.give(mine, "another")
    assert (code, f"another list of {LAST} is in this case" in err) == (1, True)
    assert empty.digits in err
    assert state_of(desk, item) == "new"
    assert not (desk.folder / "another").exists()


def test_what_comes_after_the_list_is_known_too(room: Room) -> None:
    """A canary sent as its week ended may come with the next bundle."""
    author = Author.fresh(NOW)
    room.take()
    deployment = room.panel.roster.deployment
    with room.case(writing=True) as case:
        keep_list(case, CanaryList.of(deployment, LAST, [mark_of(author)], []))
    (report,) = room.take(sealed_by(room.panel, author))
    with room.case() as case, pytest.raises(ConsentError):
        check_testimony(case, report.item)


def test_a_list_lies_sealed_in_the_case_and_under_its_own_week(room: Room) -> None:
    """Whoever finds the folder learns neither how many canaries there are nor what withdraws one."""
    author = Author.fresh(NOW)
    room.take()
    deployment = room.panel.roster.deployment
    with room.case(writing=True) as case:
        empty = CanaryList(deployment, LAST, ())
        keep_list(case, CanaryList.of(deployment, NOW, [mark_of(author)], []))
        keep_list(case, empty)
        assert Canaries.of(case).lists[LAST] == empty
    paths = sorted((room.folder / "canaries").iterdir())
    assert [path.name for path in paths] == [f"{week}.age" for week in (LAST, NOW)]
    assert len({path.stat().st_size for path in paths}) == 1
    assert all(path.read_bytes().startswith(b"age-encryption.org/v1\n") for path in paths)
    paths[0].write_bytes(paths[1].read_bytes())
    with room.case() as case, pytest.raises(StoreError, match="another week's name"):
        Canaries.of(case)


def test_a_decoy_or_a_plain_testimony_is_no_canary(
    desk: Desk, taken: Callable[[Sealed], str], panel: Panel
) -> None:
    """Without any list, all stays as it was."""
    item = taken(sealed_item(panel.roster))
    with Case.opened(desk.folder / "case", panel.identities[:1], writing=False) as case:
        check_testimony(case, item)
        assert Canaries.of(case).lists == {}
