"""Words, seeds and hashes that were never sent so; each with the reason."""

from collections.abc import Callable, Iterator
from typing import Any

from intake.disclosure import disclose
from intake.opening import PublicHalf
from intake.publication import Publication
from tests.publications import COURTS, FORM, MODE, STATS, Logged, container, hidden_names
from tests.vectors.publication.edits import (
    Value,
    edited,
    ending,
    put,
    raw,
    row,
    rows_of,
    usual,
)


def tree_faults() -> Iterator[tuple[str, bytes, str]]:
    """Words, seeds and hashes that are not those of the tree."""
    rows = rows_of()
    words = next(n for n, r in enumerate(rows) if isinstance(r, list) and r[0] == "w")
    path = next(n for n, r in enumerate(rows) if isinstance(r, list) and r[0] == "f")
    text, voids = rows[words][1:]
    gap = rows[words + 1]
    root, seeds, hashes = "not those that the opening names", "the seeds are", "the hashes are"
    seen = "seeds are not those"
    yield "another word", edited(row(words, ["w", text.replace("March", "April"), voids])), root
    yield (
        "a letter in another case",
        edited(row(words, ["w", text.replace("March", "march"), voids])),
        root,
    )
    yield "a Latin letter for a Cyrillic one", edited(_latin), root
    yield (
        "two words changed places",
        edited(row(words, ["w", text.replace("they took", "took they"), voids])),
        root,
    )
    yield "a space more", edited(row(words, ["w", text.replace(" they", "  they"), voids])), root
    longer = (["w", text + " Ruslan", voids + "0"], gap - 1)
    yield "text at a hidden place", edited(_longer(words, longer)), "hashes are not those"
    yield "one more word is hidden", edited(_shorter), seen
    yield "one word is taken out", edited(_without, ending()), seen
    other = ["w", text, voids[0] + voids[2] + voids[1] + voids[3:]]
    turned = ["w", text, voids[1] + voids[0] + voids[2:]]
    yield (
        "voids after another word",
        edited(row(words, turned if turned[2] != voids else other)),
        root,
    )
    yield "another field's name", edited(row(path, ["f", "officials", rows[path][2]])), root
    yield "a no made a yes", edited(row(2, _answered("courts", rows[2]))), root
    yield "another kind", edited(row(0, ["m", '["kind","addition"]', rows[0][2]])), root
    yield "a seed changed", edited(raw("seeds", lambda d: bytes([d[0] ^ 1]) + d[1:])), root
    yield "a hash changed", edited(raw("hashes", lambda d: d[:-1] + bytes([d[-1] ^ 128]))), root
    yield (
        "two seeds changed places",
        edited(raw("seeds", lambda d: d[16:32] + d[:16] + d[32:])),
        root,
    )
    yield (
        "two hashes changed places",
        edited(raw("hashes", lambda d: d[32:64] + d[:32] + d[64:])),
        root,
    )
    yield "a seed is missing", edited(raw("seeds", lambda d: d[16:])), seen
    yield "a seed is left over", edited(raw("seeds", lambda d: d + bytes(16))), seeds
    yield "a hash is missing", edited(raw("hashes", lambda d: d[:-32])), hashes
    yield "a hash is left over", edited(raw("hashes", lambda d: d + bytes(32))), hashes
    yield "seeds are cut", edited(raw("seeds", lambda d: d[:-1])), "cut short"
    yield "hashes are cut", edited(raw("hashes", lambda d: d[:-1])), "cut short"
    yield "seeds are no base64", edited(put("seeds", "!")), "not base64"
    yield "hashes with stray bits", edited(put("hashes", "AB==")), "base64"
    foreign = Logged.of(container(salt="2")).disclosed(hidden_names())
    mine = usual()
    mixed = Publication(foreign, PublicHalf.of(mine.opening), mine.proof())
    yield "words of another testimony", mixed.to_bytes(), root
    yield "a testimony that was never sent", _invented(), root


def _latin(value: Value) -> None:
    for one in value["shown"]:
        if isinstance(one, list) and "держали" in one[1]:
            one[1] = one[1].replace("держали", "дeржали")
            return
    raise AssertionError


def _longer(words: int, rows: tuple[object, ...]) -> Callable[[Value], object]:
    def edit(value: Value) -> None:
        value["shown"][words : words + 2] = rows

    return edit


def _shorter(value: Value) -> None:
    for n, one in enumerate(value["shown"]):
        if isinstance(one, list) and one[0] == "w" and isinstance(value["shown"][n + 1], int):
            cut = one[1].rindex(" ")
            value["shown"][n + 1] += 1 + int(one[2][-1])
            one[1:] = one[1][:cut], one[2][:-1]
            return
    raise AssertionError


def _without(value: Value) -> None:
    for one in value["shown"]:
        if isinstance(one, list) and one[0] == "w" and "they" in one[1]:
            at = one[1].split(" ").index("they")
            words = one[1].split(" ")
            one[1:] = " ".join(words[:at] + words[at + 1 :]), one[2][:at] + one[2][at + 1 :]
            return
    raise AssertionError


def _answered(level: str, shown: list[Any]) -> list[Any]:
    return ["m", f'["consent",["{level}",true,"c_{level}.1","ru"]]', shown[2]]


def _invented() -> bytes:
    """Its own tree is right, and the opening is another's."""
    lie = container((("narrative", "Nothing was done to me."),), "lie")
    mine = usual()
    shown = disclose(lie.seed, lie.facts(), lie.fields, {MODE, FORM, STATS, COURTS})
    return Publication(shown, PublicHalf.of(mine.opening), mine.proof()).to_bytes()
