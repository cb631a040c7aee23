"""What the vectors are made from: texts of every kind, and answers to the guided form."""

from typing import Any

Text = str | dict[str, str | int]

TEXTS: dict[str, str] = {
    "empty": "",
    "one word": "word",
    "Latin": "They came at night. It was cold.",
    "Cyrillic": "Пришли ночью.\nБыло холодно,  темно.",
    "palochka in five spellings": "Ӏумар ӏумар 1умар Iумар |умар lумар",
    "Arabic": "جاؤوا ليلاً، وكان الجو بارداً.",
    "emoji, joined and coloured": "дом 🏚️ семья 👨‍👩‍👧‍👦 рука ✊🏿 флаг 🇺🇦",
    "beyond the basic plane": "𐍈 𝔸 \U0010ffff",
    "no-break space joins": "a\u00a0b\u2003c\u3000d\u200be\u0085f\ufefff",
    "white space at both ends": " \t\r\n a  b \n",
    "white space alone": " \n\t ",
    "line ends": "a\nb\r\nc\rd",
    "quotes and slashes": 'said "no" \\ / \b \f \x7f \u2028 \u2029',
    "combining": "e\u0301 \u0301 й",
    "direction marks": "\u202eabc\u202c \u2067x\u2069",
}

_THIRD = {"episode.3.ep_when": "autumn", "episode.1.ep_label": "first"}

# In the guided form. The order in which answers are given, and ticks within one, does not matter.
GUIDED_FORMS: list[dict[str, Any]] = [
    {"lang": "en", "answers": {"narrative": TEXTS["Latin"]}, "agreed": ["stats"]},
    {
        "lang": "ru",
        "answers": {
            "episode.2.ep_methods": "m.unknown m.hands  m.hands m.bag",
            "episode.2.ep_end": "f.family",
            "episode.1.ep_place_type": "pl.secret",
            "episode.1.ep_done": TEXTS["Cyrillic"],
            "narrative": TEXTS["palochka in five spellings"],
            "relation": "r.relative",
            "aware": "cannot",
            "missing_name": "Ӏ. Ӏ.",
            "missing_agree": "c_missing.1",
            "told_before": "t.court t.police",
            "age_band": "a.under18",
            "episode.10.ep_done": "passed over",
            "episode.0.ep_done": "passed over",
            "episode.01.ep_done": "passed over",
            "when_text": "passed over",
        },
        "agreed": ["publish", "courts"],
    },
    {"lang": "ru", "answers": {"narrative": "x", **_THIRD}, "agreed": []},
    {"lang": "en", "answers": {"narrative": "x", "episode.9.ep_after": "y"}, "agreed": []},
]

GUIDED_WRONG: list[dict[str, Any]] = [
    {},
    {"episode.2.ep_done": "only here"},
    {"narrative": "x", "episode.1.ep_methods": "m.hands m.none"},
    {"narrative": "x", "episode.1.ep_methods": "m.hands,m.bag", "told_before": "t.police\n"},
    {"narrative": "x", "episode.9.ep_end": "f.family f.paid", "age_band": "17"},
    {"narrative": "x", "episode.2.ep_done": {"of": "я", "times": 8_001}},
    {"narrative": "x", "episode.3.ep_label": "a\x00b", "area_now": "\x01l.same"},
    {
        "narrative": {"of": "Ӏ", "times": 15_000},
        "episode.1.ep_done": {"of": "ж", "times": 8_000},
        "episode.2.ep_done": {"of": "ж", "times": 8_000},
        "episode.3.ep_done": {"of": "ж", "times": 8_000},
    },
    {
        "narrative": "short",
        **{f"episode.{n}.ep_done": {"of": "ж", "times": 8_000} for n in (1, 2, 3, 4)},
    },
]

# Where each button leads, for these answers and from this page.
WALKS: list[tuple[dict[str, str], str]] = [
    *(({"narrative": "x"}, key) for key in ("story", "label.1", "after.1", "again.1", "age")),
    *(({"relation": code}, "again.1") for code in ("r.self", "r.witness", "r.relative", "r.told")),
    ({"relation": "r.self", "missing_name": "y"}, "again.1"),
    ({"relation": "r.witness"}, "missing"),
    ({"relation": "r.self"}, "missing"),
    (_THIRD, "again.1"),
    (_THIRD, "again.2"),
    (_THIRD, "again.3"),
    (_THIRD, "age"),
    ({"narrative": "x"}, "when.5"),
    ({"narrative": "x"}, "again.5"),
    ({"narrative": "x"}, "again.9"),
    ({"narrative": "x"}, "uses"),
]

CAPPED: list[dict[str, str]] = [
    {
        name: code
        for name, code in (("relation", relation), ("aware", aware), ("age_band", age))
        if code
    }
    for relation in ("", "r.self", "r.na", "r.witness", "r.relative", "r.service", "odd")
    for aware in ("", "yes", "no", "cannot")
    for age in ("", "a.under18", "a.18", "a.na", "odd")
]

CODES = [
    (0, 0, 0, 0, 0, 0, 0, 0),
    (7775, 7775, 7775, 7775, 7775, 7775, 7775, 7775),
    (0, 1, 2, 3, 4, 5, 6, 7),
    (2009, 2528, 6640, 7748, 512, 4095, 100, 7000),
    (1234, 5678, 910, 1112, 1314, 1516, 1718, 1920),
]

_SPOKEN = "abacus zoom drop-down felt-tip t-shirt yo-yo unicorn granite"

# However it is typed, it is the same code.
TYPED = [
    _SPOKEN,
    _SPOKEN.upper(),
    f"  {_SPOKEN.replace(' ', '   ')}\n",
    _SPOKEN.replace(" ", "\r\n"),
    _SPOKEN.replace(" ", ", ") + ".",
    _SPOKEN.replace("-", "\u2011"),
    _SPOKEN.replace("-", "\u2212").replace(" ", "\u00a0"),
    "1. abacus 2. zoom 3. drop-down 4. felt-tip 5. t-shirt 6. yo-yo 7. unicorn 8. granite",
    "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in _SPOKEN),
]

MISTYPED = [
    "",
    "abacus",
    " ".join(_SPOKEN.split()[:7]),
    f"{_SPOKEN} abacus",
    _SPOKEN.replace("abacus", "abacuss"),
    _SPOKEN.replace("abacus", "abcaus"),
    _SPOKEN.replace("granite", "granitr"),
    _SPOKEN.replace("granite", "ganite"),
    _SPOKEN.replace("granite", "гранит"),
    _SPOKEN.replace("granite", "qqqqqq"),
    _SPOKEN.replace("drop-down", "drop down"),
    _SPOKEN.replace("zoom", "ёлка"),
    _SPOKEN.replace(" ", ""),
    "a" * 1001,
]

HOLDING = [
    "",
    _SPOKEN,
    f"My words are: {_SPOKEN.upper()}! Keep them.",
    " ".join(_SPOKEN.split()[:7]),
    " ".join(_SPOKEN.split()[:7]) + " and granite",
    f"{_SPOKEN.replace(' ', chr(10))}",
    "They took us to the cellar in the evening. There were two men in uniform and a third.",
    "Ӏумар и ещё двое стояли у синей «Лады», сентябрь 2016",
]

REPLIES_SAID = [
    ("We have read it. We know the building that you describe.", ""),
    ("Мы прочитали.\n\nЕсть один вопрос.", "Можно ли сообщить об этом правительству Норвегии?"),
    ("x", "y"),
    ('Quotes " and \\ and\ttabs, <b>markup</b>, https://example.org', ""),
    ("я" * 4000, ""),
]
