"""What the rules find, in odd spellings too, and what they leave to a person."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.review.finding.rules import found
from intake.review.finding.rules.checksums import CHECKED, UNCHECKED, confidence

ANY = st.text(st.sampled_from("aё5 .-\u0306\u200b\ud800\n№Ӏ1lи:/@+") | st.characters())


def taken(text: str, language: str = "ru") -> list[tuple[str, str]]:
    return [(span.label.value, text[span.start : span.end]) for span in found(text, language)]


@given(ANY, st.sampled_from(["ru", "en", "ce"]))
def test_spans_are_in_order_inside_the_text_and_apart(text: str, language: str) -> None:
    end = 0
    for span in found(text, language):
        assert end <= span.start < span.end <= len(text)
        assert span.reason
        end = span.end


@pytest.mark.parametrize(
    ("digits", "sure"),
    [
        ("4111 1111 1111 1111", CHECKED),
        ("4111 1111 1111 1112", UNCHECKED),
        ("112-233-445 95", CHECKED),
        ("112-233-445 96", UNCHECKED),
        ("7707083893", CHECKED),
        ("7707083894", UNCHECKED),
        ("500100732259", CHECKED),
        ("500100732258", UNCHECKED),
    ],
)
def test_a_number_that_checks_is_surer_and_one_that_does_not_is_found_too(digits, sure) -> None:
    assert confidence(digits) == sure
    assert taken(f"номер {digits} да") == [("CODE", digits)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("мой но\u200bмер +7 000 123-45-6\u20607, всё", "+7 000 123-45-6\u20607"),
        ("звони 8 (000) 123 45 67", "8 (000) 123 45 67"),
        ("звони ٨٠٠٠١٢٣٤٥٦٧", "٨٠٠٠١٢٣٤٥٦٧"),
        ("телеграм: zelim.oo7 был там", "zelim.oo7"),
        ("писал с инсты kot_00_kot каждый день", "kot_00_kot"),
    ],
)
def test_contacts_are_found_where_they_were_typed(text: str, expected: str) -> None:
    assert taken(text) == [("CODE", expected)]


def test_a_word_after_a_messenger_that_is_no_name_is_left() -> None:
    assert taken("wrote to me on telegram every day, facebook was closed", "en") == []


FINDS = [
    ("ru", "забрали В НОЧЬ НА ТРЕТЬЕ МАРТА", "DATETIME", "ТРЕТЬЕ МАРТА"),
    ("ru", "отпустили за два дня до уразы-байрам", "DATETIME", "уразы-байрам"),
    ("ru", "пришли в полшестого утра", "DATETIME", "полшестого утра"),
    ("ru", "это было в пятницу после вечернего намаза", "DATETIME", "после вечернего намаза"),
    ("ru", "держали двое суток", "DATETIME", "двое суток"),
    ("ru", "брату 19 лет", "DEM", "19 лет"),
    ("ru", "парень лет тридцати", "DEM", "лет тридцати"),
    ("ru", "26-летний сосед", "DEM", "26-летний"),
    ("ru", "он единственный сын", "DEM", "единственный сын"),
    ("ru", "у нее трое детей", "DEM", "трое детей"),
    ("ru", "младший из четырех братьев", "DEM", "младший из четырех братьев"),
    ("ru", "увезли в заводской ровд", "ORG", "заводской ровд"),
    ("ru", "служил в 6-й роте", "ORG", "6-й роте"),
    ("ru", "учился в школе №12", "ORG", "школе №12"),
    ("ru", "подошел старший лейтенант", "DEM", "старший лейтенант"),
    ("ru", "мать работала медсестрой", "DEM", "медсестрой"),
    ("ru", "мы из тейпа Беной", "DEM", "Беной"),
    ("ru", "сказали что я гей", "DEM", "гей"),
    ("ru", "ул садовая дом 5 кв 12", "LOC", "ул садовая дом 5 кв 12"),
    ("ru", "жил за старой мельницей", "LOC", "старой мельницей"),
    ("ru", "в селе ачхой-мартан", "LOC", "ачхой-мартан"),
    ("ru", "приехали на белой приоре", "MISC", "белой приоре"),
    ("ru", "сломали два ребра", "MISC", "два ребра"),
    ("ru", "требовали 300 тысяч рублей", "QUANTITY", "300 тысяч рублей"),
    ("ru", "отдали 200к", "QUANTITY", "200к"),
    ("ru", "вошли четверо мужчин", "QUANTITY", "четверо мужчин"),
    ("ru", "номер А 000 АА 95", "CODE", "А 000 АА 95"),
    ("ru", "номер a000aa 95 rus", "CODE", "a000aa 95 rus"),
    ("ru", "43.1234, 48.5678", "CODE", "43.1234, 48.5678"),
    ("ru", "я видел аслана хамидова", "PERSON", "аслана хамидова"),
    ("ru", "видел A\u0441лана там", "PERSON", "A\u0441лана"),  # a Latin A in a Cyrillic word
    ("ru", "сказал Увайсович", "PERSON", "Увайсович"),
    ("en", "it happened in early April 2017", "DATETIME", "early April 2017"),
    ("en", "two weeks later", "DATETIME", "two weeks"),
    ("en", "it was in 1989", "DATETIME", "1989"),
    ("en", "they came at half past five", "DATETIME", "half past five"),
    ("en", "a boy aged 27", "DEM", "27"),
    ("en", "my mother is a WIDOW", "DEM", "WIDOW"),
    ("en", "youngest of three brothers", "DEM", "youngest of three brothers"),
    ("en", "i live at 14 mill street, flat 3", "LOC", "14 mill street, flat 3"),
    ("en", "third gate after the old mill", "LOC", "third gate after the old mill"),
    ("en", "a white lada priora", "MISC", "white lada priora"),
    ("en", "they broke two ribs", "MISC", "two ribs"),
    ("en", "we paid 300,000 rubles", "QUANTITY", "300,000 rubles"),
    ("en", "i saw Ruslan Hamidov", "PERSON", "Ruslan Hamidov"),
    ("en", "movsar was there", "PERSON", "movsar"),
    ("en", "application no. 18403/91", "CODE", "18403/91"),
    ("ce", "кхо ваша ву", "DEM", "кхо ваша"),
    ("ru", "номер восемь ноль ноль ноль пять два", "CODE", "восемь ноль ноль ноль пять два"),
    ("ru", "звони девять один два сорок пять семь", "CODE", "девять один два сорок пять семь"),
    ("ru", "плюс семь 000 123 сорок", "CODE", "плюс семь 000 123 сорок"),
    ("ru", "пиши zara00 собака post точка example", "CODE", "zara00 собака post точка example"),
    ("ru", "зара нижнее подчеркивание 00", "CODE", "зара нижнее подчеркивание 00"),
    ("ru", "а ноль ноль ноль мр девяносто пять", "CODE", "а ноль ноль ноль мр девяносто пять"),
    ("ru", "улица мира, 5, вход со двора", "LOC", "улица мира, 5, вход со двора"),
    ("ru", "живу в доме двенадцать", "LOC", "доме двенадцать"),
    ("ru", "дом 3 квартира пять", "LOC", "квартира пять"),
    ("ru", "жил на мельничной восемнадцать", "LOC", "на мельничной восемнадцать"),
    (
        "ru",
        "улица мира двадцать пять, квартира шесть",
        "LOC",
        "улица мира двадцать пять, квартира шесть",
    ),
    (
        "ru",
        "жил на садовой, третий подъезд, квартира под крышей",
        "LOC",
        "садовой, третий подъезд, квартира под крышей",
    ),
    ("ru", "живем на окружной пятый дом", "LOC", "окружной пятый дом"),
    ("ru", "помню только 000 и регион 95", "CODE", "000 и регион 95"),
    ("ru", "пусть так.\nтвой зайка. всё", "PERSON", "зайка"),
    ("ru", "ул.Садовая 5", "LOC", "ул.Садовая 5"),
    (
        "ru",
        "пиши zara ноль ноль собака мейл точка ру",
        "CODE",
        "zara ноль ноль собака мейл точка ру",
    ),
    ("ru", "зовут м-о-в-с-а-р", "PERSON", "м-о-в-с-а-р"),
    ("ru", "зовут м о в с а р", "PERSON", "м о в с а р"),
    ("ru", "его все звали профессор", "PERSON", "профессор"),
    ("ru", "один по кличке кот", "PERSON", "кот"),
    ("ru", "меня зовут вера", "PERSON", "вера"),
    ("ru", "там мой ник снеговик", "CODE", "снеговик"),
    ("en", "call sign winter", "PERSON", "winter"),
    ("ru", "я тогда пасла овец в горах", "DEM", "пасла овец"),
    ("ru", "он играл на скрипке", "DEM", "играл на скрипке"),
    ("ru", "работала в теплице", "DEM", "теплице"),
    ("ru", "жили ввосьмером", "QUANTITY", "ввосьмером"),
    ("ru", "родился в 1989 году рождения", "DATETIME", "1989 году"),
    ("ru", "пришли на навруз", "DATETIME", "навруз"),
    ("ru", "остался его поко м3", "MISC", "поко м3"),
    ("ru", "он оглох на левое", "MISC", "оглох на левое"),
    ("ru", "не закрывается правый глаз", "MISC", "не закрывается правый глаз"),
    ("ru", "у него заячья губа", "MISC", "заячья губа"),
    ("ru", "дом наш крайний к каналу", "LOC", "крайний к каналу"),
    ("ru", "во дворе бывшего консервного завода", "LOC", "бывшего консервного завода"),
    ("ru", "у развилки на толстую", "LOC", "развилки на толстую"),
    ("ru", "в лондонской полиции", "ORG", "лондонской полиции"),
    ("en", "eight zero zero zero five one", "CODE", "eight zero zero zero five one"),
    ("en", "call double zero four seven", "CODE", "double zero four seven"),
    ("en", "zara00 at post dot example", "CODE", "zara00 at post dot example"),
    ("en", "zara00 (at) post (dot) example", "CODE", "zara00 (at) post (dot) example"),
    ("en", "5 mill street, third floor left", "LOC", "5 mill street, third floor left"),
    ("en", "flat four, nine baker road", "LOC", "flat four, nine baker road"),
    ("ce", "сан ваша Мовсар", "PERSON", "Мовсар"),
    ("ce", "салам. со ю, пета. пишу", "PERSON", "пета"),
    ("ce", "сан ц1е роза ю", "PERSON", "роза"),
    ("ce", "тейп цIонтарой", "DEM", "цIонтарой"),
    ("ce", "кхо де даьлча", "DATETIME", "кхо де"),
    ("ce", "он живет в Хьалха-Мартанта", "LOC", "Хьалха-Мартанта"),
]
LEAVES = [
    ("ru", "Мой брат и сосед видели это. Потом я вышел из дома и пошёл к врачу."),
    ("ru", "через некоторое время следователь сказал, что всё хорошо"),
    ("ru", "меня били током в подвале, было несколько человек, один кричал"),
    ("ru", "Чечня, Россия, Кавказ. Они обыскали телефон в вотсапе"),
    ("ru", "пишет нана, скажите нане что нохчи своих не сдают"),
    ("ru", "он собрал вещи и десятки бумаг, заплатил за газ"),
    ("ru", "я посмотрел на дом и на двор, один раз, два раза, три раза"),
    ("ru", "акт переписали 14 раз, период был тяжёлый"),
    ("ru", "у меня был день рождения, потом звали его домой, так его и не нашли"),
    ("ru", "я не продавал никого, вёл себя тихо и делал что скажут"),
    ("en", "look at me. then we sat and looked at the dot on the wall"),
    ("en", "My brother and a neighbour saw it. Later that night I went home."),
    ("en", "They beat me in the basement for a few days, one man shouted."),
    ("en", "nobody in the village said anything; the guard opened the door"),
]


@pytest.mark.parametrize(("language", "text", "label", "expected"), FINDS)
def test_what_gives_away_is_found_as_it_was_typed(language, text, label, expected) -> None:
    assert (label, expected) in taken(text, language)


@pytest.mark.parametrize(("language", "text"), LEAVES)
def test_what_everybody_could_have_written_is_left(language: str, text: str) -> None:
    assert taken(text, language) == []


@pytest.mark.parametrize("text", ["мне 26 лет", "уразы-байрам", "две недели"])
def test_russian_rules_are_asked_of_chechen_and_not_of_english(text: str) -> None:
    assert taken(text, "ce") == taken(text, "ru") != []
    assert taken(text, "en") == []


HOSTILE = [
    "а",
    "a",
    "1",
    "1 ",
    "\u0301",
    "aа",
    "два ",
    "two ",
    "ул. ",
    "дом 5 ",
    "Иван ",
    "A. ",
    "a-",
]
HOSTILE += [
    "\ud800",
    "№",
    " ",
    "\n",
    "the ",
    "Court of ",
    "1:",
    "5 мая ",
    "Ӏ",
    "ж" * 41 + " ",
    "zero ",
    "ноль 0 ",
    "a at b dot ",
    "@ .",
]
HOSTILE += ["a underscore ", "а ноль ", "а.", "а б ", "ая два ", "бывшего завода ", "слово-"]


_LEAST = 0.01  # seconds that are measured at least


def growth(piece: str, language: str, small: int, large: int) -> float:
    """How much more a character costs in a long text than in a short one."""

    def cost(length: int) -> float:
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(3):
            runs, taken = 0, 0.0
            while taken < _LEAST:  # one short run may end within a tick of the clock
                started = time.process_time()
                found(text, language)
                taken += time.process_time() - started
                runs += 1
            best = min(best, taken / runs)
        return best / length

    found(piece * 100, language)
    return cost(large) / cost(small)


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_makes_a_rule_slow(piece: str) -> None:
    """Quadratic work would make the ratio 16."""
    assert growth(piece, "ce", 500, 8_000) < 4


@pytest.mark.long
@pytest.mark.parametrize("language", ["ru", "en", "ce"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_cost_grows_with_length_alone(piece: str, language: str) -> None:
    assert growth(piece, language, 5_000, 500_000) <= 1.3
