"""One name in two alphabets: how a word may be read aloud, whoever wrote it down.

A Latin spelling is read as English, German, French and scholars would each read it, a Cyrillic one as
Russian or Chechen. Two spellings may be of one name where they have a reading in common. It is no proof
of anything: it proposes, and a person decides.
"""

# ruff: noqa: RUF001 - letters of both alphabets are the matter of this module

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from intake.review.known_words import known_words
from intake.review.spelling import PALOCHKA

LONGEST: Final = 40  # letters; a longer word is nobody's name, and has no reading
MOST: Final = 48  # readings of one word in one orthography
LEAST: Final = 2  # letters of a reading that counts

Sounds = tuple[str, ...]
_HARD: Final = frozenset("cfhkpqstxz")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_DOUBLED: Final = re.compile(r"(.)\1+")


def _table(text: str) -> dict[str, Sounds]:
    """From `grapheme=sound|sound …`; nothing after the sign is no sound."""
    pairs = (row.split("=") for row in text.split())
    return {grapheme: tuple(sounds.split("|")) for grapheme, sounds in pairs}


_LATIN: Final = _table(
    "a=a b=b c=k d=d e=e f=f g=g h=h i=i j=i k=k l=l m=m n=n o=o p=p q=k r=r s=s t=t u=u v=v w=v"
    " x=h|ks y=i z=z kh=h gh=g ph=f th=t zh=J sh=S dzh=J dj=J ck=k qu=k ts=c tz=c shch=S kkh=k"
    " š=S ž=J č=C ś=S ż=J ć=C ł=l ə=a ä=a|e ö=o|e ü=u ı=i ş=S ç=C ğ=g ñ=n ß=s"
)
_ENGLISH: Final = _LATIN | _table(
    "ch=C tch=C j=J oo=u ee=i ou=u|ou ew=ev|iu yo=io|e yu=iu ya=ia ye=e sch=S ck=k dge=J"
)
_GERMAN: Final = _LATIN | _table(
    "ch=h sch=S|J tsch=C dsch=J schtsch=S z=c|z s=s|z ss=s tz=c v=v|f jo=io|e ju=iu ja=ia je=e"
    " ie=i|e ä=a|e ö=o|e ü=u|iu"
)
_FRENCH: Final = _LATIN | _table(
    "ch=S tch=C chtch=S j=J ou=u iou=iu oui=ui gu=g|gu s=s|z ss=s ï=i é=e è=e ê=e ë=e|io aï=ai x=h|ks"
    " oï=oi ne=n|ne ia=ia io=io|e"
)
_SCHOLARS: Final = _LATIN | _table("c=c ch=h j=i x=h šč=S dž=J ja=ia ju=iu jo=io|e je=e ë=e|io")
_CYRILLIC_TABLE: Final = _table(
    "а=a б=b в=v г=g ґ=g д=d е=e ё=e|io ж=J з=z и=i й=i і=i ї=i к=k л=l м=m н=n о=o п=p р=r с=s т=t"
    " у=u ф=f х=h ц=c ч=C ш=S щ=S ъ= ы=i ь= э=e є=e ю=iu я=ia ў=u ћ=C ђ=J ј=i љ=l њ=n џ=J"
    " дж=J тс=c кх=k|h аь=a|e оь=o|e уь=u|iu яь=ia|e юь=iu йо=io|e ьо=io|e"
)
_ENDS_IN_V: Final = re.compile(r"(?<=[oe])(?:ff?|w)$")
_COMBINED: Final = re.compile(r"[\u0300-\u036f]")


@known_words(32_768)
def readings(word: str) -> frozenset[str]:
    """Every way to read a word of letters, in a spelling of sounds that has no other use.

    Empty for what has none: a word of over 40 letters, of one, or with a digit.
    """
    plain = _spelled(word)
    if not LEAST <= len(plain) <= LONGEST or not plain.isalpha():
        return frozenset()
    if _CYRILLIC.search(plain):
        return _read(plain, _CYRILLIC_TABLE)
    plain = _ENDS_IN_V.sub("v", plain)
    tables = (_ENGLISH, _GERMAN, _FRENCH, _SCHOLARS)
    return frozenset[str]().union(*(_read(plain, table) for table in tables))


def same_sound(one: str, other: str) -> bool:
    """Whether two words have a reading in common."""
    return not readings(one).isdisjoint(readings(other))


def _spelled(word: str) -> str:
    """Small letters, composed; palochka, apostrophes and marks on letters that no table has are gone."""
    composed = unicodedata.normalize("NFC", word.lower())
    kept = "".join(c for c in composed if c not in {PALOCHKA, "\u04c0", "'", "’", "ʼ", "`", "-"})
    return "".join(
        c if c in _KNOWN else _COMBINED.sub("", unicodedata.normalize("NFD", c)) for c in kept
    )


def _read(word: str, table: Mapping[str, Sounds]) -> frozenset[str]:
    """The longest grapheme first; where one has several sounds, all of them up to a limit."""
    found = [""]
    at = 0
    while at < len(word):
        size = next(
            (n for n in range(min(7, len(word) - at), 0, -1) if word[at : at + n] in table), 0
        )
        if not size:
            return frozenset()  # a letter of another alphabet
        grapheme = word[at : at + size]
        sounds = table[grapheme]
        if grapheme == "s" and word[at + 1 : at + 2] in _HARD:
            sounds = sounds[:1]  # German and French write з so too, but not before these
        if grapheme == "ne" and at + size < len(word):
            sounds = ("ne",)
        if len(found) * len(sounds) > MOST:
            sounds = sounds[:1]
        found = [before + sound for before in found for sound in sounds]
        at += size
    folded = {_DOUBLED.sub(r"\1", _DOUBLED.sub(r"\1", one).replace("ie", "e")) for one in found}
    return frozenset(one for one in folded if len(one) >= LEAST)


_KNOWN: Final = frozenset(
    "".join(
        grapheme
        for table in (_ENGLISH, _GERMAN, _FRENCH, _SCHOLARS, _CYRILLIC_TABLE)
        for grapheme in table
    )
)
