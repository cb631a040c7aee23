"""What a redaction takes out, what it leaves, and what it refuses."""

import re
import time
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake.container import Container
from intake.errors import ConsentError, MalformedError, ProofError
from intake.review.consent import Purpose
from intake.review.export import Shape, prepare, render
from intake.review.planning import Plan, carry_out
from intake.review.redacting import TOKENS, Redaction, Span, cuts_word
from tests.review.workroom import alone, container

ENVELOPE = bytes(range(32))
STORY = "Ӏалихан 𝒳 позвонил Алихану в мае. ӏалихан!"


def made(
    box: Container, *spans: str, earlier: Redaction | None = None, **plan: object
) -> Redaction:
    asked = Plan(tuple(map(Span.parse, spans)), **plan)  # type: ignore[arg-type]
    return carry_out(box, ENVELOPE, asked, earlier, "r1")


def test_offsets_count_code_points_also_for_astral_letters_and_palochka() -> None:
    box = container(("narrative", STORY))
    redaction = made(box, "narrative:0:7=person", "narrative:8:9=event")
    assert redaction.apply(box) == (
        ("narrative", "[person] [event] позвонил Алихану в мае. ӏалихан!"),
    )
    assert redaction.removed(box) == [("Ӏалихан", "person"), ("𝒳", "event")]


def test_tokens_are_the_same_whatever_the_length() -> None:
    box = container(("narrative", "a bb ccc"))
    redaction = made(box, "narrative:0:1=place", "narrative:2:4=place", "narrative:5:8=third")
    assert redaction.apply(box) == (("narrative", "[place] [place] [survivor]"),)
    assert len(set(TOKENS.values())) == len(TOKENS) == 15


@pytest.mark.parametrize(
    "text",
    [
        "narrative",
        "narrative:1:2",
        "narrative:1:2=",
        "narrative:1:2=Person",
        "narrative:1:2=nobody",
        "narrative:2:2=person",
        "narrative:3:2=person",
        "narrative:-1:2=person",
        "narrative:01:2=person",
        "narrative:+1:2=person",
        "narrative:1:٢=person",
        "narrative: 1:2=person",
        ":1:2=person",
        "narrative:1:2=person\n",
        "narrative:1:200000000=person",
    ],
)
def test_a_span_has_one_spelling(text: str) -> None:
    with pytest.raises(MalformedError):
        Span.parse(text)


@given(st.integers(0, 10**7), st.integers(1, 10**6), st.sampled_from(sorted(TOKENS)))
def test_a_span_reads_back_as_it_was_written(start: int, length: int, reason: str) -> None:
    span = Span("episode.2.ep_when", start, min(start + length, 99_999_999), reason)
    assert Span.parse(str(span)) == span


@pytest.mark.parametrize(
    ("spans", "phrase"),
    [
        (("narrative:0:3=person", "narrative:2:5=place"), r"0:3=person and narrative:2:5=place"),
        (("narrative:0:5=person", "narrative:1:2=place"), r"0:5=person and narrative:1:2=place"),
        (("narrative:0:3=person", "narrative:0:3=place"), "overlap"),
        (("narrative:0:43=person",), "ends after the field, which has 42"),
        (("who_text:0:1=person",), "names no field"),
        (("relation:0:1=person",), "holds a code"),
    ],
)
def test_spans_that_overlap_or_fit_nowhere_are_refused_by_name(
    spans: tuple[str, ...], phrase: str
) -> None:
    box = container(("relation", "r.self"), ("narrative", STORY))
    assert len(STORY) == 42
    with pytest.raises(MalformedError, match=phrase):
        made(box, *spans)


def test_touching_spans_do_not_overlap_and_the_last_character_can_go() -> None:
    box = container(("narrative", "abcd"))
    redaction = made(box, "narrative:0:2=person", "narrative:2:4=place")
    assert redaction.apply(box) == (("narrative", "[person][place]"),)


def test_a_field_of_codes_that_holds_a_text_is_redacted_like_a_text() -> None:
    box = container(("relation", "Ivan told"), ("narrative", "x"))
    assert made(box, "relation:0:4=person").apply(box)[0] == ("relation", "[person] told")


def test_the_rules_give_way_to_the_reviewers_own_spans_and_take_the_rest() -> None:
    text = "mail ivan@mail.ru"
    box = container(("narrative", text))
    redaction = made(box, "narrative:5:9=person", rules=True)
    assert redaction.apply(box) == (("narrative", "mail [person][contact]"),)
    whole = made(box, "narrative:0:17=event", rules=True)
    assert whole.apply(box) == (("narrative", "[event]"),)


