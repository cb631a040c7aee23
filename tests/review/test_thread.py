"""What counts of all that somebody said under one code: nothing leaves on what was taken back."""

import itertools
import os
from dataclasses import replace

import pytest

from intake.author import Holder
from intake.container import ASKED, Container, Kind, Level, Mode
from intake.epoch import Epoch
from intake.errors import ConsentError, IntakeError, StoreError
from intake.review.case import Case
from intake.review.consent import Purpose, check_consent
from intake.review.gathering import thread_of
from intake.review.standing import Standing, keep_standing, standing_of
from intake.review.thread import Sent, Thread, mark_of
from tests.review.conftest import Desk
from tests.review.workroom import NOW, Room, Sealed, container, seal_container, under, weeks

HOLDER = Holder(bytes(32))
OTHER = Holder(bytes([1]) * 32)


def sent(
    kind: Kind = Kind.TESTIMONY,
    week: int = 0,
    *,
    late: int = 0,
    logged: bool = True,
    fields: tuple[tuple[str, str], ...] = (),
    mode: Mode = Mode.BROWSER,
    **rows: bool,
) -> Sent:
    """An item that was sealed in a week from now, and taken so many weeks later."""
    made = () if kind is Kind.CONSENT else (*fields, ("narrative", "text"))
    box = under(HOLDER, container(*made, kind=Kind.TESTIMONY, mode=mode, epoch=weeks(week)), **rows)
    box = replace(box, kind=kind, fields=made or fields)
    return Sent(os.urandom(6).hex(), box, weeks(week + late), logged)


def may_leave(thread: Thread, box: Container | None = None) -> bool:
    try:
        check_consent(box or thread.sent[0].container, Purpose.PUBLISH, thread)
    except ConsentError:
        return False
    return True


YES, NO = {"publish": True}, {"publish": False}
CHANGE = Kind.CONSENT


@pytest.mark.parametrize(
    ("items", "leaves"),
    [
        ([sent(**YES)], True),
        ([sent(**NO)], False),
        ([sent()], False),
        # The newest of all weeks, and a change after the testimony of its week.
        ([sent(**YES), sent(CHANGE, **NO)], False),
        ([sent(**NO), sent(CHANGE, **YES)], True),
        ([sent(week=-3, **YES), sent(CHANGE, -2, **NO)], False),
        ([sent(week=-3, **YES), sent(CHANGE, -2, **NO), sent(CHANGE, -1, **YES)], True),
        ([sent(week=-3, **YES), sent(CHANGE, -1, **NO), sent(CHANGE, -2, **YES)], False),
        # Of two changes in one week that differ, a no.
        ([sent(week=-3, **NO), sent(CHANGE, -1, **YES), sent(CHANGE, -1, **NO)], False),
        ([sent(week=-3, **YES), sent(CHANGE, -1, **YES), sent(CHANGE, -1, **NO)], False),
        # A later testimony speaks for the code, and one of a change's own week comes before it.
        ([sent(week=-3, **YES), sent(week=-1, **NO)], False),
        ([sent(week=-3, **NO), sent(week=-1, **YES)], True),
        ([sent(week=-1, **YES), sent(CHANGE, -1, **NO), sent(week=-1, **YES)], False),
        ([sent(week=-1, **YES), sent(week=-1, **NO)], False),
        # A row of another use says nothing of this one.
        ([sent(**YES), sent(CHANGE, courts=False)], True),
        # What is not yet logged lets nothing out, and stops it at once.
        ([sent(week=-3, **NO), sent(CHANGE, logged=False, **YES)], False),
        ([sent(week=-3, **YES), sent(CHANGE, logged=False, **NO)], False),
        # A yes that was sealed before a no and held back on the way stays before it.
        (
            [
                sent(week=-9, **NO),
                sent(CHANGE, -5, late=4, mode=Mode.TOOL, **YES),
                sent(CHANGE, -3, **NO),
            ],
            False,
        ),
        ([sent(week=-5, late=4, mode=Mode.TOOL, **YES), sent(CHANGE, -3, **NO)], False),
        # A no by a device whose clock is slow counts from when it was taken.
        (
            [
                sent(week=-9, **NO),
                sent(CHANGE, -3, **YES),
                sent(CHANGE, -5, late=4, mode=Mode.TOOL, **NO),
            ],
            False,
        ),
    ],
)
def test_the_newest_word_counts_in_whatever_order_items_are_found(
    items: list[Sent], *, leaves: bool
) -> None:
    first = items[0].container
    for order in itertools.permutations(items):
        assert may_leave(Thread(order), first) == leaves


