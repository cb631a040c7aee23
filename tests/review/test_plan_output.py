"""Reports and packages out of a case: planned by one reviewer, built again and signed by the other."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from intake.errors import GateError, MalformedError
from intake.review import gates
from intake.review.coding.account import Act, Coding, Quote
from intake.review.outgoing import sign_off, waiting, waiting_for
from intake.review.plan import Plan
from intake.review.redacting import Redaction
from tests.review.conftest import Desk
from tests.review.planned import MARCH, plan
from tests.review.two_people import Pair, check_list


def extract(item: str) -> str:
    return (
        f'method = ["As they were sent."]\n[[extracts]]\nitem = "{item}"\npath = "narrative"\n'
        'start = 0\nend = 8\nrewritten = "Somebody told of it."\n'
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