def test_the_rules_look_into_every_text_and_into_no_code() -> None:
    box = container(
        ("relation", "r.self"), ("narrative", "8 928 123 45 67"), ("when_text", "в мае")
    )
    fields = dict(made(box, rules=True).apply(box))
    assert fields == {"relation": "r.self", "narrative": "[contact]", "when_text": "в [date]"}


def test_everywhere_takes_every_spelling_in_every_field_and_names_inside() -> None:
    box = container(
        ("narrative", "Заур Мусхабов. Заур! МУСХАБОВ, мусхабова."), ("who_text", "брат Заура, заур")
    )
    redaction = made(box, "narrative:0:13=person", everywhere=True)
    assert dict(redaction.apply(box)) == {
        "narrative": "[person]. [person]! [person], [person].",
        "who_text": "брат [person], [person]",
    }


def test_everywhere_follows_what_it_takes_itself() -> None:
    """`zaur m` has no capital; `Zaur M`, taken for it, has, so `zaur` must go too."""
    box = container(("narrative", "zaur m, Zaur M, zaur"))
    redaction = made(box, "narrative:0:6=person", everywhere=True)
    assert redaction.apply(box) == (("narrative", "[person], [person], [person]"),)


def test_everywhere_takes_the_names_of_a_withheld_text() -> None:
    box = container(("narrative", "Kadir came, then kadir left"), ("who_text", "Kadir did"))
    redaction = made(box, withheld=("who_text",), everywhere=True)
    assert redaction.apply(box) == (("narrative", "[person] came, then [person] left"),)


@pytest.mark.parametrize(
    ("field", "whole", "text", "shown"),
    [
        ("where_text", "Грозный", "жили в Грозном", "жили в [place]"),
        ("who_text", "сосед Ада Умарова", "Ада пришла с Умаровой", "[person] пришла с [person]"),
        ("who_text", "муж ахмед, живёт на ленина", "ахмеда взяли", "[person] взяли"),
        ("when_text", "Весной, когда снег", "весну, когда снег", "[words], когда снег"),
    ],
)
def test_a_withheld_field_says_by_its_name_what_its_words_are(
    field: str, whole: str, text: str, shown: str
) -> None:
    box = container(("narrative", text), (field, whole))
    redaction = made(box, withheld=(field,), everywhere=True)
    assert redaction.apply(box) == (("narrative", shown),)


@pytest.mark.parametrize(
    ("text", "span", "shown"),
    [
        (
            "Ахмеда увезли. Ахмед жил там. Ахмеду 30 лет.",
            "narrative:0:6=person",
            "[person] увезли. [person] жил там. [person] 30 лет.",
        ),
        (
            "Али Исаев. Потом Али пришёл.",
            "narrative:0:9=person",
            "[person]. Потом [person] пришёл.",
        ),
        (
            "тел 8 928 123-45-67; потом 89281234567, и 8(928)1234567",
            "narrative:4:19=contact",
            "тел [contact]; потом [contact], и 8([contact]",
        ),
        (
            "Умаров и Умаровой, Умаров-старший, #АхмедУмаров",
            "narrative:0:6=person",
            "[person] и [person], [person]-старший, #[person]",
        ),
    ],
)
def test_everywhere_takes_every_form_of_what_was_removed(text: str, span: str, shown: str) -> None:
    box = container(("narrative", text))
    assert made(box, span, everywhere=True).apply(box) == (("narrative", shown),)
    with pytest.raises(ProofError, match="still stands"):
        render(prepare(box, made(box, span), Purpose.PUBLISH, alone(box)), Shape.TEXT)
    render(prepare(box, made(box, span, everywhere=True), Purpose.PUBLISH, alone(box)), Shape.TEXT)


def test_a_text_made_to_lead_on_for_ever_is_taken_out_whole_and_can_be_exported() -> None:
    """Each link hides the name that the one before it gave, and gives another."""
    sounds = [f"{a}{b}{c}" for a in "bdfg" for b in "klmn" for c in "prst"]
    links = [
        f"{one}'{two}{three.capitalize()}"
        for one, two, three in zip(sounds, sounds[1:], sounds[2:], strict=False)
    ]
    first = sounds[0] + sounds[1].capitalize()
    box = container(("narrative", f"{first} {' '.join(links)}"), ("who_text", "nobody"))
    redaction = made(box, f"narrative:0:{len(first)}=event", everywhere=True)
    shown = dict(redaction.apply(box))
    assert links[-1] not in shown["narrative"], "the search ended by taking all"
    assert redaction.reasons()["words"] >= 1
    assert shown["who_text"] == "nobody"
    render(prepare(box, redaction, Purpose.PUBLISH, alone(box)), Shape.TEXT)


