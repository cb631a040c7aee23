"""A publication proves what it shows with public data alone, and nothing else is taken for one."""

import json
import time
from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.audit.publication_check import LEFT_OUT, shown
from intake.disclosure import Disclosure
from intake.errors import IntakeError, MalformedError, ProofError
from intake.opening import PublicHalf
from intake.publication import Publication
from intake.redaction import VOID
from intake.tlog.merkle import leaf_hash
from intake.tlog.policy import Policy
from tests.publications import MODE, Logged, container, hidden_names, logged, numbers_of
from tests.tlog.go_checker import Go, GoRefusedError
from tests.tlog.logs import LOG, POLICY, WITNESSES
from tests.vectors.publication.generate import FOLDER, good, refused, says

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def vectors(name: str) -> list[dict[str, Any]]:
    """The rows of a file, each with its policy."""
    value = json.loads((Path(FOLDER) / name).read_text("utf-8"))
    return [row | {"policy": value["policies"][row["policy"]].encode()} for row in value["rows"]]


def file_of(row: dict[str, Any]) -> bytes:
    """The file of a row that is refused."""
    if "spaces" in row:
        return b" " * row["spaces"]
    return b64decode(row["base64"]) if "base64" in row else row["file"].encode()


@pytest.mark.parametrize("row", vectors("good.json"), ids=lambda row: row["name"])
def test_what_holds_is_read_verified_and_told(row: dict[str, Any]) -> None:
    data, policy = row["file"].encode(), Policy.parse(row["policy"])
    publication = Publication.parse(data)
    assert publication.to_bytes() == data
    assert says(publication, policy) == row["says"]


@pytest.mark.parametrize("row", vectors("refused.json"), ids=lambda row: row["name"])
def test_what_does_not_hold_is_refused_for_its_reason(row: dict[str, Any]) -> None:
    with pytest.raises(IntakeError) as refusal:
        Publication.parse(file_of(row)).verify(Policy.parse(row["policy"]))
    assert row["reason"]
    assert row["reason"] in refusal.value.phrase


def test_the_files_of_vectors_are_those_of_their_makers() -> None:
    """By name and reason: the bytes differ, as ML-DSA signs anew each time."""
    assert [row["name"] for row in vectors("good.json")] == [name for name, *_ in good()]
    made = [(name, reason) for name, _, _, reason in refused()]
    assert [(row["name"], row["reason"]) for row in vectors("refused.json")] == made
    assert len({name for name, _ in made}) == len(made) > 150


@given(st.lists(texts, min_size=1, max_size=3), st.data())
def test_whatever_is_left_out_it_reads_back_and_holds(
    answers: list[str], data: st.DataObject
) -> None:
    fields = [(f"field.{n}.text", text) for n, text in enumerate(answers)]
    whole = Logged.of(container(fields, data.draw(st.sampled_from("abcdefgh"))))
    count = len(numbers_of(whole.container, ""))
    hidden = data.draw(st.sets(st.integers(1, count - 1)))
    publication = whole.published(hidden)
    written = publication.to_bytes()
    assert Publication.parse(written) == publication
    assert Publication.parse(written).verify(POLICY).witnesses
    if not hidden:
        shown = [(piece.path, piece.text) for piece in publication.pieces()]
        assert shown == fields
        assert publication.gaps == 0


def test_a_long_one_is_read_and_shown_in_a_time_by_its_length() -> None:
    """One of 3 MB, whole and with every second word left out: each took a time by its square."""
    text = " ".join(["\U00010400" + "x" * 60] * 45_000)
    whole = Logged.of(container([("narrative", text)]))
    count = len(numbers_of(whole.container, ""))
    for hidden in ((), range(count % 2 + 9, count, 2)):
        written = whole.published(set(hidden)).to_bytes()
        begin = time.process_time()
        publication = Publication.parse(written)
        lines = list(shown(publication))
        assert time.process_time() - begin < 4
        assert bool(hidden) == (LEFT_OUT in lines[-1])
        assert publication.gaps == len(hidden)


def test_nothing_in_it_names_the_stored_object_or_what_is_hidden() -> None:
    """No envelope, no withdraw-commit, no salt2, no seed of the tree; and no hidden word."""
    whole = logged()
    written = whole.published(hidden_names()).to_bytes()
    opening = whole.opening
    for secret in (opening.envelope, opening.withdraw_commit, opening.salt2, whole.container.seed):
        for size in (len(secret), 12):
            text = b64encode(secret[: size - size % 3])
            assert text not in written
        assert secret.hex().encode() not in written
    assert opening.roster.encode() not in written
    for word in ("Ruslan", "Магомеда", "shop", "аргун", "who_text", "browser", "courts"):
        assert word.encode() not in written
        assert json.dumps(word)[1:-1].encode() not in written
    assert "подвале".encode() in written


def test_the_public_half_is_half_of_the_opening() -> None:
    opening = logged().opening
    half = PublicHalf.of(opening)
    assert half.commit == opening.commit
    assert half.public == opening.public
    assert PublicHalf.parse(half.public, half.private) == half
    with pytest.raises(MalformedError, match="4 lines"):
        PublicHalf.parse(opening.to_bytes(), half.private)


def test_one_that_is_put_together_wrongly_cannot_be_made() -> None:
    """Also by this program itself: a receipt's opening beside the proof would name the object."""
    whole = logged()
    publication = whole.published({MODE})
    told = replace(whole.proof(), extra=whole.opening.to_bytes())
    with pytest.raises(MalformedError, match="extra data"):
        replace(publication, proof=told)
    with pytest.raises(MalformedError, match="32 bytes"):
        replace(publication.opening, private=bytes(31))
    leaves = publication.disclosure.leaves
    odd = Disclosure((leaves[0], (b"f", b"\xff")), *_proof_of(publication))
    with pytest.raises(MalformedError, match="not UTF-8"):
        replace(publication, disclosure=odd)
    for wrong in ((VOID, *leaves[1:]), (leaves[0], VOID, VOID, VOID, *leaves[4:])):
        disclosure = Disclosure(wrong, *_proof_of(publication))
        with pytest.raises(MalformedError):
            replace(publication, disclosure=disclosure)


def _proof_of(publication: Publication) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    return publication.disclosure.seeds, publication.disclosure.hashes


def test_check_alone_believes_no_log() -> None:
    """A reviewer's machine checks what it makes; whoever reads it asks a policy."""
    strange = logged().published(hidden_names())
    strange.check()
    with pytest.raises(ProofError, match="knows no log"):
        strange.verify(Policy((), (), (), "none"))


def test_go_verifies_the_part_of_the_log(go: Go) -> None:
    """Stock Go opens the checkpoint and checks the path of the entry made from the public half."""
    publication = Publication.parse(logged().published(hidden_names()).to_bytes())
    proof, checkpoint = publication.proof, publication.proof.signed.checkpoint
    vkeys = [str(signer.vkey) for signer in (LOG, *WITNESSES)]
    opened = go.ask("open", note=proof.signed.to_bytes(), vkeys=vkeys)
    origin, size, root, _ = opened["Text"].split("\n")
    assert (origin, int(size), b64decode(root)) == (checkpoint.origin, 17, checkpoint.root)
    assert len(opened["Keys"]) == 4
    entry = b"B" + publication.opening.commit
    record = {"size": 17, "root": checkpoint.root, "index": proof.index, "proof": list(proof.path)}
    go.ask("check_record", entry=entry, **record)
    with pytest.raises(GoRefusedError):
        go.ask("check_record", entry=b"B" + leaf_hash(entry), **record)
