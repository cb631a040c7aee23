"""The code: any list's words, any spelling, one secret; and what is derived from it."""

import itertools
import json
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
from argon2 import Parameters, Type
from argon2.low_level import hash_secret_raw
from hypothesis import given
from hypothesis import strategies as st

from intake import codename
from intake.author import (
    REPLIES,
    WEEKS,
    Author,
    Holder,
    Resend,
    fresh_counter,
    hint_of,
)
from intake.codename import Codename, NotACodeError, holds_code, nearest, wordlist
from intake.epoch import Epoch
from intake.errors import MalformedError

VECTORS = json.loads((Path(__file__).parent / "vectors/core/codename.json").read_text("ascii"))
CODES = VECTORS["codes"]
NOW = Epoch(2026, 48)

codes = st.tuples(*[st.integers(0, 7775)] * 8).map(Codename)


def test_the_list_is_the_published_one() -> None:
    """The digest that format.md names, of the list as two packages have it."""
    path = Path(codename.__file__).parent / "eff_large_wordlist.txt"
    digest = sha256(path.read_bytes()).hexdigest()
    assert digest.startswith("6d557f06")
    assert digest.endswith("3bc522")
    assert len(set(wordlist())) == len(wordlist()) == 7776


@pytest.mark.parametrize("row", CODES)
def test_each_step_of_a_code_is_as_the_format_says(row: dict[str, object]) -> None:
    """Derived here by another implementation of Argon2id and the formulas alone."""
    indexes = [int(n) for n in row["indexes"]]  # type: ignore[attr-defined]
    number = sum(n * 7776 ** (7 - i) for i, n in enumerate(indexes))
    secret = number.to_bytes(13, "big")
    deployment = str(row["deployment"]).encode()
    salt = sha256(b"testimony-intake/codename/v1/salt\0" + deployment).digest()[:16]
    prk = hash_secret_raw(secret, salt, 2, 19456, 1, 32, Type.ID, 0x13)
    assert (secret.hex(), salt.hex(), prk.hex()) == (row["secret"], row["salt"], row["prk"])
    code = Codename(tuple(indexes))
    assert code.secret == secret
    assert code.stretched(str(row["deployment"])) == prk
    assert Codename.from_secret(secret) == code
    assert Codename.parse(" ".join(code.words)) == code
    holder = Holder(prk)
    assert holder.mailbox.hex() == row["mailbox"]
    assert holder.reply_to == row["reply_to"]


def test_stretching_costs_what_the_format_says() -> None:
    """A cheaper one would be as good as none to whoever saw half of the words."""
    cost = Parameters(Type.ID, 0x13, 16, 32, codename.PASSES, codename.MEMORY, 1)
    assert (cost.time_cost, cost.memory_cost) == (2, 19456)


# Has 8 MiB more than it holds, and says what became of a code; then with all that the machine has.
SHORT_OF_MEMORY = """
import resource
from intake.codename import Codename
from intake.errors import StoreError
code = Codename.fresh()
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
most = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (held + (8 << 20), most[1]))
try:
    code.stretched("x")
except StoreError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_AS, most)
print(len(code.stretched("x")))
"""


def test_where_the_memory_is_not_there_one_phrase_says_so() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY], capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines() == ["not enough memory for a code", "32"]


@pytest.mark.parametrize("case", VECTORS["typed"])
def test_a_code_is_read_however_it_is_typed(case: dict[str, object]) -> None:
    assert list(Codename.parse(str(case["text"])).indexes) == case["indexes"]


@pytest.mark.parametrize("case", VECTORS["wrong"])
def test_what_is_no_code_says_which_words_are_wrong(case: dict[str, object]) -> None:
    with pytest.raises(NotACodeError) as caught:
        Codename.parse(str(case["text"]))
    assert caught.value.count == case["count"]
    assert [list(pair) for pair in caught.value.unknown] == case["unknown"]


def test_no_error_says_what_was_typed() -> None:
    with pytest.raises(NotACodeError) as caught:
        Codename.parse("abacus abdomenn")
    assert "abdomen" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("case", VECTORS["holding"])
def test_a_text_with_a_code_in_it_is_noticed(case: dict[str, object]) -> None:
    assert holds_code(str(case["text"])) == case["holds"]


@given(codes, st.text(max_size=40), st.text(max_size=40))
def test_a_code_is_found_in_any_text_around_it(code: Codename, before: str, after: str) -> None:
    assert holds_code(f"{before} 1 {' '.join(code.words)} 2 {after}")


