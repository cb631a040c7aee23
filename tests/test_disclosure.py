"""What is hidden stays hidden, and what is shown is proved."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import redaction
from intake.disclosure import SIZE_LIMIT, Disclosure, disclose
from intake.errors import MalformedError, ProofError
from intake.redaction import VOID

FACTS = [b'["kind","testimony"]', b'["mode","browser"]']
SEED = bytes(range(16))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
seeds = st.binary(min_size=16, max_size=16)


def plain(fields: list[tuple[str, str]]) -> list[redaction.Token]:
    """The tokens, without voids."""
    return list(redaction.tokens(FACTS, fields))


def derived(disclosed: Disclosure) -> dict[int, bytes]:
    """The salt of every leaf that whoever has the disclosure can compute, by its place.

    Written from docs/format.md alone: each seed belongs to the next largest subtree that is shown.
    """
    found: dict[int, bytes] = {}
    left = list(disclosed.seeds)

    def walk(start: int, size: int) -> None:
        part = disclosed.leaves[start : start + size]
        if all(leaf is not None for leaf in part):
            spread(left.pop(0), start, size)
        elif any(leaf is not None for leaf in part):
            walk(start, size // 2)
            walk(start + size // 2, size // 2)

    def spread(salt: bytes, start: int, size: int) -> None:
        if size == 1:
            found[start] = salt
            return
        for side in (0, 1):
            label = b"testimony-intake/redact/v1/ggm" + bytes([side])
            below = sha256(label + salt).digest()[:16]
            spread(below, start + side * size // 2, size // 2)

    walk(0, len(disclosed.leaves))
    assert not left
    return found


@given(seeds, texts, texts, st.data())
def test_whatever_is_hidden_the_root_comes_out_and_the_rest_is_shown(
    seed: bytes, one: str, other: str, data: st.DataObject
) -> None:
    fields = [("narrative", one), ("who_text", other)]
    every = plain(fields)
    hidden = data.draw(st.sets(st.integers(0, len(every) - 1), max_size=len(every) - 1))
    disclosed = disclose(seed, FACTS, fields, hidden)
    assert disclosed.root() == redaction.root(seed, FACTS, fields)
    shown = [leaf for leaf in disclosed.leaves if leaf not in (None, VOID)]
    assert shown == [token for n, token in enumerate(every) if n not in hidden]


@given(seeds, texts, st.data())
def test_the_salt_of_no_hidden_leaf_can_be_computed(
    seed: bytes, text: str, data: st.DataObject
) -> None:
    """Of every leaf that is shown, and of no other; and the root's own seed is never given away."""
    fields = [("narrative", text)]
    count = len(plain(fields))
    hidden = data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count - 1))
    disclosed = disclose(seed, FACTS, fields, hidden)
    salts = redaction.salts(seed, len(disclosed.leaves))
    known = derived(disclosed)
    assert known == {n: salts[n] for n, leaf in enumerate(disclosed.leaves) if leaf is not None}
    above = set[bytes]()
    row = [seed]
    while len(row) <= len(salts):
        above |= {salt for n, salt in enumerate(row) if _holds_hidden(disclosed, n, len(row))}
        row = [redaction.child(salt, side) for salt in row for side in (0, 1)]
    assert above.isdisjoint(disclosed.seeds)
    assert above.isdisjoint(known.values())


def _holds_hidden(disclosed: Disclosure, place: int, row: int) -> bool:
    size = len(disclosed.leaves) // row
    return None in disclosed.leaves[place * size : (place + 1) * size]


def test_nothing_hidden_is_one_seed() -> None:
    disclosed = disclose(SEED, FACTS, [("narrative", "a b c")], ())
    assert (disclosed.seeds, disclosed.hashes) == ((SEED,), ())
    assert disclosed.length == 19


def test_the_voids_of_a_hidden_word_are_hidden_with_it() -> None:
    """One hidden word is a run of 1, 2 or 3 leaves, as two can be 2 to 6: a run tells no number."""
    fields = [("narrative", " ".join(f"w{n}" for n in range(200)))]
    lengths: dict[int, set[int]] = {1: set(), 2: set()}
    for count, found in lengths.items():
        for first in range(10, 200):
            disclosed = disclose(SEED, FACTS, fields, range(first, first + count))
            found.add(disclosed.leaves.count(None))
    assert lengths == {1: {1, 2, 3}, 2: {2, 3, 4, 5, 6}}


def attack(found: bytes, salts: Iterable[bytes], words: Iterable[str]) -> str | None:
    """The word of a dictionary of which this is the leaf, under one of the salts."""
    known = list(salts)
    for word in words:
        value = word.encode()
        for salt in known:
            leaf = b"\0testimony-intake/redact/v1/leafw" + salt + len(value).to_bytes(4) + value
            if sha256(leaf).digest() == found:
                return word
    return None


def dictionary() -> list[str]:
    """50,000 names, of which one was hidden."""
    rng = random.Random(32)
    parts = [
        "ар",
        "бек",
        "иса",
        "маг",
        "мед",
        "рус",
        "лан",
        "сул",
        "тан",
        "зел",
        "им",
        "ах",
        "хам",
        "зат",
        "ум",
        "ша",
    ]
    words = {" " + "".join(rng.choices(parts, k=5)).capitalize() for _ in range(60_000)}
    return [*sorted(words)[:49_999], " Руслан"]