def test_ten_thousand_numbers_are_redacted_and_exported_in_seconds() -> None:
    text = " ".join(str(number) for number in range(10_000, 20_000))
    box = container(("narrative", text), ("who_text", "12345, 13-579"))
    started = time.process_time()
    redaction = made(box, rules=True, everywhere=True)
    again = made(box, rules=True, everywhere=True, earlier=redaction)
    render(prepare(box, redaction, Purpose.PUBLISH, alone(box)), Shape.TEXT)
    assert time.process_time() - started < 30
    assert not any(c.isdigit() for _, shown in redaction.apply(box) for c in shown)
    assert again.spans == redaction.spans


def test_more_places_than_a_redaction_holds_are_their_own_phrase() -> None:
    spans = tuple(Span("narrative", 2 * i, 2 * i + 1, "words") for i in range(20_001))
    Redaction(ENVELOPE, 1, spans[1:], (), "r1")
    with pytest.raises(MalformedError, match="20001 places to take out") as caught:
        Redaction(ENVELOPE, 1, spans, (), "r1")
    assert "--withhold" in caught.value.hint


def test_a_withheld_field_is_gone_and_must_be_there_first() -> None:
    box = container(("relation", "r.self"), ("narrative", "text"))
    assert made(box, withheld=("relation",)).apply(box) == (("narrative", "text"),)
    with pytest.raises(MalformedError, match="no field 'who_text'"):
        made(box, withheld=("who_text",))


def test_a_version_keeps_what_the_one_before_took_out() -> None:
    box = container(("narrative", "ab cd ef"), ("who_text", "x"))
    first = made(box, "narrative:0:2=person", withheld=("who_text",))
    second = made(box, "narrative:3:5=place", "narrative:0:2=person", earlier=first)
    assert (second.version, second.withheld) == (2, ("who_text",))
    assert second.apply(box) == (("narrative", "[person] [place] ef"),)
    with pytest.raises(MalformedError, match="overlap"):
        made(box, "narrative:1:3=place", earlier=second)


def test_a_plan_file_holds_spans_withheld_fields_and_comments() -> None:
    plan = Plan.parse("# mine\nnarrative:0:2=person  # Zaur\n\nwithhold who_text\n")
    assert plan == Plan((Span("narrative", 0, 2, "person"),), ("who_text",))
    for wrong in ("withhold", "withhold a b", "narrative:0:2", "hello"):
        with pytest.raises(MalformedError):
            Plan.parse(wrong)


def test_a_redaction_is_read_back_as_it_was_written_and_in_no_other_shape() -> None:
    box = container(("narrative", STORY))
    redaction = made(box, "narrative:0:7=person", withheld=("narrative",))
    value = redaction.to_json()
    assert Redaction.from_json(value) == redaction
    for change in (
        {"v": 2},
        {"version": 0},
        {"version": "1"},
        {"spans": [["narrative", 0, 7]]},
        {"spans": [["narrative", 0, 7, "person"], ["narrative", 6, 8, "person"]]},
        {"spans": [["narrative", 8, 9, "person"], ["narrative", 0, 1, "person"]]},
        {"spans": [["narrative", 0, 7, "nobody"]]},
        {"withheld": ["b", "a"]},
        {"withheld": ["a", "a"]},
        {"envelope": "AAAA"},
        {"more": 1},
    ):
        with pytest.raises(MalformedError):
            Redaction.from_json({**value, **change})
    for hostile in (None, [], {}, 3, "x"):
        with pytest.raises(MalformedError):
            Redaction.from_json(hostile)


def test_a_span_that_cuts_a_word_is_noticed() -> None:
    box = container(("narrative", "Ивану, да"))
    cuts = [cuts_word(box, Span("narrative", *at, "person")) for at in ((0, 4), (0, 5), (1, 5))]
    assert cuts == [True, False, True]


