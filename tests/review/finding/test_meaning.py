"""What a word means: of which words its vector is seen, what a network makes of it, and how it is trained."""

import tracemalloc
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from benchmarks.redaction import networks
from benchmarks.redaction.corpora import Document, Mention
from benchmarks.redaction.models import FOLDER
from benchmarks.redaction.networks import train_network
from intake.errors import StoreError
from intake.review.finding import meaning, tagger
from intake.review.finding.meaning import (
    LABELS,
    SIGNS,
    VECTOR,
    Meaning,
    Network,
    network_name,
    words_of,
)
from intake.review.finding.news import News
from intake.review.finding.reading import Reading
from intake.review.finding.routing import Language
from intake.review.finding.span import Label
from intake.review.finding.tagger import Doubt, Tagger, model_name
from intake.review.finding.view import View

MOST = 2_000_000  # bytes
each_way = pytest.mark.parametrize("cased", [True, False])


def seen(text: str, *, cased: bool = True) -> View:
    return View.of(Reading.of(text), Language.RU, cased=cased)


def shipped(*, cased: bool) -> Network:
    return Network.decoded((FOLDER / network_name("ru", cased=cased)).read_bytes())


def chances(network: Network, view: View) -> list[Any]:
    return list(Meaning(network).chances(view))


@each_way
def test_a_network_is_small_and_written_as_it_is_read(cased: bool) -> None:
    data = (FOLDER / network_name("ru", cased=cased)).read_bytes()
    assert len(data) <= MOST
    again = Network.decoded(data).encoded()
    assert zlib.decompress(again) == zlib.decompress(data)


def damaged(data: bytes) -> list[bytes]:
    numbers = zlib.decompress(data)
    return [
        b"",
        b"\0" * 40,
        data[:-20],
        data[:-2],
        data + b"\0",
        zlib.compress(numbers[:-2]),
        zlib.compress(numbers + b"\0\0"),
        zlib.compress(numbers[:-2] + np.array([np.nan], "<f2").tobytes()),
        zlib.compress(numbers[:-2] + np.array([np.inf], "<f2").tobytes()),
    ]


@pytest.mark.parametrize("which", range(9))
def test_what_is_no_network_of_this_size_is_refused(which: int) -> None:
    data = (FOLDER / network_name("ru", cased=True)).read_bytes()
    with pytest.raises(StoreError, match="damaged"):
        Network.decoded(damaged(data)[which])