def lone_leaf() -> tuple[Disclosure, bytes, int]:
    """A hidden name whose leaf stands alone among shown ones, its hash, and its place."""
    for number in range(256):
        seed = bytes([number]) * 16
        disclosed = disclose(seed, FACTS, [("narrative", "I saw Руслан there, and left.")], {5})
        if disclosed.leaves.count(None) == 1:
            return disclosed, disclosed.hashes[0], disclosed.leaves.index(None)
    raise AssertionError("no seed gives a lone leaf")


def test_a_dictionary_does_not_find_a_hidden_word_and_would_without_salts() -> None:
    """Attack 32: with all that a publication gives, and with what only a broken one would give."""
    words = dictionary()
    assert len(words) == 50_000
    disclosed, found, place = lone_leaf()
    given_away = (*disclosed.seeds, *derived(disclosed).values(), b"", bytes(16))
    assert attack(found, given_away, words) is None
    # The twins: no salts at all, and a publication that gives the root's seed away.
    bare = redaction.hashes_of([(b"w", " Руслан".encode())], [b""])[0]
    assert attack(bare, (b"", bytes(16)), words) == " Руслан"
    seed = next(bytes([n]) * 16 for n in range(256) if _hash_at(bytes([n]) * 16, place) == found)
    salts = redaction.salts(seed, len(disclosed.leaves))
    assert attack(found, [salts[place]], words) == " Руслан"


def _hash_at(seed: bytes, place: int) -> bytes:
    fields = [("narrative", "I saw Руслан there, and left.")]
    row = redaction.leaves(seed, plain(fields))
    salts = redaction.salts(seed, len(row))
    return redaction.hashes_of(row[place : place + 1], salts[place : place + 1])[0]


def long_disclosures() -> Iterator[Disclosure]:
    """2,000 words without 5 that are scattered, twenty times."""
    rng = random.Random(7)
    for _ in range(20):
        words = [f"{rng.randrange(10**6)}" for _ in range(2000)]
        hidden = rng.sample(range(3, 2003), 5)
        yield disclose(rng.randbytes(16), FACTS, [("narrative", " ".join(words))], hidden)


def test_five_names_in_two_thousand_words_take_at_most_1100_bytes() -> None:
    """Seeds and hashes alone; two bytes more for each where their lengths are written too.

    Where the names fall decides: one draw in twenty is longer by a hash or two.
    """
    every = list(long_disclosures())
    bare = sorted(16 * len(one.seeds) + 32 * len(one.hashes) for one in every)
    assert median(bare) < 1000
    assert bare[18] <= 1100
    assert bare[19] < 1200
    assert median(one.length for one in every) <= 1100


def shown(**changes: object) -> Disclosure:
    """A disclosure of which something is changed."""
    disclosed = disclose(SEED, FACTS, [("narrative", "one two three four five six")], {5, 6})
    return replace(disclosed, **changes)


def test_every_seed_and_every_hash_is_used() -> None:
    whole = shown()
    root = whole.root()
    for name in ("seeds", "hashes"):
        values = getattr(whole, name)
        assert len(values) > 1
        for wrong in (values[1:], values[:-1], (*values, values[0])):
            with pytest.raises(ProofError, match=rf"the {name} are not those"):
                replace(whole, **{name: wrong}).root()
        for n, value in enumerate(values):
            flipped = (*values[:n], bytes([value[0] ^ 1]) + value[1:], *values[n + 1 :])
            assert replace(whole, **{name: flipped}).root() != root
        assert replace(whole, **{name: values[::-1]}).root() != root


def test_text_at_a_hidden_place_and_a_hole_in_what_is_shown_are_refused() -> None:
    whole = shown()
    root = whole.root()
    for n, leaf in enumerate(whole.leaves):
        changed = None if leaf is not None else (b"w", b" more")
        try:
            other = replace(
                whole, leaves=(*whole.leaves[:n], changed, *whole.leaves[n + 1 :])
            ).root()
        except (ProofError, MalformedError):
            continue
        assert other != root, n


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"leaves": ()}, "power of two"),
        ({"leaves": ((b"m", b"x"),) * 3}, "power of two"),
        ({"leaves": ((b"m", b"x"),) * (2 * SIZE_LIMIT)}, "power of two"),
        ({"leaves": (None,) * 4}, "nothing is shown"),
        ({"leaves": ((b"w", b"x"), None, VOID, VOID)}, "void is shown after"),
        ({"leaves": ((b"q", b"x"), None)}, "no known kind"),
        ({"leaves": ((b"w", b"x"), (b"v", b"x"))}, "no known kind"),
        ({"seeds": (bytes(15),)}, "a seed is 16"),
        ({"hashes": (bytes(31),)}, "a hash is 32"),
    ],
)
def test_what_is_no_disclosure_cannot_be_made(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(MalformedError, match=reason):
        shown(**changes)


def test_all_hidden_too_many_words_and_no_such_token() -> None:
    fields = [("narrative", "a b")]
    with pytest.raises(MalformedError, match="nothing is shown"):
        disclose(SEED, FACTS, fields, range(5))
    with pytest.raises(ValueError, match="no such token"):
        disclose(SEED, FACTS, fields, {5})
    with pytest.raises(MalformedError, match="more words"):
        disclose(SEED, FACTS, [("narrative", "a " * SIZE_LIMIT)], ())
