"""What a person may rely on when a tree grows or a proof is checked (RFC 6962, RFC 9162)."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from intake.errors import IntakeError, MalformedError, ProofError
from intake.tlog.merkle import (
    EMPTY,
    EMPTY_ROOT,
    Edge,
    leaf_hash,
    leaf_hashes,
    prove_consistency,
    prove_inclusion,
    root_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.tlog.trees import entries, mth, path, proof, reader

LIMIT = 40
ENTRIES = entries(LIMIT)
ROOTS = [mth(ENTRIES[:size]) for size in range(LIMIT + 1)]
HASHES = st.binary(min_size=32, max_size=32)
SIZES = st.integers(1, LIMIT)


def tree_of(size: int) -> Edge:
    """The edge of a tree of so many leaves."""
    return EMPTY.extended(leaf_hashes(ENTRIES[:size]))


def pymerkle_of(size: int) -> InmemoryTree:
    """The same tree, by another implementation."""
    tree = InmemoryTree(algorithm="sha256")
    for entry in ENTRIES[:size]:
        tree.append_entry(entry)
    return tree


def test_an_empty_log_has_the_root_of_nothing() -> None:
    """SHA-256 of no bytes, as RFC 6962 says."""
    known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert EMPTY.root == EMPTY_ROOT == root_hash(0, reader([])) == bytes.fromhex(known)


def test_roots_are_those_of_the_rfc_and_of_another_implementation() -> None:
    """Every size up to 40, from a growing edge, from stored hashes, and from pymerkle."""
    other = pymerkle_of(LIMIT)
    for size in range(1, LIMIT + 1):
        assert tree_of(size).root == root_hash(size, reader(ENTRIES[:size])) == ROOTS[size]
        assert other.get_root(size) == ROOTS[size]


@settings(deadline=None)
@given(st.lists(st.integers(0, 20), max_size=8))
def test_a_tree_grows_the_same_in_any_steps(steps: list[int]) -> None:
    """The edge depends on the leaves, not on how they came."""
    leaves = leaf_hashes(entries(sum(steps)))
    edge, taken = EMPTY, 0
    for step in steps:
        edge = edge.extended(leaves[taken : taken + step])
        taken += step
    assert edge == EMPTY.extended(leaves)
    assert len(edge.hashes) == sum(steps).bit_count()


def test_an_edge_of_another_shape_cannot_exist() -> None:
    """One hash for each bit of the size, each 32 bytes, the size below 2^63."""
    for size, hashes in ((1, ()), (0, (bytes(32),)), (3, (bytes(32),)), (1, (bytes(31),))):
        with pytest.raises(MalformedError):
            Edge(size, hashes)
    for size in (-1, 2**63):
        with pytest.raises(MalformedError):
            Edge(size, (bytes(32),))


def test_inclusion_proofs_are_those_of_the_rfc_and_hold() -> None:
    """Every leaf of every tree up to 40 has one proof, of the specified hashes."""
    for size in range(1, LIMIT + 1):
        stored = reader(ENTRIES[:size])
        for index in range(size):
            made = prove_inclusion(index, size, stored)
            assert list(made) == path(index, ENTRIES[:size])
            verify_inclusion(index, size, leaf_hash(ENTRIES[index]), made, ROOTS[size])


def test_consistency_proofs_are_those_of_the_rfc_and_hold() -> None:
    """Every pair of trees up to 40 has one proof, of the specified hashes."""
    for size in range(1, LIMIT + 1):
        stored = reader(ENTRIES[:size])
        for old in range(size + 1):
            made = prove_consistency(old, size, stored)
            assert list(made) == (proof(old, ENTRIES[:size]) if old else [])
            verify_consistency(old, size, ROOTS[old], ROOTS[size], made)


def test_pymerkle_makes_the_same_proofs() -> None:
    """Inclusion and consistency: an independent implementation needs the same hashes as ours."""
    other = pymerkle_of(LIMIT)
    for size in range(2, LIMIT + 1, 3):
        stored = reader(ENTRIES[:size])
        for index in range(0, size, 5):
            made = other.prove_inclusion(index + 1, size)
            assert made.path[0] == leaf_hash(ENTRIES[index])
            assert tuple(made.path[1:]) == prove_inclusion(index, size, stored)
        for old in range(1, size):
            made = other.prove_consistency(old, size)
            made.verify(ROOTS[old], ROOTS[size], prior_size=old, later_size=size)
            # At a boundary of subtrees pymerkle goes down to a leaf where the RFC stops above it;
            # an odd size has no such boundary. Their order differs where two leaves meet.
            if old & 1 and old > 1:
                assert sorted(made.path) == sorted(prove_consistency(old, size, stored))


@settings(deadline=None)
@given(st.data())
def test_a_wrong_inclusion_is_refused(data: st.DataObject) -> None:
    """Another index, size, leaf, root or path: none passes, whatever is altered."""
    size = data.draw(SIZES)
    index = data.draw(st.integers(0, size - 1))
    leaf = leaf_hash(ENTRIES[index])
    made = list(prove_inclusion(index, size, reader(ENTRIES[:size])))
    case = data.draw(
        st.sampled_from(["index", "size", "leaf", "root", "hash", "longer", "shorter"])
    )
    root = ROOTS[size]
    match case:
        case "index":
            index = data.draw(st.integers(-2, size + 2).filter(lambda i: i != index))
        case "size":
            changed = data.draw(st.integers(-1, LIMIT).filter(lambda n: n != size))
            size, root = changed, ROOTS[max(changed, 0)]
        case "leaf":
            leaf = data.draw(HASHES)
        case "root":
            root = data.draw(HASHES)
        case "hash" if made:
            made[data.draw(st.integers(0, len(made) - 1))] = data.draw(HASHES)
        case "shorter" if made:
            del made[data.draw(st.integers(0, len(made) - 1))]
        case _:
            made.insert(data.draw(st.integers(0, len(made))), data.draw(HASHES))
    with pytest.raises(ProofError):
        verify_inclusion(index, size, leaf, made, root)


@settings(deadline=None)
@given(st.data())
def test_a_wrong_continuation_is_refused(data: st.DataObject) -> None:
    """A log that dropped, changed or invented entries finds no proof by altering an honest one."""
    size = data.draw(SIZES)
    old = data.draw(st.integers(1, size))
    old_root, root = ROOTS[old], ROOTS[size]
    made = list(prove_consistency(old, size, reader(ENTRIES[:size])))
    match data.draw(st.sampled_from(["old root", "root", "hash", "longer", "shorter", "old"])):
        case "old root":
            old_root = data.draw(HASHES)
        case "root":
            root = data.draw(HASHES)
        case "old":
            old = data.draw(st.integers(-1, size + 1).filter(lambda n: n not in (0, old)))
        case "hash" if made:
            made[data.draw(st.integers(0, len(made) - 1))] = data.draw(HASHES)
        case "shorter" if made:
            del made[data.draw(st.integers(0, len(made) - 1))]
        case _:
            made.insert(data.draw(st.integers(0, len(made))), data.draw(HASHES))
    with pytest.raises(ProofError):
        verify_consistency(old, size, old_root, root, made)


def test_a_forked_log_is_not_a_continuation() -> None:
    """One entry changed before the old end: the honest proof of the fork fails against the old root."""
    fork = [*ENTRIES[:10], b"another", *ENTRIES[11:]]
    for old, size in pairwise((11, 12, 16, 31, 32, 40)):
        made = prove_consistency(old, size, reader(fork[:size]))
        verify_consistency(old, size, mth(fork[:old]), mth(fork[:size]), made)
        with pytest.raises(ProofError):
            verify_consistency(old, size, ROOTS[old], mth(fork[:size]), made)


def test_nothing_is_proved_about_an_empty_log_but_its_root() -> None:
    """Any log continues it, without a proof; only the hash of nothing is its root."""
    verify_consistency(0, 5, EMPTY_ROOT, ROOTS[5], ())
    verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, ())
    for old_root, made in ((ROOTS[1], ()), (EMPTY_ROOT, (ROOTS[1],))):
        with pytest.raises(ProofError):
            verify_consistency(0, 5, old_root, ROOTS[5], made)
    with pytest.raises(ProofError):
        verify_consistency(0, 0, EMPTY_ROOT, ROOTS[5], ())


def test_proofs_of_what_is_not_there_cannot_be_asked_for() -> None:
    """The caller's mistake is told at once."""
    stored = reader(ENTRIES[:5])
    for index in (-1, 5):
        with pytest.raises(ValueError, match="no such leaf"):
            prove_inclusion(index, 5, stored)
    for old in (-1, 6):
        with pytest.raises(ValueError, match="larger"):
            prove_consistency(old, 5, stored)


