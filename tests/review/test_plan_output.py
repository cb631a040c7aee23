"""Reports and packages out of a case: planned by one reviewer, built again and signed by the other."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from intake.errors import GateError, MalformedError
from intake.review import gates
from intake.review.coding.account import Act, Coding, Quote, When
from intake.review.coding.register import Of, Person
from intake.review.outgoing import sign_off, waiting, waiting_for
from intake.review.panel import Panel as Settled
from intake.review.plan import Plan
from intake.review.redacting import Redaction, Span
from intake.review.registering import enter
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.two_people import READ, READ_TOO, TRIAGED, Pair
from tests.review.workroom import sealed_item

MARCH = When(dt.date(2017, 3, 1), dt.date(2017, 3, 31), "d.month")
STORY = "Zaur told me that they came in the evening, number {}"


@pytest.fixture
def worked(desk: Desk, panel: Panel) -> tuple[Pair, list[str]]:
    """Six items that both have read and the first has coded and redacted; nothing is signed."""
    sealed = [sealed_item(panel.roster, STORY.format(n)) for n in range(6)]
    code, _, _ = desk("import", desk.bundle(*sealed), "--roots", desk.roots)
    assert code == 0
    desk.reveal()
    pair = Pair(panel, desk.folder / "case", desk.folder)
    with pair.case(1) as case:
        settled = 'organisation = "Example Archive"\ncontact = "post@example.org"\n'
        gates.config(case, Settled.parse(settled))
        victim = Person.new(Of.INDIVIDUAL, ["the writer"])
        enter(case, victim)
        items = case.items()
        for item in items:
            for answers in (TRIAGED, READ):
                gates.open_item(case, item)
                gates.answer(case, item, answers)
            quotes = (Quote("narrative", 0, 4),)
            act = Act(1, "act.torture", quotes, victim=victim.name, when=MARCH)
            gates.code(case, item, Coding((act,), relation="r.self"))
            envelope = case.entry(item).opening.envelope
            spans = (Span("narrative", 0, 4, "person"),)
            gates.redact(case, item, Redaction(envelope, 1, spans, (), "r1"))
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        for item in items:
            gates.open_item(case, item)
            gates.answer(case, item, READ_TOO)
    pair.sync(2)
    pair.sync(1)
    return pair, items


def plan(form: str, purpose: str, items: list[str], more: str = "") -> str:
    head = f'form = "{form}"\npurpose = "{purpose}"\nitems = {json.dumps(items)}\n'
    return (
        f'{head}recipient = "to.archive"\nrecipient_name = "An archive"\ntitle = "A title"\n{more}'
    )


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
    code, _, _ = replace(desk, worked=False)("build", str(path))
    assert code == 0, "nothing is taken out any more, and nothing refuses it"
    path.write_text(plan("report", "publish", items[:1], extract(items[0])), encoding="utf-8")
    code, _, err = replace(desk, worked=False)("build", str(path))
    assert (code, "fewer than 5 accounts" in err) == (1, True)
    path.write_text(plan("wgad", "investigators", items[:1]), encoding="utf-8")
    code, _, err = replace(desk, worked=False)("build", str(path))
    assert code == 1
    path.write_text(plan("court", "courts", items[:1]), encoding="utf-8")
    code, _, err = replace(desk, worked=False)("build", str(path))
    assert (code, "not built by this command" in err) == (1, True)


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