@pytest.mark.parametrize("before", range(17))
def test_a_code_is_noticed_wherever_it_stands_and_seven_words_beside_another_are_none(
    before: int,
) -> None:
    seven = list(Codename((7, 77, 777, 7770, 70, 700, 7000, 1)).words[:7])
    around = ["uniform"] * before
    assert holds_code(" ".join([*around, *seven, "zoom", "evening"]))
    assert not holds_code(" ".join([*around, *seven, "evening", *seven, "evening", *seven]))


@given(st.integers(0, 7775), st.data())
def test_one_slip_of_a_finger_leads_back_to_a_word(index: int, data: st.DataObject) -> None:
    word = wordlist()[index]
    at = data.draw(st.integers(0, len(word) - 1))
    near = nearest(word[:at] + word[at + 1 :])
    assert near is not None
    assert abs(len(near) - len(word)) <= 2


@pytest.mark.parametrize(
    "text", ["a" * 1000, "\u3316" * 1000, "\ufdfa" * 1000, "abcdefghi " * 100, "a b " * 250]
)
def test_a_thousand_characters_of_anything_are_looked_at_soon(text: str) -> None:
    """One may be six letters, or four words, when it is folded; and whoever reads it keeps others waiting."""
    with pytest.raises(NotACodeError):
        Codename.parse("abacus abdomenn")  # everything that is worked out once
    before = time.thread_time()
    with pytest.raises(NotACodeError):
        Codename.parse(text)
    assert time.thread_time() - before < 0.25


@given(codes)
def test_secret_and_words_are_two_spellings_of_one_code(code: Codename) -> None:
    assert Codename.from_secret(code.secret) == code
    assert Codename.parse(" ".join(code.words)) == code


@pytest.mark.parametrize(
    "secret", [bytes(12), bytes(14), b"\xff" * 13, (7776**8).to_bytes(13, "big")]
)
def test_other_bytes_are_no_secret(secret: bytes) -> None:
    with pytest.raises(MalformedError):
        Codename.from_secret(secret)


@pytest.mark.parametrize("indexes", [(0,) * 7, (0,) * 9, (0,) * 7 + (7776,), (-1,) + (0,) * 7])
def test_other_numbers_are_no_code(indexes: tuple[int, ...]) -> None:
    with pytest.raises(MalformedError):
        Codename(indexes)


def test_fresh_codes_differ_and_show_in_no_repr() -> None:
    made = {Codename.fresh().indexes for _ in range(50)}
    assert len(made) == 50
    assert len({n for indexes in made for n in indexes}) > 300
    code = Codename.fresh()
    assert repr(code) == "Codename()"
    assert repr(Resend.fresh(NOW, code)) == "Resend()"
    assert "prk" not in repr(Holder(bytes(32)))


@given(codes, st.integers(0, 2**32 - 1))
def test_a_resend_value_brings_back_the_same(code: Codename, counter: int) -> None:
    assert Resend.parse(Resend(code, counter).to_text()) == Resend(code, counter)


@pytest.mark.parametrize("text", ["", "AAAA", "A" * 24, "/" * 23 + "=", "A" * 23 + "=\n"])
def test_any_other_resend_value_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        Resend.parse(text)


def test_a_resend_value_gives_the_author_of_its_code() -> None:
    row = CODES[2]
    resend = Resend(Codename(tuple(row["indexes"])), fresh_counter(NOW))
    author = resend.author(row["deployment"])
    assert author == Author(bytes.fromhex(row["prk"]), resend.counter)
    assert author.holder.reply_to == row["reply_to"]


def test_everyone_who_can_have_written_under_a_code_is_tried() -> None:
    """This week's first, each of 256 a week, for 104 weeks; and no other."""
    holder = Holder(bytes(32))
    counters = [author.counter for author in holder.authors(NOW)]
    assert len(counters) == len(set(counters)) == WEEKS * 256
    assert {counter >> 8 for counter in counters} == set(range(NOW.number - 103, NOW.number + 1))
    assert counters[0] >> 8 == NOW.number
    assert all(author.prk == holder.prk for author in itertools.islice(holder.authors(NOW), 300))
    assert len([*holder.authors(Epoch(1970, 3))]) == 2 * 256


def test_hints_of_one_code_look_like_those_of_many() -> None:
    hints = {hint_of(Holder(bytes(32)).mailbox, n) for n in range(REPLIES)}
    assert len({hint[:2] for hint in hints}) > REPLIES - 4