def test_a_refusal_names_the_week_of_the_no() -> None:
    thread = Thread.of(sent(week=-3, **YES), sent(CHANGE, -2, late=1, **NO))
    with pytest.raises(ConsentError) as caught:
        check_consent(thread.sent[0].container, Purpose.PUBLISH, thread)
    assert caught.value.phrase == f"the consent to the use publish was taken back in {weeks(-1)}"
    never = Thread.of(sent(**NO), sent(CHANGE, logged=False, **YES))
    with pytest.raises(ConsentError, match="did not agree to the use publish") as caught:
        check_consent(never.sent[0].container, Purpose.PUBLISH, never)
    assert "not yet logged" in caught.value.hint


def test_an_addition_stands_under_its_testimonys_consent_and_caps() -> None:
    more = sent(Kind.ADDITION, week=1)
    for relation, aware, leaves in (
        ("r.self", "yes", True),
        ("r.told", "no", False),
        ("r.told", "yes", True),
    ):
        first = sent(fields=(("relation", relation), ("aware", aware)), **YES)
        assert may_leave(Thread.of(first, more), more.container) == leaves
    child = sent(fields=(("age_band", "a.under18"),), **YES)
    assert not may_leave(Thread.of(child, more), more.container)
    assert not may_leave(Thread.of(sent(**YES), child, more), more.container), "nobody says which"
    assert not may_leave(Thread.of(sent(**YES), more, sent(CHANGE, 1, **NO)), more.container)


def test_a_testimony_without_an_age_stands_under_that_of_another_of_its_code() -> None:
    """Who is under 18 in one of them and says nothing in the other is one person to us."""
    child = sent(fields=(("age_band", "a.under18"),), **YES)
    for age, leaves in (
        ((), False),
        ((("age_band", "a.na"),), False),
        ((("age_band", "a.25"),), True),
    ):
        other = sent(fields=age, **YES)
        assert may_leave(Thread.of(other, child)) == leaves
        assert may_leave(Thread.of(other))
    told = sent(fields=(("relation", "r.told"), ("aware", "no")), **YES)
    assert may_leave(Thread.of(sent(**YES), told)), (
        "whose story another is says nothing of this one"
    )


@pytest.mark.parametrize("purpose", Purpose)
def test_an_addition_without_a_testimony_in_the_case_is_for_nothing(purpose: Purpose) -> None:
    more = sent(Kind.ADDITION)
    every = dict.fromkeys((level.value for level in Level), True)
    thread = Thread.of(more, sent(CHANGE, **every))
    with pytest.raises(ConsentError, match="no testimony of the same code is in this case"):
        check_consent(more.container, purpose, thread)
    check_consent(more.container, purpose, Thread.of(more, sent(**every)))


def test_what_was_withdrawn_still_says_no_to_what_is_older() -> None:
    """It may have been the no to a testimony that is too old to be withdrawn with it."""
    old = sent(week=-110, **YES)
    gone = (("0" * 12, weeks(-2)),)
    assert may_leave(Thread((old,)))
    assert not may_leave(Thread((old,), gone))
    assert not may_leave(Thread((old, sent(week=-2, **YES)), gone))
    assert may_leave(Thread((old, sent(week=-1, **YES)), gone)), "what was said since then counts"
    with pytest.raises(ConsentError, match=f"taken back in {weeks(-2)}"):
        check_consent(old.container, Purpose.PUBLISH, Thread((old,), gone))


def test_while_something_cannot_be_read_nothing_leaves() -> None:
    thread = replace(Thread.of(sent(**YES)), unread=("0" * 12,))
    with pytest.raises(StoreError, match="1 items that may be of the same code") as caught:
        check_consent(thread.sent[0].container, Purpose.PUBLISH, thread)
    assert "import the last bundle again" in caught.value.hint


# In a case


def item(room: Room, holder: Holder, kind: Kind, week: Epoch = NOW, **rows: bool) -> Sealed:
    fields = () if kind is Kind.CONSENT else (("narrative", f"text of the {kind}"),)
    box = container(*fields, roster=room.panel.roster, epoch=week)
    box = replace(under(holder, box, **rows), kind=kind)
    return seal_container(box, room.panel.roster, week)


def name(sealed: Sealed) -> str:
    return sealed[0].envelope.hex()[:12]


def found(case: Case, sealed: Sealed) -> set[str]:
    thread = thread_of(case, name(sealed), standing_of(case))
    return {one.item for one in thread.sent}


def test_a_thread_is_what_shares_an_address_and_nothing_else(room: Room) -> None:
    mine = [item(room, HOLDER, kind) for kind in (Kind.TESTIMONY, Kind.ADDITION)]
    mine.append(item(room, HOLDER, Kind.CONSENT, publish=True))
    theirs = item(room, OTHER, Kind.TESTIMONY)
    nobodys = [
        seal_container(container(("narrative", text), roster=room.panel.roster), room.panel.roster)
        for text in "ab"
    ]
    room.take(*mine, theirs, *nobodys)
    with room.case() as case:
        for one in mine:
            assert found(case, one) == {name(other) for other in mine}
            assert case.entry(name(one)).thread == mark_of(case.original(name(one))[1])
        assert found(case, theirs) == {name(theirs)}
        for one in nobodys:
            assert (found(case, one), case.entry(name(one)).thread) == ({name(one)}, None)


