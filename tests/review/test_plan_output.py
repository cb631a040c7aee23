"""Reports and packages out of a case: planned by one reviewer, built again and signed by the other."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from intake.age import HybridIdentity, decrypt_bytes
from intake.epoch import Epoch
from intake.errors import ConsentError, GateError, MalformedError, ProofError, WrongKeyError
from intake.review import gates, retaining
from intake.review.case import Case
from intake.review.case_files import key_of_all
from intake.review.coding.account import Act, Coding, Quote
from intake.review.outgoing import sign_off, waiting, waiting_for
from intake.review.plan import Plan
from intake.review.plan_output import planned
from intake.review.redacting import Redaction
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.planned import MARCH, plan
from tests.review.two_people import Pair, check_list


def extract(item: str, words: str = "Somebody told of it.") -> str:
    return (
        f'method = ["As they were sent."]\n[[extracts]]\nitem = "{item}"\npath = "narrative"\n'
        f'start = 0\nend = 8\nrewritten = "{words}"\n'
    )


FORMS: dict[str, tuple[str, Callable[[list[str]], str], bytes]] = {
    "report": ("publish", lambda items: extract(items[0]), b"%PDF-"),
    "statistics": ("stats", lambda _: "", b"PK"),
    "uwazi": ("publish", lambda _: "", b"PK"),
    "events": ("investigators", lambda _: 'agreement = "signed in W40"\n', b"PK"),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_one_planned_both_build_and_sign_and_it_leaves(
    desk: Desk, worked: tuple[Pair, list[str]], form: str
) -> None:
    pair, items = worked
    alone = replace(desk, worked=False)
    purpose, more, start = FORMS[form]
    path = desk.folder / "plan.toml"
    path.write_text(plan(form, purpose, items, more(items)), encoding="utf-8")
    code, out, err = alone("build", str(path))
    assert (code, err) == (0, "")
    digest = out.split()[0]
    target = desk.folder / "out"
    code, _, err = alone("export", digest, str(target))
    assert (code, "only r1 did" in err) == (1, True)
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        raw = bytes.fromhex(digest.removeprefix("sha256:"))
        assert sign_off(case, waiting_for(case, raw), raw).digest == raw
    pair.sync(2)
    pair.sync(1)
    code, out, _ = alone("outputs")
    assert (code, out.split()[:4]) == (0, [digest, form, "for", purpose])
    assert "signed by r1, r2" in out
    code, out, _ = alone("export", digest, str(target))
    assert (code, out.startswith("6 items, for ")) == (0, True)
    content = target.read_bytes()
    assert content.startswith(start)
    assert b"Zaur" not in content
    if start == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            assert not any(b"Zaur" in files.read(name) for name in files.namelist())
    with pair.case(1) as case:
        assert all(len(case.exports(item)) == 1 for item in items)


def test_a_machine_with_other_records_builds_another_file_and_signs_nothing(
    desk: Desk, worked: tuple[Pair, list[str]]
) -> None:
    """r1 has coded anew since; once r2 has that too, the file that waits is not what comes out."""
    pair, items = worked
    path = desk.folder / "plan.toml"
    path.write_text(plan("statistics", "stats", items), encoding="utf-8")
    code, out, _ = replace(desk, worked=False)("build", str(path))
    assert code == 0
    raw = bytes.fromhex(out.split()[0].removeprefix("sha256:"))
    with pair.case(1) as case:
        other = Act(1, "act.abduction", (Quote("narrative", 0, 4),), when=MARCH)
        for item in items:
            gates.code(case, item, Coding((other,), relation="r.self"))
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        assert [one for one, _, _ in waiting(case)] == [raw]
        with pytest.raises(GateError, match="builds another file"):
            sign_off(case, waiting_for(case, raw), raw)
        with pytest.raises(MalformedError, match="no such file waits"):
            waiting_for(case, bytes(32))


def test_an_item_that_may_not_be_in_it_stops_the_whole(
    desk: Desk, worked: tuple[Pair, list[str]]
) -> None:
    pair, items = worked
    path = desk.folder / "plan.toml"
    path.write_text(plan("uwazi", "publish", items[:1], "verbatim = true\n"), encoding="utf-8")
    with pair.case(1) as case:
        envelope = case.entry(items[0]).opening.envelope
        gates.redact(case, items[0], Redaction(envelope, 2, (), (), "r1"))
        check_list(case, items[0])
    code, _, _ = replace(desk, worked=False)("build", str(path))
    assert code == 0, "nothing is taken out any more, and nothing refuses it"
    path.write_text(plan("report", "publish", items[:1], extract(items[0])), encoding="utf-8")
    code, _, err = replace(desk, worked=False)("build", str(path))
    assert (code, "fewer than 5 accounts" in err) == (1, True)
    path.write_text(plan("wgad", "investigators", items[:1]), encoding="utf-8")
    code, _, err = replace(desk, worked=False)("build", str(path))
    assert code == 1


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "",
        'form = "report"\n',
        plan("report", "sale", ["a"]),
        plan("poem", "publish", ["a"]),
        plan("report", "publish", ["a"]) + "more = 1\n",
        plan("report", "publish", ["a"]) + 'extracts = [{item = "a"}]\n',
        plan("report", "publish", ["a"]) + "findings = [1]\n",
        "x" * 200_001,
        "a = \ud800",
    ],
)
def test_what_is_no_plan_is_refused_without_a_word_of_it(text: str) -> None:
    with pytest.raises(MalformedError):
        Plan.parse(text)


def everything_that_opens(case: Case, panel: Panel) -> bytes:
    """All that whoever has the folder and the identities of the whole panel can read."""
    seeds = [
        decrypt_bytes(path.read_bytes(), panel.identities)
        for path in case.folder.glob("items/*/key.age")
    ]
    keys = [HybridIdentity.from_seed(seed) for seed in seeds]
    known = [*panel.identities, *keys, key_of_all(keys)]
    found = list[bytes]()
    for path in case.folder.rglob("*.age"):
        with suppress(WrongKeyError):
            found.append(decrypt_bytes(path.read_bytes(), known))
    return b"".join(found)


def test_what_was_told_in_other_words_goes_with_the_item_in_both_copies(
    worked: tuple[Pair, list[str]],
) -> None:
    """The records of an output stay, and open for every reviewer: no retelling may be in them."""
    pair, items = worked
    words = "A man was taken away in March."
    with pair.case(1) as case:
        output = planned(case, plan("report", "publish", items, extract(items[0], words)))
        digest = sign_off(case, output).digest
        assert words.encode() in everything_that_opens(case, pair.panel)
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        assert sign_off(case, waiting_for(case, digest), digest).digest == digest
        assert words.encode() in everything_that_opens(case, pair.panel)
    with pair.case(1) as case:
        retaining.keep_until(case, items[1], Epoch.now().previous)
        retaining.erase(case, items[1], Epoch.now())
    for number in (1, 2, 1):
        pair.sync(number)
    for number in (1, 2):
        with pair.case(number) as case:
            opened = everything_that_opens(case, pair.panel)
            assert b"act.torture" in opened, "of the other items all is there"
            assert words.encode() not in opened
            left = waiting_for(case, digest)
            assert (left.form, len(left.items), "plan" in dict(left.details)) == (
                "report",
                6,
                False,
            )
            with pytest.raises(ConsentError, match="erased"):
                sign_off(case, left, digest)


def test_a_plan_that_is_not_the_signed_one_is_not_built(worked: tuple[Pair, list[str]]) -> None:
    pair, items = worked
    with pair.case(1) as case:
        digest = sign_off(case, planned(case, plan("statistics", "stats", items))).digest
        other = plan("statistics", "stats", items, 'urgency = "none"\n')
        case.files.words_of_output(digest, items).add("plan", other)
        with pytest.raises(ProofError, match="not the one that was signed"):
            waiting_for(case, digest)
