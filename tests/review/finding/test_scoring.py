"""The metrics of the benchmark, on texts small enough to count by hand."""

from benchmarks.redaction.corpora import Document, Mention, lowered
from benchmarks.redaction.scoring import Score, trivial

TEXT = "Mr Ali of Argun met Ali, aged 34, in Rome."
MENTIONS = (
    Mention(0, 15, "PERSON", "DIRECT", "ali"),  # Mr Ali of Argun
    Mention(20, 23, "PERSON", "DIRECT", "ali"),  # Ali
    Mention(30, 32, "DEM", "QUASI", "age"),  # 34
    Mention(37, 41, "LOC", "NO_MASK", "rome"),
)
DOCUMENT = Document("d", TEXT, MENTIONS, "en")


def scored(*places: tuple[int, int]) -> Score:
    score = Score()
    score.add(DOCUMENT, places)
    return score


def test_doing_nothing_scores_by_words_of_a_closed_class() -> None:
    score = scored()
    assert (score.tokens, score.tokens_gone, score.taken) == (6, 2, 0)  # Mr, of
    assert score.entity_recall("DIRECT") == 0


def test_an_entity_is_gone_with_its_last_mention() -> None:
    score = scored((3, 6), (10, 15))
    assert score.entity_recall("DIRECT") == 0
    score = scored((3, 6), (10, 15), (20, 23))
    assert score.entity_recall("DIRECT") == 1
    assert score.entity_recall("QUASI") == 0
    assert score.recall == 5 / 6
    assert score.precision == 1
    assert score.burden == 1000 * 3 / 10


def test_half_a_word_is_not_gone_and_what_may_stay_is_an_error() -> None:
    score = scored((20, 22), (37, 41))
    assert score.tokens_gone == 2
    assert (score.taken, score.taken_rightly) == (2, 1)


def test_a_word_in_two_places_counts_once() -> None:
    score = scored((20, 23), (20, 23), (19, 24))
    assert (score.taken, score.spans) == (1, 3)


def test_the_trivial_row_is_capitals_and_digits() -> None:
    words = [TEXT[start:end] for start, end in trivial(TEXT)]
    assert words == ["Mr", "Ali", "Argun", "Ali", "34", "Rome"]


def test_small_letters_leave_every_place_where_it_was() -> None:
    document = Document("d", "İZMİR Ali", (Mention(6, 9, "PERSON", "DIRECT", "e"),), "en")
    assert len(lowered(document).text) == len(document.text)
    assert lowered(document).text[6:9] == "ali"
