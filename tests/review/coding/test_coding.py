"""What is coded of an account: valid if it exists, one spelling, never without the words behind it."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import canonical
from intake.errors import MalformedError
from intake.review.coding.account import UNKNOWN, Act, Coding, Involvement, Quote, When
from intake.review.coding.chain import Event, Leads, Link, Watch
from intake.review.coding.register import Of, Person, Place, Register, Scope, registered
from intake.review.coding.vocabulary import TERMS, UNCHECKED, Vocabulary, label

QUOTE = Quote("narrative", 3, 9)
ACT = Act(1, "act.torture", (QUOTE,), methods=("m.electric", "m.object"), victim="p-00000a")
INVOLVED = Involvement(1, "p-00000b", "i.did", "p.police", (QUOTE,), rank="major")


def codes(vocabulary: Vocabulary) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(TERMS[vocabulary]))


quotes = st.builds(
    lambda start, length: Quote("narrative", start, start + length),
    st.integers(0, 9_999),
    st.integers(1, 99),
)
quoted = st.lists(quotes, min_size=1, max_size=4, unique=True).map(lambda q: tuple(sorted(q)))
days = st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1))
whens = st.builds(
    lambda one, two, how: When(min(one, two), max(one, two), how),
    days,
    days,
    codes(Vocabulary.PRECISION).filter(lambda code: code != "d.unknown"),
) | st.just(UNKNOWN)
acts = st.builds(
    Act,
    number=st.just(1),
    code=codes(Vocabulary.ACT),
    quotes=quoted,
    methods=st.sets(codes(Vocabulary.METHOD)).map(lambda c: tuple(sorted(c))),
    victim=st.sampled_from(["", "p-0a0b0c"]),
    when=whens,
    place_type=st.just("") | codes(Vocabulary.PLACE_TYPE),
    reason=st.text(max_size=20),
)


@given(acts, st.sampled_from(["", "r.self", "r.told"]))
def test_a_coding_reads_as_it_was_written(act: Act, relation: str) -> None:
    coding = Coding((act,), (INVOLVED,), relation)
    assert Coding.from_json(canonical.decode(canonical.encode(coding.to_json()))) == coding


@pytest.mark.parametrize(
    "change",
    [
        {"relation": "r.nobody"},
        {"relation": 1},
        {"acts": [{"number": 1}]},
        {"involvements": [[2, "p-00000b", "i.did", "p.police", [["narrative", 3, 9]], "", ""]]},
        {"involvements": [[1, "p-00000b", "i.did", "p.police", [], "", ""]]},
        {"more": []},
    ],
)
def test_another_shape_is_refused(change: dict[str, object]) -> None:
    value = Coding((ACT,), (INVOLVED,)).to_json() | change
    with pytest.raises(MalformedError):
        Coding.from_json(value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "act.none"},
        {"quotes": ()},
        {"quotes": (Quote("narrative", 5, 6), QUOTE)},
        {"methods": ("m.object", "m.electric")},
        {"methods": ("u.info",)},
        {"victim": "l-00000a"},
        {"victim": "Adam"},
        {"place_type": "pl.nowhere"},
        {"reason": "x" * 2_001},
    ],
)
def test_an_act_without_a_word_behind_it_or_with_another_code_does_not_exist(
    wrong: dict[str, object],
) -> None:
    good: dict[str, object] = {"number": 1, "code": "act.torture", "quotes": (QUOTE,)}
    Act(**good)  # type: ignore[arg-type]
    with pytest.raises(MalformedError):
        Act(**(good | wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "how"),
    [
        (dt.date(2017, 3, 2), dt.date(2017, 3, 1), "d.day"),
        (None, None, "d.day"),
        (dt.date(2017, 3, 2), None, "d.unknown"),
    ],
)
def test_a_date_is_known_or_not(start: dt.date, end: dt.date, how: str) -> None:
    with pytest.raises(MalformedError):
        When(start, end, how)


def test_a_month_is_one_only_where_all_of_the_date_lies_in_it() -> None:
    first, last, next_ = dt.date(2017, 3, 1), dt.date(2017, 3, 31), dt.date(2017, 4, 1)
    assert When(first, last, "d.month").month == "2017-03"
    assert When(first, next_, "d.about").month == ""
    assert When(first, None, "d.after").month == ""


def test_a_quote_beyond_the_text_is_refused() -> None:
    coding = Coding((ACT,))
    coding.check_fits({"narrative": "x" * 9})
    with pytest.raises(MalformedError):
        coding.check_fits({"narrative": "x" * 8})
    with pytest.raises(MalformedError):
        coding.check_fits({"when_text": "x" * 9})


def test_the_register_knows_who_stands_for_whom_now() -> None:
    one, two = Person.new(Of.INDIVIDUAL, ["Адам", "Adam"]), Person.new(Of.INDIVIDUAL, ["Адаму"])
    both = Person(two.name, two.of, two.names, same=one.name)
    site = Place.new("pl.police", Scope.SITE, ["ОВД"], district="grozny")
    register = Register.of([one, two, both, site])
    assert register.person(two.name) == one
    assert register.people == [one]
    assert register.places == [site]
    assert register.person(site.name) is None
    assert all(registered(entry.to_json()) == entry for entry in (one, both, site))
    circle = Register.of([both, Person(one.name, one.of, one.names, same=two.name)])
    assert circle.now(one.name) in {one.name, two.name}


def test_a_home_is_never_a_site() -> None:
    for home in ("pl.home", "pl.home_rel"):
        Place.new(home, Scope.DISTRICT, ["дом"])
        with pytest.raises(MalformedError):
            Place.new(home, Scope.SITE, ["дом"])


def test_every_code_has_a_label_in_both_languages_and_the_russian_ones_are_marked() -> None:
    assert frozenset({"ru"}) == UNCHECKED
    for vocabulary, terms in TERMS.items():
        for lang in ("en", "ru"):
            labels = [label(vocabulary, code, lang) for code in terms]
            assert all(labels)
            assert len(set(labels)) == len(labels), (vocabulary, lang)


def test_codes_of_the_standard_are_its_own() -> None:
    """Compared with the code lists in OpenEvSys: a code is 12 digits, and none stands twice by mistake."""
    for terms in TERMS.values():
        assert all(term.esf is None or len(term.esf) == 12 for term in terms.values())
    assert TERMS[Vocabulary.ACT]["act.torture"].esf == "020111110000"
    assert TERMS[Vocabulary.ACT]["act.outing"].esf is None
    assert TERMS[Vocabulary.METHOD]["m.electric"].esf == "030800000000"


BEATEN = Act(1, "act.torture", (QUOTE,), ("m.electric", "m.object"), event=1)
ROUND_UP = Event(1, "Round-up", (QUOTE,), When(dt.date(2017, 3, 1), None, "d.after"), "l-00000a")
HELD = Event(
    2, "Held", (QUOTE,), description="in a cellar", impact="lost work", status=Watch.WATCHED
)
LINK = Link(1, 2, Leads.CAUSES, (QUOTE,))


def test_events_their_chain_and_words_for_one_method_read_as_they_were_written() -> None:
    own = (("m.electric", (Quote("narrative", 20, 25),)),)
    act = replace(BEATEN, method_quotes=own)
    coding = Coding(
        (act,), (), "r.self", (ROUND_UP, HELD), (LINK, Link(1, 2, Leads.PRECEDES, (QUOTE,)))
    )
    assert Coding.from_json(canonical.decode(canonical.encode(coding.to_json()))) == coding
    assert coding.quotes == [QUOTE, Quote("narrative", 20, 25)]
    coding.check_fits({"narrative": "x" * 25})
    with pytest.raises(MalformedError):
        coding.check_fits({"narrative": "x" * 24})


def test_a_coding_of_before_there_were_events_reads_and_writes_as_it_was() -> None:
    value = Coding((ACT,), (INVOLVED,)).to_json()
    assert value.keys() == {"acts", "involvements", "relation"}
    assert not {"event", "method_quotes"} & set(value["acts"][0])  # type: ignore[index]
    assert Coding.from_json(value).to_json() == value


@pytest.mark.parametrize(
    "change",
    [
        {"events": [ROUND_UP.to_json() | {"number": 0}]},
        {"events": [ROUND_UP.to_json() | {"title": " "}]},
        {"events": [ROUND_UP.to_json() | {"title": "a\nb"}]},
        {"events": [ROUND_UP.to_json() | {"title": "x" * 201}]},
        {"events": [ROUND_UP.to_json() | {"quotes": []}]},
        {"events": [ROUND_UP.to_json() | {"place": "p-00000a"}]},
        {"events": [ROUND_UP.to_json() | {"status": "lost"}]},
        {"events": [ROUND_UP.to_json() | {"impact": "x" * 2_001}]},
        {"events": [HELD.to_json(), ROUND_UP.to_json()]},
        {"events": []},
        {"chain": [[1, 3, "causes", [["narrative", 3, 9]]]]},
        {"chain": [[1, 1, "causes", [["narrative", 3, 9]]]]},
        {"chain": [[1, 2, "follows", [["narrative", 3, 9]]]]},
        {"chain": [[1, 2, "causes", []]]},
        {
            "chain": [
                [1, 2, "causes", [["narrative", 3, 9]]],
                [2, 1, "causes", [["narrative", 3, 9]]],
            ]
        },
        {
            "chain": [
                [2, 1, "causes", [["narrative", 3, 9]]],
                [1, 2, "precedes", [["narrative", 3, 9]]],
            ]
        },
    ],
)
def test_no_event_is_without_words_or_comes_before_itself(change: dict[str, object]) -> None:
    value = Coding((BEATEN,), (), "", (ROUND_UP, HELD), (LINK,)).to_json()
    assert Coding.from_json(value).events == (ROUND_UP, HELD)
    with pytest.raises(MalformedError):
        Coding.from_json(value | change)


def test_a_chain_over_several_events_does_not_come_back_and_parallel_ones_may() -> None:
    three = Event(3, "After", (QUOTE,))
    links = [Link(1, 2, Leads.PRECEDES, (QUOTE,)), Link(2, 3, Leads.PRECEDES, (QUOTE,))]
    events = (ROUND_UP, HELD, three)
    Coding(events=events, chain=tuple(links))
    with pytest.raises(MalformedError, match="back to where it began"):
        Coding(events=events, chain=(*links, Link(3, 1, Leads.PRECEDES, (QUOTE,))))
    both = (Link(1, 2, Leads.PARALLEL, (QUOTE,)), Link(2, 1, Leads.PARALLEL, (QUOTE,)))
    assert Coding(events=events, chain=both).chain == both


@pytest.mark.parametrize(
    "wrong",
    [
        {"event": 3},
        {"method_quotes": (("m.water", (QUOTE,)),)},
        {"method_quotes": (("m.electric", ()),)},
        {"method_quotes": (("m.electric", (Quote("narrative", 9, 10), QUOTE)),)},
        {"method_quotes": (("m.object", (QUOTE,)), ("m.electric", (QUOTE,)))},
    ],
)
def test_words_for_a_method_and_an_event_are_of_those_that_are_there(
    wrong: dict[str, object],
) -> None:
    with pytest.raises(MalformedError):
        Coding((replace(BEATEN, **wrong),), (), "", (ROUND_UP,))  # type: ignore[arg-type]