def test_of_a_file_that_would_unpack_to_much_more_no_more_is_unpacked() -> None:
    size = 2 * sum(int(np.prod(shape)) for shape in Network.shapes())
    assert size < meaning._MOST
    data = zlib.compress(bytes(200 * size))
    tracemalloc.start()
    with pytest.raises(StoreError, match="damaged"):
        Network.decoded(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 * meaning._MOST


def test_a_package_without_its_network_does_not_read_on_without_it(tmp_path: Path) -> None:
    model = model_name("ru", cased=True)
    (tmp_path / model).write_bytes((FOLDER / model).read_bytes())
    with pytest.raises(StoreError, match="missing"):
        Tagger.in_folder(tmp_path, "ru", cased=True)


def test_an_ordinary_word_is_seen_by_its_vector_and_a_name_or_a_number_by_none() -> None:
    words = words_of(seen("сварщик Ахмадов видел, бгдщ 15"), 0)
    shown = [bool(row.any()) for row in words.vectors]
    assert shown == [True, False, True, False, False, False]
    assert words.vectors.shape == (6, VECTOR)
    assert words.signs.shape == (6, SIGNS)
    number = News.shared().number("сварщик")
    assert (words.vectors[0] == News.shared().vectors([number])[0]).all()


def test_beside_its_vector_a_word_is_seen_by_shape_lists_news_and_where_it_stands() -> None:
    view = seen("Я видел Ахмадова. Он ушёл.")
    assert view.hints is not None
    first, verb, name, stop = words_of(view, 0).signs
    shapes, lists = meaning._SHAPE_AT, meaning._LIST_AT
    assert first[shapes["X"]] == verb[shapes["x"]] == name[shapes["Xx"]] == stop[shapes["."]] == 1
    assert verb[lists["VERB"]] == verb[lists["w"]] == name[lists["u"]] == 1
    assert not verb[lists["u"]]
    assert [row[meaning._FIRST] for row in (first, verb, name, stop)] == [1, 0, 0, 0]
    assert [row[meaning._NONE] for row in (first, verb, name, stop)] == [0, 0, 1, 1]
    told = {sign[:3]: int(sign[3:]) / 5 for sign in view.hints[0][2].signs if sign[2] != ":"}
    assert told["n0P"] > 0.5
    assert {sign: name[at] for sign, at in meaning._NEWS_AT.items() if name[at]} == pytest.approx(
        told
    )
    assert set(words_of(view, 1).signs[:, meaning._TOLD]) == {1.0}
    assert set(words_of(seen("Он ушёл."), 0).signs[:, meaning._TOLD]) == {0.0}
    assert not words_of(view, 0).signs[:, meaning._EDGE].any()
    edges = meaning.spaced([np.zeros((2, meaning.WIDTH), np.float32)])[:, -1]
    assert edges.tolist() == [1, 1, 1, 0, 0, 1, 1, 1]


def test_a_form_without_a_vector_is_seen_as_its_base() -> None:
    form, base = "слесарями", "слесарь"
    view = seen(f"видел {form}")
    assert view.base is not None
    numbers = {form: None, base: 7}
    assert view.base(form) == base, "else this says nothing"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(News, "number", lambda _, word: numbers.get(word))
        words = words_of(view, 0)
    assert (words.vectors[1] == News.shared().vectors([7])[0]).all()


def test_a_word_that_is_a_name_in_a_text_for_training_is_seen_by_no_vector() -> None:
    view = seen("Роза видела розу")
    words, hidden = words_of(view, 0), words_of(view, 0, frozenset({"роза"}))
    assert words.vectors[0].any()
    assert [bool(row.any()) for row in hidden.vectors] == [False, True, True]


def test_nor_is_a_form_of_it_seen_as_its_base() -> None:
    view = seen("Роза видела зелёными")
    assert view.base is not None
    assert view.base("зеленыи") != "зелёный"
    numbers = {"зелёный": 7, "видела": 8}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(News, "number", lambda _, word: numbers.get(word))
        shown = words_of(view, 0).vectors.any(1).tolist()
        hidden = words_of(view, 0, frozenset({"зеленый"})).vectors.any(1).tolist()
    assert (shown, hidden) == ([False, True, True], [False, True, False])


def test_where_a_word_has_no_vector_its_directions_are_nothing_and_else_they_are_off_the_mean() -> (
    None
):
    network = shipped(cased=True)
    words = words_of(seen("сварщик Ахмадов"), 0)
    work, name = meaning.inputs(network, words)
    assert not name[: meaning.KEPT].any()
    expected = (words.vectors[0] - network.mean) @ network.directions
    assert np.allclose(work[: meaning.KEPT], expected, atol=1e-5)
    assert np.allclose(work[meaning.KEPT :], words.signs[0])
    assert np.allclose(name[meaning.KEPT :], words.signs[1])


def test_each_word_of_each_sentence_has_chances_that_add_up_to_one() -> None:
    view = seen("Мне сорок лет. Я сварщик из Ведено! Они знали.")
    found = chances(shipped(cased=True), view)
    assert [len(rows) for rows in found] == [len(sentence) for sentence in view.sentences]
    for rows in found:
        assert rows.shape[1] == len(LABELS)
        assert np.allclose(rows.sum(1), 1, atol=1e-5)


@pytest.mark.parametrize("batch", [1, 5, 9])
def test_sentences_do_not_see_each_other_and_how_many_are_reckoned_at_once_is_the_same(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = seen("Я сварщик. Меня держали в подвале три дня. Я молчал. Брат привёз деньги.")
    network = shipped(cased=True)
    together = chances(network, view)
    alone = [
        rows
        for sentence, hints in zip(view.sentences, view.hints or (), strict=True)
        for rows in chances(network, replace(view, sentences=[sentence], hints=[hints]))
    ]
    monkeypatch.setattr(meaning, "_BATCH", batch)
    in_parts = chances(network, view)
    for one, other, third in zip(together, alone, in_parts, strict=True):
        assert np.allclose(one, other, atol=1e-5)
        assert np.allclose(one, third, atol=1e-5)


def test_a_neighbour_counts_as_far_as_it_is_seen_and_no_farther() -> None:
    network = shipped(cased=True)
    near, far = "сварщик тихо вышел из дома вечером", "сварщик тихо вышел из дома утром"
    one, other = (chances(network, seen(text))[0] for text in (near, far))
    differs = [not np.allclose(a, b, atol=1e-6) for a, b in zip(one, other, strict=True)]
    assert differs == [False, False, True, True, True, True]


class Says:
    """A network that says the same of every word, and of all sentences but so many at the end."""

    def __init__(self, said: dict[str, float], less: int = 0) -> None:
        self.row = np.array([said.get(name, 0.0) for name in LABELS])
        self.less = less

    def chances(self, view: View) -> list[Any]:
        sentences = view.sentences[: len(view.sentences) - self.less]
        return [np.tile(self.row, (len(sentence), 1)) for sentence in sentences]


def doubts(view: View, says: Says | None) -> list[Doubt]:
    tagger = Tagger(FOLDER / model_name("ru", cased=True), cast("Meaning | None", says))
    return [doubt for row in tagger.doubts(view, 0.0) for doubt in row]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Меня держали в подвале, я сварщик из Ведено.", tagger._SHARE),
        ("Их держали в подвале, он сварщик из Ведено.", tagger._SHARE_ELSEWHERE),
    ],
)
def test_the_chance_of_a_word_is_the_mean_of_model_and_network(text: str, share: float) -> None:
    view = seen(text)
    assert view.seen.told == (share == tagger._SHARE)
    assert 0 < tagger._SHARE_ELSEWHERE < tagger._SHARE < 1
    alone = [doubt.chance for doubt in doubts(view, None)]
    both = doubts(view, Says({"O": 0.2, "DEM": 0.7, "MISC": 0.1}))
    expected = [(1 - share) * chance + share * 0.8 for chance in alone]
    # What the model holds for a name is no less than it says.
    assert [d.chance for d in both] == pytest.approx(
        [
            max(e, a * (d.label in tagger._LEADING))
            for e, a, d in zip(expected, alone, both, strict=True)
        ],
        abs=1e-3,
    )
    assert both[1].label is Label.DEM