@settings(deadline=None)
@given(
    st.integers(-1, 2**64),
    st.integers(-1, 2**64),
    st.lists(st.binary(max_size=40) | HASHES, max_size=70),
)
def test_no_proof_however_odd_is_more_than_refused(one: int, size: int, made: list[bytes]) -> None:
    """Random numbers and hashes of random lengths: an error of ours, never another."""
    for verify in (
        lambda: verify_inclusion(one, size, bytes(32), made, bytes(32)),
        lambda: verify_consistency(one, size, bytes(32), ROOTS[1], made),
    ):
        with pytest.raises(IntakeError):
            verify()


def test_a_byte_cannot_move_from_one_hash_to_its_neighbour() -> None:
    """Both are hashed in one go, so only their lengths keep them apart."""
    leaf, sibling = leaf_hashes(ENTRIES[:2])
    verify_inclusion(0, 2, leaf, (sibling,), ROOTS[2])
    with pytest.raises(MalformedError):
        verify_inclusion(0, 2, leaf[:-1], (leaf[-1:] + sibling,), ROOTS[2])
    verify_consistency(1, 2, leaf, ROOTS[2], (sibling,))
    with pytest.raises(MalformedError):
        verify_consistency(1, 2, leaf[:-1], ROOTS[2], (leaf[-1:] + sibling,))


def test_the_refusal_says_what_is_wrong_with_a_proof() -> None:
    """Too long, too short, empty: one who writes a client sees which."""
    leaf, other = leaf_hashes(ENTRIES[:2])
    for made, phrase in (((other, other), "too long"), ((), "too short")):
        with pytest.raises(ProofError, match=phrase):
            verify_inclusion(0, 2, leaf, made, ROOTS[2])
    for made, phrase in (((other, other), "too long"), ((), "empty")):
        with pytest.raises(ProofError, match=phrase):
            verify_consistency(1, 2, leaf, ROOTS[2], made)
    with pytest.raises(ProofError, match="too short"):
        verify_consistency(1, 3, leaf, ROOTS[3], (other,))
