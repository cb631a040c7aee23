"""A publication with proof, from two reviewers' machines to whoever checks it with public data alone."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from intake.cli import run
from intake.errors import MalformedError, ProofError
from intake.review import gates
from intake.review.consent import Purpose
from intake.review.log_kept import LEAVES, log_of
from intake.review.outgoing import Output, build, sign_off
from intake.review.proof_output import proof_of
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.two_people import READ_TOO, Pair, check_list
from tests.review.workroom import Sealed, sealed_item

Take = Callable[[Sealed], str]
USE = ("--for", "investigators", "--format", "proof")


@pytest.fixture
def item(desk: Desk, panel: Panel, taken: Take) -> str:
    name = taken(sealed_item(panel.roster, "Zaur told me, and he left"))
    desk.reveal()
    assert desk("redact", name, "--span", "narrative:0:4=person")[0] == 0
    with Pair(panel, desk.folder / "case", desk.folder).case(1) as case:
        check_list(case, name)
    return name


@pytest.fixture
def pair(desk: Desk, panel: Panel, item: str) -> Pair:
    """r2 has read it too, and has never imported anything."""
    both = Pair(panel, desk.folder / "case", desk.folder)
    both.sync(1)
    both.sync(2)
    with both.case(2) as case:
        gates.open_item(case, item)
        gates.answer(case, item, READ_TOO)
    both.sync(2)
    both.sync(1)
    return both


def both_sign(pair: Pair, desk: Desk, item: str, *words: str) -> bytes:
    """r1 with the command, r2 what waits there."""
    code, out, err = replace(desk, worked=False)("signoff", item, *words)
    assert (code, err) == (0, "")
    assert "number" in out.splitlines()[0]
    pair.sync(1)
    pair.sync(2)
    purpose = Purpose(words[1])
    with pair.case(2) as case:
        built = sign_off(case, proof_of(case, item, purpose, verbatim="--verbatim" in words))
    pair.sync(2)
    pair.sync(1)
    return built.content


def test_two_sign_one_proof_and_anybody_checks_it(
    desk: Desk, pair: Pair, item: str, tmp_path: Path
) -> None:
    content = both_sign(pair, desk, item, *USE)
    out = tmp_path / "publication"
    assert replace(desk, worked=False)("export", item, str(out), *USE)[0] == 0
    assert out.read_bytes() == content
    assert b"Zaur" not in content
    given = ("audit", "publication", str(out), "--policy", desk.policy)
    assert run([*given, "--json"]) == 0
    told = json.loads(desk.capsys.readouterr().out)
    assert "told me" in json.dumps(told, ensure_ascii=False)
    out.write_bytes(content.replace(b"told", b"tell"))
    assert run([*given]) == 1


def test_for_everybody_both_must_say_so_twice(desk: Desk, pair: Pair, item: str) -> None:
    alone = replace(desk, worked=False)
    words = ("--for", "publish", "--format", "proof")
    code, _, err = alone("signoff", item, *words)
    assert (code, "somebody's own words" in err) == (1, True)
    both_sign(pair, desk, item, *words, "--verbatim")
    code, _, err = alone("export", item, str(desk.folder / "out"), *words)
    assert code == 1
    assert alone("export", item, str(desk.folder / "out"), *words, "--verbatim")[0] == 0
    assert alone("export", item, str(desk.folder / "x"), "--for", "publish", "--verbatim")[0] == 2


def test_what_was_never_logged_here_is_not_proved(pair: Pair, item: str) -> None:
    with pair.case(2) as case, pytest.raises(ProofError, match="has not seen the site's log"):
        log_of(case)
    with pair.case(1) as case:
        kept = case.folder / LEAVES
        leaves = kept.read_bytes()
        kept.write_bytes(leaves[:-32] + bytes(32))
        with pytest.raises(ProofError, match="not those of its checkpoint"):
            log_of(case)
        kept.write_bytes(leaves)
        log_of(case).proof_of(case.entry(item).opening)


def test_a_proof_of_another_entry_or_none_is_not_built(pair: Pair, item: str) -> None:
    with pair.case(1) as case:
        good = proof_of(case, item, Purpose.INVESTIGATORS, verbatim=False)
        build(case, good)
        proof = dict(good.details)["proof"]
        lines = proof.split("\n")
        at = next(n for n, line in enumerate(lines) if line.startswith("index "))
        moved = "\n".join([*lines[:at], "index 0", *lines[at + 1 :]])
        for details in ({}, {"proof": "x"}, {"proof": moved}):
            with pytest.raises((ProofError, MalformedError)):
                build(case, Output.of("proof", Purpose.INVESTIGATORS, item, **details))