def test_nothing_that_may_hide_a_no_is_passed_over(room: Room) -> None:
    """A damaged record, a lost original, and a withdrawal that is known and not carried out yet."""
    first, change = item(room, HOLDER, Kind.TESTIMONY), item(room, HOLDER, CHANGE, publish=False)
    room.take(first, change)
    folder = room.folder / "items" / name(change)
    with room.case(writing=True) as case:
        standing = standing_of(case)
        assert thread_of(case, name(first), standing).unread == ()
        keep_standing(case, replace(standing, withdrawn=frozenset({change[0].envelope})))
        assert thread_of(case, name(first), standing_of(case)).gone == ((name(change), NOW),)
        for damaged in ("original.age", "entry.age"):
            (folder / damaged).write_bytes(b"x")
            assert thread_of(case, name(first), Standing()).unread == (name(change),)


def test_the_gate_uses_the_whole_thread_where_it_is_typed(desk: Desk, room: Room) -> None:
    """And its twin: with the item alone, the same export would go out."""
    rows = {level.value: True for level in Level if level is not Level.GOVERNMENT}
    first = item(room, HOLDER, Kind.TESTIMONY, **rows)
    more = item(room, HOLDER, Kind.ADDITION)
    change = item(room, HOLDER, CHANGE, publish=False, stats=True)
    room.take(first, more, change)
    assert desk("redact", name(first), "--rules")[0] == 0
    assert desk("redact", name(more), "--rules")[0] == 0
    for one in (first, more):
        out = desk.folder / f"out {name(one)}"
        code, _, err = desk("export", name(one), str(out), "--for", "publish")
        assert (code, f"use publish was taken back in {NOW}" in err) == (1, True)
        assert not out.exists()
        assert desk("export", name(one), str(out), "--for", "courts")[0] == 0
    for words in (
        ("redact", name(change), "--rules"),
        ("export", name(change), "x", "--for", "courts"),
    ):
        code, _, err = desk(*words)
        assert (code, "an item of kind consent is never redacted or exported" in err) == (1, True)
    with room.case() as case:
        whole = thread_of(case, name(first), standing_of(case))
    twin = Thread(tuple(one for one in whole.sent if one.item == name(first)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("intake.review.outgoing.thread_of", lambda *_: twin)
        assert desk("export", name(first), str(desk.folder / "twin"), "--for", "publish")[0] == 0

    rows_shown = {row.split()[0]: row for row in desk("list")[1].splitlines()}
    assert "  testimony  " in rows_shown[name(first)]
    assert f"  addition to {name(first)}  " in rows_shown[name(more)]
    assert f"  consent to {name(first)}  " in rows_shown[name(change)]
    assert ["SICM" in rows_shown[name(one)].split() for one in (first, more)] == [True, True]
    assert "S" in rows_shown[name(change)].split()

    code, out, _ = desk("show", name(first))
    assert code == 0
    assert f"same code: {name(more)}, addition, taken in {NOW}\n" in out
    assert (
        f"  {NOW}  publish: yes (c_publish.1, ru), testimony {name(first)} sealed by server\n"
        in out
    )
    assert (
        f"  {NOW}  publish: no (c_publish.1, ru), consent {name(change)} sealed by server\n" in out
    )
    assert f"now publish: no, the consent to the use publish was taken back in {NOW}\n" in out
    assert "now courts: yes\n" in out
    assert "the site saw this code once" in out
    assert "text of the addition" not in out, "linked, never merged"


def test_an_answer_to_what_nobody_here_asked_counts_for_nothing(room: Room, desk: Desk) -> None:
    box = under(HOLDER, container(roster=room.panel.roster), government=True)
    box = replace(box, kind=CHANGE, fields=((ASKED, "sha256:" + "0" * 64),))
    forged = seal_container(box, room.panel.roster)
    room.take(item(room, HOLDER, Kind.TESTIMONY), forged)
    out = desk("show", name(forged))[1]
    assert "government: yes" in out
    assert "answers no question that was asked from this case: it counts for nothing\n" in out
    assert "G" in desk("list")[1].split(name(forged))[1].split("\n")[0]
    assert not [one for one in Purpose if one.level is Level.GOVERNMENT]


def test_a_damaged_record_hides_no_other_item_of_the_list(room: Room, desk: Desk) -> None:
    one, two = item(room, HOLDER, Kind.TESTIMONY), item(room, HOLDER, Kind.ADDITION)
    room.take(one, two)
    (room.folder / "items" / name(one) / "entry.age").write_bytes(b"x")
    code, out, _ = desk("list")
    assert (code, "damaged" in out, "addition to nothing here" in out) == (0, True, True)
    with room.case() as case, pytest.raises(IntakeError):
        thread_of(case, name(one), standing_of(case))
