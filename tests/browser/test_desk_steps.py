"""The 21 steps by two reviewers with a desk each and one stick, and a shortcut refused at each gate."""

from pathlib import Path

import pytest

from intake.completeness import examine
from intake.container import Level
from intake.errors import GateError
from intake.review.custody import check_stick
from intake.review.importing import import_items
from intake.review.progress import coding_of
from intake.review.standing import known_by
from intake.review.steps import Step
from intake.review.syncing import join
from tests.browser.browsers import Browsers, until
from tests.browser.test_marking import kept, select
from tests.browser.two_desks import Seat, refused, seat
from tests.little_log import POLICY, Little, LittleLog
from tests.panel import Panel
from tests.review.desk.bench import ALL, Bench
from tests.review.desk.conftest import STORY
from tests.review.test_replying import HOLDER
from tests.review.workroom import NOW, container, seal_container, under

TYPED = "Дверь, ступени, железо."
# A form that the page of an output does not have, sent all the same.
FORGED = """([where, path]) => {
  const form = document.querySelector("#lock").cloneNode(true);
  form.action = where + "/leave";
  const field = document.createElement("input");
  field.name = "path"; field.value = path;
  form.append(field);
  document.body.append(form);
  form.submit();
}"""


def settle_and_import(one: Seat, panel: Panel) -> str:
    """Steps 1 to 5: the panel takes all steps, the stick's way is written down, the bundle comes in."""
    one.go("/panel")
    one.tab.page.fill("#text", ALL)
    one.press(".pane button.main")
    until(lambda: ALL.strip() in one.tab.value("#text"), "the panel")
    box = under(
        HOLDER, container(("narrative", STORY), roster=panel.roster), **dict.fromkeys(Level, True)
    )
    story = seal_container(box, panel.roster)
    log = LittleLog().with_rosters(panel.note).close(NOW, story[0])
    little = Little(panel, log, (story,), (), notes=())
    case = one.case()
    with little.bundle() as bundle:
        _, checked = examine(bundle, known_by(case, bundle, POLICY))
        assert checked is not None
        with pytest.raises(GateError) as caught:
            check_stick(case, checked)
        refused(caught.value, "collection", "way", "not checked this week")
        for act, fields in {
            "collect": {
                "stick": "7",
                "size": str(checked.size),
                "root": checked.root.hex(),
                "count": "1",
            },
            "handover": {"stick": "7", "from": "courier", "to": "reviewer"},
            "session": {"hash": f"sha256:{'ab' * 32}"},
            "incident": {"subject": "seal"},
        }.items():
            one.go("/custody")
            for name, text in fields.items():
                if one.tab.has(f"select#{act}-{name}"):
                    one.tab.page.select_option(f"#{act}-{name}", text)
                else:
                    one.tab.page.fill(f"#{act}-{name}", text)
            one.press(f"form[action='/custody/{act}'] button")
            until(lambda: "In the ledger" in one.tab.text("main"), act)
        check_stick(case, checked)
        list(import_items(case, bundle, checked))
    assert one.desk.sitting is not None
    one.desk.sitting.read_again()
    one.read_all()
    return story[0].envelope.hex()[:12]


def first_reader(one: Seat, item: str) -> None:
    """Steps 6 to 12 of the first reader, each shortcut tried before its step."""
    one.is_stopped(item, Step.TRIAGE, "have not opened")
    one.read(item)
    one.is_stopped(item, Step.READ, "It was not triaged.")
    one.fill(item, Step.TRIAGE)
    one.is_stopped(item, Step.CONSISTENCY, "It was not read.")
    assert "It was not read." in one.go(f"/item/{item}/code")
    draft_outlives_a_reload(one, item)
    a_slow_press_is_a_press(one, item)
    one.fill(item, Step.READ)
    assert "Its consistency notes are missing." in one.go(f"/item/{item}/grades")
    code(one, item)
    assert "Its consistency notes are missing." in one.go(f"/item/{item}/grades")
    one.fill(item, Step.CONSISTENCY)
    one.is_stopped(item, Step.INDEPENDENCE, "have no grades")
    grade(one, item)
    one.fill(item, Step.INDEPENDENCE)
    one.is_stopped(item, Step.SECOND, "another than its first reader")
    one.is_stopped(item, Step.REQUEST, "Nobody else read it.")