@pytest.mark.parametrize("who", ["Меня", "Его"])
def test_of_a_name_it_is_no_less_than_the_model_says(who: str) -> None:
    """Whoever tells."""
    view = seen(f"{who} били, потом пришла Мадина Хамидова и привела домой.")
    assert view.seen.told == (who == "Меня")
    alone, both = doubts(view, None), doubts(view, Says({"O": 0.98, "MISC": 0.02}))
    at = [doubt.token.text for doubt in alone].index("Мадина")
    assert alone[at].label is Label.PERSON
    assert alone[at].chance > 0.9
    assert both[at].label is Label.PERSON
    assert both[at].chance >= 0.9
    share = tagger._SHARE if view.seen.told else tagger._SHARE_ELSEWHERE
    assert both[0].chance == pytest.approx((1 - share) * alone[0].chance + share * 0.02, abs=1e-3)
    assert both[0].chance < 0.4


def test_a_network_that_leaves_out_a_sentence_is_noticed() -> None:
    with pytest.raises(ValueError, match="shorter"):
        doubts(seen("Меня били. Я молчал."), Says({"O": 1.0}, less=1))


@each_way
def test_beside_each_model_is_the_network_of_the_same_name(cased: bool) -> None:
    view = seen("ко мне пришли мадина хамидова и зелим", cased=cased)
    tagger_shipped = Tagger.shipped("ru", cased=cased)
    path = FOLDER / model_name("ru", cased=cased)
    same, swapped = (Tagger(path, Meaning(shipped(cased=one))) for one in (cased, not cased))
    found = [
        [d.chance for row in one.doubts(view, 0.0) for d in row]
        for one in (tagger_shipped, same, swapped)
    ]
    assert found[0] == found[1]
    assert found[0] != found[2]
    assert Tagger.shipped("en", cased=cased)._meaning is None


def texts() -> list[Document]:
    """Who worked as what is marked; what they ate is not."""
    found: list[Document] = []
    for i, (work, food) in enumerate(
        [("сварщик", "хлеб"), ("электрик", "суп"), ("плотник", "сыр"), ("врач", "рис")] * 12
    ):
        text = f"Я {work}. Мы ели {food}."
        mark = Mention(2, 2 + len(work), "DEM", "QUASI", work)
        found.append(Document(f"d{i}", text, (mark,), "ru"))
    return found


def test_the_same_texts_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "_ROUNDS", 1)
    for name in ("one", "two"):
        train_network(texts(), tmp_path / name, cased=True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_was_marked_of_some_words_is_found_of_others_that_are_used_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "_ROUNDS", 60)
    train_network(texts(), tmp_path / "one", cased=True)
    network = Network.decoded((tmp_path / "one").read_bytes())

    def likely(word: str, text: str) -> float:
        view = seen(text)
        places = [token.text for sentence in view.sentences for token in sentence]
        rows = [row for rows in chances(network, view) for row in rows]
        return float(rows[places.index(word)][LABELS.index("DEM")])

    for work in ("слесарь", "каменщик", "учитель"):
        assert likely(work, f"Он же {work}.") > 0.5
    for food in ("мясо", "творог", "борщ"):
        assert likely(food, f"Он же {food}.") < 0.5


