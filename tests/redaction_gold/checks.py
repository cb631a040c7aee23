"""What every testimony of the gold set is held to, beyond its format.

Each check gives the lines at which something is wrong, as `en-017, line 40: what`; never a word,
since the held-out texts are not to be seen in a failing test either.
"""

import re
from collections.abc import Iterable, Iterator

from benchmarks.redaction.gold import Directness, Mark, Testimony
from intake.review.finding.span import Label

WORDS = range(90, 261)
CAPITALS = 0.01  # of all letters; what is typed as on a phone stays below, the other above
NOBODYS = ("00", "8000", "7000", "447700900", "120255501", "3319900", "493023125")
CASPIAN = ((42.5, 45.0), (48.0, 50.0))  # latitude, longitude
_CODE_IS_MAIL = re.compile(r"[^@\s]+@([^@\s]+\.)?(example|example\.(org|com|net))")
_DIGIT = re.compile(r"\w*\d\w*")
_NUMBER_OF_A_LIST = re.compile(r"\d{1,2}[.)]?")
_PALOCHKA = re.compile(r"(?i)[а-яё]+1[а-яё]*|1[а-яё]+")
_ENDING = re.compile(r"(ами|ями|ыми|ой|ей|ом|ем|ым|ого|его|ому|ему|[аеёиоуыэюяйь])$|s$")


def lengths(testimony: Testimony) -> Iterator[str]:
    """A text far shorter or longer than people write in the form."""
    if len(testimony.text.split()) not in WORDS:
        yield _at(testimony, 0, "too short or too long")


def surfaces(testimony: Testimony) -> Iterator[str]:
    """A text that is not typed as its header says."""
    letters = [letter for letter in testimony.text if letter.isalpha()]
    share = sum(letter.isupper() for letter in letters) / len(letters)
    if (share <= CAPITALS) != testimony.phone:
        yield _at(testimony, 0, "not typed as its header says")


def repeats(testimony: Testimony) -> Iterator[str]:
    """Words that are marked at one place and left at another."""
    covered = _covered(testimony)
    for mark in testimony.marks:
        for words in _strings(testimony, mark):
            again = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
            for found in again.finditer(testimony.text):
                if not covered.intersection(range(found.start(), found.end())):
                    yield _at(testimony, found.start(), "marked elsewhere and not here")


def digits(testimony: Testimony) -> Iterator[str]:
    """A number outside every mark that neither counts lines nor is a palochka."""
    covered = _covered(testimony)
    for found in _DIGIT.finditer(testimony.text):
        line = testimony.text.rfind("\n", 0, found.start()) + 1
        counts = line == found.start() and _NUMBER_OF_A_LIST.fullmatch(found[0])
        if found.start() in covered or counts or _PALOCHKA.fullmatch(found[0]):
            continue
        yield _at(testimony, found.start(), "a number without a mark")


def codes(testimony: Testimony) -> Iterator[str]:
    """A number or an address that may be somebody's."""
    for mark in testimony.marks:
        code = testimony.text[mark.start : mark.end]
        if mark.label is Label.CODE and mark.directness is Directness.DIRECT and not nobodys(code):
            yield _at(testimony, mark.start, "a code that may be somebody's")


def nobodys(code: str) -> bool:
    """Whether a code is of those that `docs/redaction-gold.md` lists as given to nobody."""
    if _CODE_IS_MAIL.fullmatch(code):
        return True
    if "°" in code or re.fullmatch(r"\d\d\.\d+[,; ]+\d\d\.\d+", code):
        whole = re.findall(r"\d\d(?:\.\d+)?", code)
        numbers = [float(whole[0]), float(whole[len(whole) // 2])]
        return all(low <= one <= high for one, (low, high) in zip(numbers, CASPIAN, strict=True))
    return re.sub(r"\D", "", code).startswith(NOBODYS)


def shared_names(one: Iterable[Testimony], other: Iterable[Testimony]) -> Iterator[str]:
    """A name of a person, or its stem, that stands in both."""
    known = {form for testimony in one for forms, _ in _names(testimony) for form in forms}
    for testimony in other:
        for forms, mark in _names(testimony):
            if not known.isdisjoint(forms):
                yield _at(testimony, mark.start, "a name of the other half")


def _names(testimony: Testimony) -> Iterator[tuple[set[str], Mark]]:
    """Each word of each name, with its case ending and without."""
    for mark in testimony.marks:
        if mark.label is Label.PERSON:
            for word in re.findall(r"\w{3,}", testimony.text[mark.start : mark.end].casefold()):
                yield {word, _ENDING.sub("", word)}, mark


def _strings(testimony: Testimony, mark: Mark) -> set[str]:
    """The words of a mark; of a name each word alone too."""
    words = testimony.text[mark.start : mark.end]
    if mark.label is not Label.PERSON:
        return {words}
    return {words, *(word for word in words.split() if len(word) > 2)}


def _covered(testimony: Testimony) -> set[int]:
    return {place for mark in testimony.marks for place in range(mark.start, mark.end)}


def _at(testimony: Testimony, position: int, what: str) -> str:
    return f"{testimony.name}, line {testimony.line_of(position)}: {what}"