def code(one: Seat, item: str) -> None:
    """Step 9: words are chosen with the mouse, and an act and a place of detention are coded of them."""
    tab = one.tab
    one.go(f"/item/{item}/code")
    until(lambda: tab.has("body.scripted #text"), "the sheet")
    select(tab, "железные ворота")
    tab.press("#act .use")
    tab.page.fill("#act-code-typed", "tort")
    until(lambda: tab.has("#act-code-list li"), "the list of acts")
    tab.press("#act-code-list li")
    one.press("#act > button.main")
    until(lambda: "железные ворота" in tab.text(".card"), "the act")
    one.press("form[action$='/save'] button")
    until(lambda: "Saved as version 1." in tab.text(), "the coding")
    newest = coding_of(one.case(), item)
    assert newest is not None
    (act,) = newest.value.acts
    assert [STORY[quote.start : quote.end] for quote in act.quotes] == ["железные ворота"]


def grade(one: Seat, item: str) -> None:
    """Step 11."""
    one.go(f"/item/{item}/grades")
    one.tab.page.select_option("#grade-1", "g.c")
    one.press("form[action$='/grades/save'] button.main")
    until(lambda: "The grades are saved." in one.tab.text(), "the grades")


def take_out(one: Seat, item: str) -> None:
    """Step 16: two names are chosen with the mouse and taken out, each with its reason."""
    tab = one.tab
    one.go(f"/item/{item}/redact")
    until(lambda: tab.has("body.scripted #text"), "the text")
    for count, words in enumerate(("Заур Мусхабов", "Иса"), 1):
        select(tab, words)
        until(lambda one=words: tab.text("#chosen") == f"«{one}»", "the words")
        one.press("button[value=person]")
        kept(tab, count)
    assert "[person] из Ачхой-Мартана." in tab.text("#text .seen")
    one.press("form[action$='/save'] button")
    until(lambda: "Saved as version 1." in tab.text(), "the version")


def draft_outlives_a_reload(one: Seat, item: str) -> None:
    """What was typed a moment ago is there after the page is gone, with no button pressed."""
    path = next(iter(one.case().folder.glob(f"items/{item}/"))) / "draft-read-r1.age"
    one.go(f"/item/{item}/step/read")
    one.tab.page.type("#a-note", TYPED)
    until(lambda: "Draft saved" in one.tab.text("[data-told]"), "the draft")
    assert path.exists()
    one.go("/")
    one.go(f"/item/{item}/step/read")
    assert one.tab.value("#a-note") == TYPED


def a_slow_press_is_a_press(one: Seat, item: str) -> None:
    """Saying that a draft is saved moves no button away from under the mouse."""
    one.go(f"/item/{item}/step/read")
    page = one.tab.page
    page.locator("button[value=draft]").hover()
    page.type("#a-note", "more")
    assert "Draft saved" not in one.tab.text("[data-told]")
    page.mouse.down()
    until(lambda: "Draft saved" in one.tab.text("[data-told]"), "the draft")
    with page.expect_navigation(timeout=20_000):
        page.mouse.up()


def test_two_reviewers_take_one_item_through_all_steps(
    panel: Panel, tmp_path: Path, both: Browsers
) -> None:
    bench = Bench.empty(panel, tmp_path)
    stick, second = bench.pair.stick, bench.pair.second
    with seat(both, tmp_path, bench.pair.first, 1) as one:
        item = settle_and_import(one, panel)
        first_reader(one, item)
        one.put_in(stick)
        join(second, stick, panel.roster.roots, panel.identities[1:2], "")
        with seat(both, tmp_path, second, 2) as two:
            assert f"item {item}: new here" in two.put_in(stick)
            second_reader(two, item)
            two.put_in(stick)
            one.put_in(stick)
            choose_and_redact(one, item)
            one.put_in(stick)
            two.put_in(stick)
            one.is_stopped(item, Step.JIGSAW, "another than its first reader")
            two.fill(item, Step.JIGSAW)
            where = build_and_sign(two, item)
            assert "only r2 did" in hand_over(two, where, "early")
            two.put_in(stick)
            one.put_in(stick)
            assert build_and_sign(one, item) == where
            assert "Handed over." in hand_over(one, where, "out.txt")
            assert "Handed over." in one.tab.text("main")
            one.press("form[action$='/receipt'] button")
            until(lambda: "receipt is in the ledger" in one.tab.text("main"), "the receipt")
            keep(one, item)
            for complaint in one.tab.complaints + two.tab.complaints:
                assert "409" in complaint or "Autofocus" in complaint
    assert not (tmp_path / "early").exists()
    out = (tmp_path / "out.txt").read_text()
    assert "[person]" in out
    assert "Заур" not in out