def test_no_vector_of_a_name_is_learnt_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "_ROUNDS", 0)
    given: list[Any] = []
    fitted = networks._fitted
    monkeypatch.setattr(
        networks, "_fitted", lambda lessons: given.append(lessons) or fitted(lessons)
    )
    text = "Роза вышла."
    named = Document("d", text, (Mention(0, 4, "PERSON", "DIRECT", "e"),), "ru")
    news = Document("n", text, (Mention(0, 4, "PERSON", "QUASI", "e"),), "ru", names_only=True)
    train_network([*texts(), named, news], tmp_path / "one", cased=True)
    *_, own, other = given[0]
    assert not own.sentences[0].vectors[0].any()
    assert own.sentences[0].vectors[1].any()
    assert own.labels == [LABELS.index(name) for name in ("PERSON", "O", "O")]
    assert (own.weight, other.weight) == (1.0, networks._NEWS)
    assert networks._NEWS < 1


def test_the_slopes_are_those_of_the_loss_where_some_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Against the loss a little to either side of each number, one by one."""
    monkeypatch.setattr(networks, "_DROPPED", (0.3, 0.5))
    chance = np.random.default_rng(3)
    layers = [chance.normal(size=size) for size in ((4, 3), (3,), (3, len(LABELS)), (len(LABELS),))]
    given, labels = chance.normal(size=(5, 4)), chance.integers(0, len(LABELS), 5)
    weights = np.array([1.0, 1.0, 0.1, 2.0, 1.0])

    dropping = np.random.default_rng(5)
    dropped = [
        networks._kept(dropping, size, share) for size, share in (((5, 4), 0.3), ((5, 3), 0.5))
    ]
    assert all(0 < (mask == 0).sum() < mask.size for mask in dropped)

    def loss(layers: Sequence[Any]) -> float:
        inner = np.maximum((given * dropped[0]) @ layers[0] + layers[1], 0) * dropped[1]
        scores = inner @ layers[2] + layers[3]
        logarithms = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        return float(-(weights * logarithms[np.arange(5), labels]).sum() / 5)

    found = networks._slopes(layers, given, labels, weights, np.random.default_rng(5))
    for part, slope in zip(layers, found, strict=True):
        for place in np.ndindex(part.shape):
            was = part[place]
            part[place] = was + 1e-5
            above = loss(layers)
            part[place] = was - 1e-5
            below = loss(layers)
            part[place] = was
            assert slope[place] == pytest.approx((above - below) / 2e-5, abs=1e-6)


def test_what_is_dropped_is_made_up_for_by_what_is_kept() -> None:
    kept = networks._kept(np.random.default_rng(1), (200, 200), 0.3)
    assert set(np.unique(kept)) == {0.0, np.float32(1) / np.float32(0.7)}
    assert kept.mean() == pytest.approx(1, abs=0.02)


def test_a_step_goes_downhill_as_adam_with_decoupled_decay_does() -> None:
    layers = [np.array([[2.0]]), np.array([3.0])]
    descent = networks._Descent(layers)
    one, two = networks._MEANS
    mean = square = np.zeros(2)
    expected = np.array([2.0, 3.0])
    for step, slopes in enumerate(([4.0, -1.0], [1.0, -3.0]), 1):
        descent.go([np.array([[slopes[0]]]), np.array([slopes[1]])], 0.1)
        mean = one * mean + (1 - one) * np.array(slopes)
        square = two * square + (1 - two) * np.array(slopes) ** 2
        steady = (mean / (1 - one**step)) / (np.sqrt(square / (1 - two**step)) + 1e-8)
        # Weights decay, biases do not.
        expected = expected - 0.1 * (steady + networks._DECAY * expected * np.array([1, 0]))
        assert [float(layers[0][0, 0]), float(layers[1][0])] == pytest.approx(expected.tolist())


def test_networks_side_by_side_say_the_mean_of_what_each_scores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = np.random.default_rng(2)
    half = meaning.HIDDEN // 2
    width = (2 * meaning.AROUND + 1) * meaning.WIDTH
    sizes = ((width, half), (half,), (half, len(LABELS)), (len(LABELS),))
    parts = {seed: [chance.normal(0, 0.1, size) for size in sizes] for seed in (0, 1)}
    monkeypatch.setattr(networks, "_descended", lambda seed, *_: parts[seed])
    view = seen("Меня держали в подвале.")
    words = words_of(view, 0)
    network = networks._fitted([networks.Lesson([words], [0] * len(view.sentences[0]), 1.0)])
    rows = meaning.spaced([meaning.inputs(network, words)])
    windows = [rows[k : k + 2 * meaning.AROUND + 1].reshape(-1) for k in range(len(words.signs))]
    scores = [
        np.maximum(np.array(windows) @ first + bias, 0) @ last + last_bias
        for first, bias, last, last_bias in parts.values()
    ]
    expected = np.exp(sum(scores) / 2)
    expected /= expected.sum(1, keepdims=True)
    assert np.allclose(chances(network, view)[0], expected, atol=1e-4)
