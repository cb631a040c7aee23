"""What one reviewer took out or left is known on the other's machine, and lies nowhere in the clear."""

from pathlib import Path

import pytest

from intake.errors import IntakeError, MalformedError
from intake.review import gates
from intake.review.coding.register import Of, Person, Place, Scope
from intake.review.finding.memory import OfItem
from intake.review.redacting import Redaction, Span
from intake.review.registering import enter
from intake.review.remembering import RECORD, Seen, names_of, seen_of
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.two_people import Pair
from tests.review.workroom import Room, sealed_item

ONE = "Меня взяли вместе с Хасом Алкуевым, он из Гехов."
OTHER = "Хас Алкуев вернулся через неделю, Khas Alkuyev. Роза видела."


@pytest.fixture
def pair(panel: Panel, room: Room, tmp_path: Path) -> Pair:
    room.take(sealed_item(panel.roster, ONE), sealed_item(panel.roster, OTHER))
    return Pair(panel, room.folder, tmp_path)


def told(pair: Pair, text: str) -> str:
    with pair.case(1) as case:
        (item,) = (i for i in case.items() if case.original(i)[1].answers["narrative"] == text)
    return item


def test_both_machines_know_what_was_taken_out_and_what_was_left(pair: Pair) -> None:
    one, other = told(pair, ONE), told(pair, OTHER)
    for item in (one, other):
        pair.read(item)
    with pair.case(1) as case:
        at = ONE.index("Хасом")
        span = Span("narrative", at, at + len("Хасом Алкуевым"), "person")
        gates.redact(case, one, Redaction(case.entry(one).opening.envelope, 1, (span,), (), "r1"))
        at = OTHER.index("Роза")
        seen = Seen(case.entry(other).opening.envelope, (("narrative", at, at + 4),))
        gates.leave(case, other, seen)
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        assert case.marks(other, RECORD) != []
        container, _ = case.read(other)
        left = seen_of(case, other, case.entry(other).opening.envelope).words(container)
        assert left == ["Роза"]
        names = names_of(case)
        names.learn("elsewhere", [("Роза", "person")])
        found = [OTHER[s.start : s.end] for s in OfItem(names, left).found(OTHER)]
        assert found == ["Хас Алкуев", "Khas Alkuyev"]
    for path in pair.second.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert "Роза".encode() not in content
            assert "Алкуев".encode() not in content


def test_the_register_is_known_too_but_for_units(pair: Pair) -> None:
    with pair.case(1) as case:
        enter(case, Person.new(Of.INDIVIDUAL, ["Роза"]))
        enter(case, Person.new(Of.UNIT, ["Алкуев"]))
        enter(case, Place.new("pl.police", Scope.SITE, ["Гехи"]))
        names = names_of(case)
        text = f"{ONE} {OTHER}"
        assert [text[s.start : s.end] for s in names.found(text)] == ["Гехов", "Роза"]


def test_an_item_that_cannot_be_read_keeps_nobody_from_the_rest(pair: Pair) -> None:
    one, other = told(pair, ONE), told(pair, OTHER)
    for item in (one, other):
        pair.read(item)
        with pair.case(1) as case:
            text = case.original(item)[1].answers["narrative"]
            span = Span("narrative", 0, len(text), "person")
            envelope = case.entry(item).opening.envelope
            gates.redact(case, item, Redaction(envelope, 1, (span,), (), "r1"))
    (pair.first / "items" / one / "original.age").unlink()
    with pair.case(1) as case:
        assert names_of(case).sources == {"the register", other}


@pytest.mark.parametrize(
    "places",
    [(("a", 2, 1),), (("b", 0, 1), ("a", 0, 1)), (("a", 0, 1), ("a", 0, 1)), (("a", -1, 1),)],
)
def test_words_that_were_left_are_in_order(places: tuple[tuple[str, int, int], ...]) -> None:
    with pytest.raises(MalformedError):
        Seen(bytes(32), places)


def test_a_place_outside_the_text_is_no_word_of_it(pair: Pair) -> None:
    one = told(pair, ONE)
    with pair.case(1) as case:
        _, container = case.original(one)
        with pytest.raises(IntakeError, match="another text"):
            Seen(bytes(32), (("narrative", 0, 10_000),)).words(container)


def test_the_command_lists_names_that_the_case_knows_and_would_be_left(
    desk: Desk, panel: Panel
) -> None:
    sealed = [sealed_item(panel.roster, text) for text in (ONE, OTHER)]
    assert desk("import", desk.bundle(*sealed), "--roots", desk.roots)[0] == 0
    one, other = (opening.envelope.hex()[:12] for opening, _ in sealed)
    assert desk("redact", other, "--list") == (0, "", "")
    at = ONE.index("Хасом")
    span = f"narrative:{at}:{at + len('Хасом Алкуевым')}=person"
    assert desk("redact", one, "--span", span)[0] == 0
    code, listed, _ = desk("redact", other, "--list")
    latin = OTHER.index("Khas")
    assert (code, listed.splitlines()) == (
        0,
        [
            "narrative:0:10=person  # known to the case: Хас Алкуев",
            f"narrative:{latin}:{latin + 12}=person  # known to the case: Khas Alkuyev",
        ],
    )
    # As a plan it takes them out, and then nothing known is left.
    plan = desk.folder / "plan"
    plan.write_text(listed)
    before = opens(desk)
    assert desk("redact", other, "--list", "--plan", str(plan))[1].count("known to the case") == 0
    assert opens(desk) == before + 1, "a look at words is in the ledger"


def opens(desk: Desk) -> int:
    ledgers = (desk.folder / "case").glob("ledgers/*")
    return sum(path.read_bytes().count(b" open item=") for path in ledgers)