WORDS = st.sampled_from(
    [
        "Заур",
        "заур",
        "ЗАУР",
        "Ӏалихан",
        "1алихан",
        "Ёлкин",
        "елкин",
        "Ivan",
        "k123",
        "5 мая",
        "он",
        "\u200b",
        "𝒳",
        "и",
        ",",
        "\n",
        "a@b.ru",
        "[person]",
        "\t",
        "⟨U+0041⟩",
        "Ivan-Заур",
        "!",
        "Заура",
        "ЗаурЕлкин",
        "#зауром1",
        "Ёл-\nкиной",
        "Zaur",
        "Zauru'Ivanova",
        "3аур",
        "8 928 123-45-67",
        "89281234567",
        "8(928)1234567",
        "Али",
        "алиев",
        "Ада",
        "аду/Али",
        "[per",
        "son]",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=15).flatmap(
    lambda words: st.sampled_from([" ", "", "-", "-\n"]).map(lambda between: between.join(words))
)


@st.composite
def asked(draw: st.DrawFn) -> tuple[Container, Plan]:
    box = container(("narrative", draw(TEXTS)), ("who_text", draw(TEXTS)))
    spans = []
    for path, text in box.fields:
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        spans += [Span(path, start, end, "person") for start, end in pairs]
    withheld = draw(st.sampled_from([(), ("who_text",)]))
    return box, Plan(tuple(spans), withheld, draw(st.booleans()), draw(st.booleans()))


@given(asked())
def test_what_was_removed_never_stands_in_an_export_unless_it_is_refused(
    given_: tuple[Container, Plan],
) -> None:
    box, plan = given_
    redaction = carry_out(box, ENVELOPE, plan, None, "r1")
    assert Redaction.from_json(redaction.to_json()) == redaction
    for shape in Shape:
        try:
            content = render(prepare(box, redaction, Purpose.PUBLISH, alone(box)), shape).decode()
        except ProofError:
            assert not plan.everywhere, "everywhere leaves nothing to refuse"
            continue
        body = content.split('"fields"' if shape is Shape.JSON else "\n\n", 1)[1]
        body = body.replace("\\n", " ")
        for token in TOKENS.values():
            body = body.replace(token, "\0")
        # An oracle of its own, which knows nothing of endings: no long name, in no spelling.
        body = body.casefold().replace("ё", "е").replace("⟨u+200b⟩", "")
        for text, _ in redaction.removed(box):
            for word in re.findall(r"[^\W_]{5,}", text):
                if word == text or word != word.lower():
                    name = word.casefold().replace("ё", "е")
                    assert name in {"narrative", "person"} or name not in body


@given(asked())
def test_everything_but_the_spans_is_left_as_it_was(given_: tuple[Container, Plan]) -> None:
    box, plan = given_
    redaction = carry_out(box, ENVELOPE, plan, None, "r1")
    for path, text in redaction.apply(box):
        original = box.answers[path]
        spans = [s for s in redaction.spans if s.field == path]
        at, rest = 0, text
        for span in spans:
            kept = original[at : span.start] + TOKENS[span.reason]
            assert rest.startswith(kept)
            at, rest = span.end, rest[len(kept) :]
        assert rest == original[at:]
        assert set(plan.spans) <= set(redaction.spans)


@given(asked(), st.binary(min_size=32, max_size=32))
def test_the_same_plan_gives_the_same_redaction(
    given_: tuple[Container, Plan], envelope: bytes
) -> None:
    box, plan = given_
    assume(envelope != ENVELOPE)
    one = carry_out(box, ENVELOPE, plan, None, "r1")
    assert carry_out(box, ENVELOPE, plan, None, "r1") == one
    assert carry_out(box, envelope, plan, None, "r1") == replace(one, envelope=envelope)


def test_nothing_is_exported_that_no_person_looked_at() -> None:
    box = container(("narrative", "text"))
    for purpose in Purpose:
        with pytest.raises(ConsentError, match="no redacted version"):
            prepare(box, None, purpose, alone(box))


def test_a_hyphen_at_a_lines_end_may_stand_between_two_names() -> None:
    box = container(("narrative", "ЗаурЕлкин"), ("who_text", "Али-\nЗаурЕлкин-\nk123"))
    plan = Plan((Span("who_text", 0, 20, "person"),), (), rules=False, everywhere=False)
    redaction = carry_out(box, ENVELOPE, plan, None, "r1")
    with pytest.raises(ProofError):
        render(prepare(box, redaction, Purpose.PUBLISH, alone(box)), Shape.TEXT)
