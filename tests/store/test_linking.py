"""A disk that is taken away links nobody's words to one another, nor a reply to them (attack 13)."""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from intake.author import Holder, hint_of
from intake.opening import Opening
from intake.store import board, staging
from tests.boards import cheap_row
from tests.log.worlds import FIRST, World
from tests.store import linking
from tests.store.linking import MARK, Thing

USERS = 1000
FEW = 150  # where something is planted that is to be found
# What belongs together is guessed once by chance, whatever the number: Poisson. 12 times or more is
# chance in one of a thousand million attempts; some hundred are made. Ranks: six deviations.
BY_CHANCE = 12

Hint = Callable[[Holder, bytes, bytes], bytes]  # of a holder, a status and a salt


def honest(holder: Holder, _: bytes, __: bytes) -> bytes:
    return hint_of(holder.mailbox, 0)


@dataclass
class Taken:
    """A database, and what belongs together in it, which the script is not told."""

    submissions: list[Thing]
    rows: list[Thing]
    additions: dict[bytes, bytes]
    replies: dict[bytes, bytes]

    def right(self, guesses: dict[bytes, bytes], truth: dict[bytes, bytes]) -> int:
        return sum(truth.get(name) == other for name, other in guesses.items())

    def links(self) -> dict[str, int]:
        """How often each attempt is right, of whatever kind of link."""
        found: dict[str, int] = {}
        both = {more: first for first, more in self.additions.items()}
        for what, others, truth in (
            ("addition", self.submissions, self.additions | both),
            ("reply", self.rows, self.replies),
        ):
            for name, guesses in linking.attempts(self.submissions, others):
                found[f"{what} {name}"] = self.right(guesses, truth)
        return found

    def orders(self) -> float:
        """The highest correlation of any two orders, in standard deviations."""
        by_name = {one.name: one for one in (*self.submissions, *self.rows)}
        highest = 0.0
        for truth in (self.additions, self.replies):
            pairs = [(by_name[a], by_name[b]) for a, b in truth.items()]
            for mine, theirs in itertools.product(pairs[0][0].places, pairs[0][1].places):
                found = linking.correlation(pairs, mine, theirs) * len(pairs) ** 0.5
                highest = max(highest, abs(found))
        return highest


def taken(path: Path, users: int, hint: Hint = honest) -> Taken:
    """People write, write more in this week or the next, and are answered; two weeks are closed.

    They come in one order, and so do their replies. What stands for a sealed object is random
    bytes; statuses, salts, commitments and hints are those of real codes.
    """
    world = World.make(path)
    additions: dict[bytes, bytes] = {}
    replies: dict[bytes, bytes] = {}
    holders = [Holder(os.urandom(32)) for _ in range(users)]
    names = [[os.urandom(8) for _ in range(3)] for _ in holders]
    with world.store() as store:
        with store._engine.begin() as connection:
            keys: list[tuple[bytes, bytes]] = []
            for number, (holder, (name, _, _)) in enumerate(zip(holders, names, strict=True)):
                keys.append(keep(connection, holder, FIRST, number, name))
            for number, (holder, (first, more, _)) in enumerate(zip(holders, names, strict=True)):
                keep(connection, holder, FIRST if number % 2 else FIRST.next, number + 1, more)
                additions[first] = more
        rows = []
        for holder, key, (name, _, answer) in zip(holders, keys, names, strict=True):
            rows.append(cheap_row(hint(holder, *key), MARK + answer))
            replies[name] = answer
        store.board.deliver(rows)
    world.close(FIRST)
    world.close(FIRST.next)
    store_path = path / "store.sqlite"
    return Taken(linking.submissions(store_path), linking.rows(store_path), additions, replies)


def keep(connection, holder: Holder, epoch, number: int, name: bytes) -> tuple[bytes, bytes]:
    """As `Store.keep` does, but for many in one transaction; gives status and salt."""
    author = holder.author(epoch.number * 256 + number % 256)  # no one twice: it would be kept once
    sealed = os.urandom(100) + MARK + name
    fresh = [os.urandom(32) for _ in range(2)]
    opening = Opening(
        epoch, fresh[0], author.leaf_salt, sha256(sealed).digest(), f"sha256:{'0' * 64}",
        author.withdraw_commit, fresh[1],
    )  # fmt: skip
    upload = staging.secrets.token_bytes(16)
    row = (author.status, opening.envelope, opening.to_bytes(), upload)
    staging.add_submission(connection, *row)
    staging.add_piece(connection, upload, 0, sealed)
    return author.status, author.leaf_salt


def test_a_script_with_the_whole_database_links_no_better_than_chance(tmp_path: Path) -> None:
    """A thousand people, two texts of each and a reply."""
    found = taken(tmp_path / "site", USERS)
    assert len(found.submissions) == 2 * USERS
    assert len(found.rows) == 1008 + 16
    links = found.links()
    assert len(links) > 200
    assert {name: count for name, count in links.items() if count >= BY_CHANCE} == {}
    assert found.orders() < 6


def xored(_: Holder, status: bytes, salt: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(status, salt[:16], strict=True))


PLANTED: dict[str, tuple[Hint, str]] = {
    "the status is the hint": (lambda _, status, __: status, "reply run"),
    "the hint is a part of the salt": (lambda _, __, salt: salt[9:25], "reply run"),
    "the hint is the status's hash": (lambda _, s, __: sha256(s).digest()[:16], "reply made"),
    "the hint is status and salt, xored": (xored, "reply made"),
    "the hint begins as the status": (
        lambda _, status, __: status[:3] + os.urandom(13),
        "reply begin status hint",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_hint_that_has_to_do_with_a_submission_is_found(tmp_path: Path, name: str) -> None:
    hint, attempt = PLANTED[name]
    links = taken(tmp_path / "site", FEW, hint).links()
    assert links[attempt] > FEW // 2


def test_one_mailbox_hint_in_both_texts_of_a_code_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a server would have it that keeps whose mailbox a text is for."""
    real = Holder.author

    def shared(self: Holder, counter: int):
        author = real(self, counter)
        salt = self.mailbox[:16] + author.leaf_salt[16:]
        monkeypatch.setattr(type(author), "leaf_salt", property(lambda _: salt), raising=False)
        return author

    monkeypatch.setattr(Holder, "author", shared)
    links = taken(tmp_path / "site", FEW).links()
    assert links["addition run"] > FEW
    assert links["addition begin salt salt"] > FEW


def test_keys_in_the_order_of_arrival_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = itertools.count(1)
    for module in (board, staging):
        monkeypatch.setattr(module.secrets, "randbits", lambda _: next(numbers))
    found = taken(tmp_path / "site", FEW)
    assert found.orders() > 6


def test_objects_of_one_person_side_by_side_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the key of a row were made of who wrote it."""
    taken_keys: set[int] = set()

    def key(_: int) -> int:
        number = next(owners_of) * 10
        while number in taken_keys:
            number += 1
        taken_keys.add(number)
        return number

    owners_of = itertools.chain(range(FEW), range(FEW), itertools.count(10_000))
    monkeypatch.setattr(staging.secrets, "randbits", key)
    links = taken(tmp_path / "site", FEW).links()
    assert links["addition beside file"] > FEW // 2
    assert links["addition beside key"] > FEW // 2