def second_reader(two: Seat, item: str) -> None:
    """Steps 13 and 14: what the first one wrote is shown once the original was read anew."""
    two.is_stopped(item, Step.SECOND, "have not opened")
    two.go(f"/item/{item}")
    two.press(".warning button")
    until(lambda: two.tab.has("#p1"), "the first paragraph")
    assert "Draft" not in two.go(f"/item/{item}/step/second")
    assert "First read for yourself" in two.tab.text("main")
    assert "not yet" not in two.tab.text("main")
    said = two.go(f"/item/{item}/reply")
    assert "Nobody else read it." in said
    assert not two.tab.has("textarea")
    two.go(f"/item/{item}?shown=99")
    two.fill(item, Step.SECOND)
    two.is_stopped(item, Step.CONSISTENCY, "for its first reader")
    two.go(f"/item/{item}/reply")
    two.tab.page.fill("#text", "Что вы помните о двери?")
    two.press("button[value=done]")
    until(lambda: "in the outbox" in two.tab.text("main"), "the message")
    said = two.go(f"/item/{item}/reply")
    assert "asked back once already" in said
    assert not two.tab.has("textarea")


def choose_and_redact(one: Seat, item: str) -> None:
    """Steps 15 and 16."""
    assert "No output and recipient were chosen." in one.go(f"/item/{item}/redact")
    one.is_stopped(item, Step.JIGSAW, "There is no redacted version.")
    one.fill(item, Step.REQUEST)
    one.is_stopped(item, Step.CHECKLIST, "There is no redacted version.")
    take_out(one, item)
    one.fill(item, Step.CHECKLIST)
    one.go("/out")
    one.tab.page.fill("#items", item)
    one.press("main form button.main")
    until(lambda: "Nobody did the jigsaw check" in one.tab.text("main"), "what is missing")


def build_and_sign(there: Seat, item: str) -> str:
    """Steps 18 and 19; gives the address of the output."""
    there.go(f"/out?item={item}")
    assert there.tab.value("#items") == item
    there.press("main form button.main")
    until(lambda: there.tab.has("pre"), "the bytes")
    assert "[person]" in there.tab.text("pre")
    assert "Заур" not in there.tab.text("pre")
    there.press("form[action$='/sign'] button")
    until(lambda: f"{there.case().by} on" in there.tab.text("main"), "the signature")
    assert not there.tab.has("form[action$='/sign']"), "nobody signs twice"
    return there.tab.page.url.removeprefix(there.address)


def hand_over(there: Seat, where: str, name: str) -> str:
    """Step 20; gives what the page says, or the gate."""
    there.go(where)
    if there.tab.has("#path"):
        there.tab.page.fill("#path", name)
        there.press("form[action$='/leave'] button")
        until(lambda: there.tab.has("form[action$='/receipt']"), "the handing over")
        return there.tab.text("main")
    # The page has no form for it; whoever makes one is refused by the gate.
    with there.tab.page.expect_navigation():
        there.tab.page.evaluate(FORGED, [where, name])
    until(lambda: there.tab.has("[role=alert]"), "the refusal")
    return there.tab.text("main")


def keep(one: Seat, item: str) -> None:
    """Step 21."""
    one.go(f"/item/{item}/keep")
    assert not one.tab.has("form[action$='/erase']"), "what is not due is not erased"
    week = str(NOW.next)
    one.tab.page.fill("#until", week)
    one.press("main form button.main")
    until(lambda: week in one.tab.text("main p + p, main > p:nth-of-type(2)"), "the week")
    said = one.go(f"/item/{item}")
    assert "yours to do" not in said
