"""What earlier outputs gave away is said before the next is signed: places and pseudonyms, and no word."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from intake.review import gates
from intake.review.case import Case
from intake.review.coding.account import Act, Coding, Involvement, Quote
from intake.review.coding.register import Of, Person, Place, Scope
from intake.review.consent import Purpose
from intake.review.journal import Mark
from intake.review.outgoing import Output, hand_over, sign_off, waiting
from intake.review.plan_output import planned
from intake.review.redacting import Redaction, Span
from intake.review.registering import enter
from intake.review.revealed import How, OfItem, OfName, lines, revealed
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.planned import plan, work
from tests.review.two_people import READ_TOO, Pair
from tests.review.workroom import sealed_item

STORY = "Zaur told me that they came in the evening, number {}"
EVENING = STORY.index("evening")


@pytest.fixture
def pair(desk: Desk, panel: Panel) -> tuple[Pair, list[str]]:
    sealed = [sealed_item(panel.roster, STORY.format(n)) for n in (1, 2)]
    assert desk("import", desk.bundle(*sealed), "--roots", desk.roots)[0] == 0
    desk.reveal()
    both = Pair(panel, desk.folder / "case", desk.folder)
    return both, work(both)


def redacted(
    case: Case, item: str, version: int, *spans: Span, withheld: Sequence[str] = ()
) -> None:
    envelope = case.entry(item).opening.envelope
    gates.redact(case, item, Redaction(envelope, version, spans, tuple(withheld), case.by))


def of_items(case: Case, output: Output) -> list[OfItem]:
    return [row for row in revealed(case, output) if isinstance(row, OfItem)]


def of_names(case: Case, output: Output) -> dict[str, How]:
    return {row.name: row.how for row in revealed(case, output) if isinstance(row, OfName)}


def test_what_one_shows_and_the_other_leaves_out_is_named_by_its_place(
    pair: tuple[Pair, list[str]], tmp_path: object
) -> None:
    both, (item, other) = pair
    text = Output.of("text", Purpose.PUBLISH, item)
    with both.case(1) as case:
        assert revealed(case, text) == [], "nothing was signed yet"
        built = sign_off(case, text)
        assert revealed(case, text, built.digest) == [], "not the file itself"
        assert revealed(case, Output.of("text", Purpose.PUBLISH, other)) != []
        assert of_items(case, Output.of("text", Purpose.PUBLISH, other)) == []
        # The next version takes out the evening, and lets the name stand: together all is said.
        evening = Span("narrative", EVENING, EVENING + 7, "date")
        redacted(case, item, 2, evening)
        (row,) = of_items(case, Output.of("json", Purpose.INVESTIGATORS, item))
        assert (row.version, row.by.form, row.by.left) == (Mark(1, "r1"), "text", False)
        assert row.spent == (f"narrative:{EVENING}:{EVENING + 7}",)
        assert row.fresh == ("narrative:0:4",)
        said = list(lines(revealed(case, Output.of("json", Purpose.INVESTIGATORS, item))))
        assert f"    it shows what this one leaves out: narrative:{EVENING}:{EVENING + 7}" in said
        assert "    it leaves out what this one shows: narrative:0:4" in said
        assert not any("evening" in line or "Zaur" in line for line in said)


def test_a_field_that_is_left_out_in_one_alone_is_all_of_it(desk: Desk, panel: Panel) -> None:
    sealed = sealed_item(panel.roster, "Zaur told me", where_text="a village")
    assert desk("import", desk.bundle(sealed), "--roots", desk.roots)[0] == 0
    desk.reveal()
    both = Pair(panel, desk.folder / "case", desk.folder)
    (item,) = work(both)
    with both.case(1) as case:
        sign_off(case, Output.of("text", Purpose.PUBLISH, item))
        name = Span("narrative", 0, 4, "person")
        redacted(case, item, 2, name, withheld=["where_text"])
        (row,) = of_items(case, Output.of("text", Purpose.COURTS, item))
        assert (row.spent, row.fresh) == (("where_text:0:9",), ())
        same = Redaction(case.entry(item).opening.envelope, 3, (name,), (), case.by)
        gates.redact(case, item, same)
        (row,) = of_items(case, Output.of("text", Purpose.COURTS, item))
        assert (row.spent, row.fresh) == ((), ()), "the same as it was signed"


def test_people_and_places_are_named_or_numbered_and_only_those_of_this_output(
    pair: tuple[Pair, list[str]],
) -> None:
    both, (item, other) = pair
    with both.case(1) as case:
        officer = Person.new(Of.INDIVIDUAL, ["Bislan"], official=True)
        brother = Person.new(Of.INDIVIDUAL, ["Adam"])
        stranger = Person.new(Of.UNIT, ["a unit"])
        site = Place.new("pl.police", Scope.SITE, ["ROVD"])
        home = Place.new("pl.home", Scope.TOWN, ["a town"])
        for entry in (officer, brother, stranger, site, home):
            enter(case, entry)
        quote = (Quote("narrative", 0, 4),)
        for one, third in ((item, brother), (other, stranger)):
            acts = tuple(
                Act(n, "act.torture", quote, place=place.name)
                for n, place in ((1, site), (2, home))
            )
            parts = tuple(
                Involvement(1, person.name, "i.did", "p.police", quote)
                for person in (officer, third)
            )
            gates.code(case, one, Coding(acts, parts, "r.self"))
    both.sync(1)
    both.sync(2)
    with both.case(2) as case:
        for one in (item, other):
            gates.answer(case, one, READ_TOO)
    both.sync(2)
    both.sync(1)
    with both.case(1) as case:
        quiet = Output.of("text", Purpose.PUBLISH, other)
        text = plan("events", "investigators", [item], 'agreement = "signed in W40"\n')
        sign_off(case, planned(case, text))
        found = of_names(case, quiet)
        assert found == {officer.name: How.NAMED, site.name: How.NAMED, home.name: How.NUMBERED}
        ours = of_names(case, Output.of("text", Purpose.PUBLISH, item))
        assert ours[brother.name] is How.NUMBERED
        assert stranger.name not in ours
        said = "\n".join(lines(revealed(case, quiet)))
        assert f"{officer.name} is named in events for investigators" in said
        assert "Bislan" not in said


def test_the_command_says_it_before_it_signs_and_knows_what_left(
    desk: Desk, pair: tuple[Pair, list[str]]
) -> None:
    both, (item, _) = pair
    alone = replace(desk, worked=False)
    code, _, err = alone("signoff", item, "--for", "publish")
    assert (code, err) == (0, "")
    both.sync(1)
    both.sync(2)
    with both.case(2) as case:
        sign_off(case, Output.of("text", Purpose.PUBLISH, item))
    both.sync(2)
    both.sync(1)
    with both.case(1) as case:
        hand_over(case, Output.of("text", Purpose.PUBLISH, item), desk.folder / "out")
    code, _, err = alone("signoff", item, "--for", "courts")
    assert code == 0
    told = [line for line in err.splitlines() if line.startswith("earlier: item")]
    what = f"redacted version 1 of r1, is in text for publish, {waiting_digest(both)}"
    assert told == [f"earlier: item {item}, {what}, handed over"]


def waiting_digest(both: Pair) -> str:
    with both.case(1) as case:
        (digest,) = [d for d, output, _ in waiting(case) if output.purpose is Purpose.PUBLISH]
    return f"sha256:{digest.hex()[:16]}…"
