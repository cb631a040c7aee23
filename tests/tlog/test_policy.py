"""What a person may rely on when a policy decides about a checkpoint (c2sp.org/tlog-policy)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import IntakeError, MalformedError, ProofError
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.cosignature import Cosigner
from intake.tlog.note import Algorithm, Note, Signer
from intake.tlog.policy import Endorsed, Group, Log, Policy, Witness
from tests.tlog.logs import (
    LOG,
    LOG_ML_DSA,
    ORIGIN,
    POLICY,
    TIME,
    WITNESSES,
    checkpoint_of,
    signed,
)
from tests.tlog.trees import entries

CHECKPOINT = checkpoint_of(entries(9))
KEYS = tuple(
    Cosigner(f"w{i}.test", Algorithm.COSIGNATURE_ED25519, bytes([i]) * 32) for i in range(6)
)
LINES = {f"k{i}": str(key.vkey) for i, key in enumerate(KEYS)} | {"log": str(LOG.vkey)}


def policy(text: str) -> Policy:
    """A policy with our keys in the place of {k0} to {k5} and {log}."""
    return Policy.parse(text.format(**LINES).encode(errors="surrogateescape"))


def by(*numbers: int) -> SignedCheckpoint:
    """The checkpoint, signed by the log and cosigned by these of the six."""
    return signed(CHECKPOINT, [KEYS[number] for number in numbers])


# The example of the specification, with keys.
TWO_LEVELS = """\
log {log}

witness X1 {k0}
witness X2 {k1}
witness X3 {k2}
group X-witnesses 2 X1 X2 X3

witness Y1 {k3}
witness Y2 {k4}
witness Y3 {k5}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_specifications_example_means_what_it_says() -> None:
    """Two of X and one of Y, whoever they are; anything less is refused with the names that lack."""
    both = policy(TWO_LEVELS)
    for good in ((0, 1, 3), (1, 2, 5), (0, 1, 2, 3, 4, 5)):
        assert [name for name, _ in both.endorsed(by(*good)).witnesses] == [
            ("X1", "X2", "X3", "Y1", "Y2", "Y3")[number] for number in good
        ]
    for few in ((), (0, 1), (0, 3, 4, 5), (3,)):
        with pytest.raises(ProofError, match="quorum 'X-and-Y' is not met"):
            both.endorsed(by(*few))
    with pytest.raises(ProofError, match=r"no cosignature of 'X2', 'X3', 'Y1', 'Y3'$"):
        both.endorsed(by(0, 4))


def test_two_of_three_organisations_are_asked_and_two_are_enough() -> None:
    """The policy that a deployment has: any two, with either algorithm, and their times."""
    text = POLICY.to_bytes()
    assert Policy.parse(text) == POLICY
    for pair in ((0, 1), (0, 2), (1, 2)):
        endorsed = POLICY.endorsed(signed(CHECKPOINT, [WITNESSES[number] for number in pair]))
        names = [f"w{number + 1}" for number in pair]
        assert endorsed == Endorsed(LOG.vkey, tuple(zip(names, (TIME, TIME + 1), strict=True)))
        assert endorsed.newest(TIME) == TIME + 1
    for number in range(3):
        with pytest.raises(ProofError, match="quorum 'q'"):
            POLICY.endorsed(signed(CHECKPOINT, [WITNESSES[number]]))
    twice = signed(CHECKPOINT, [WITNESSES[0], WITNESSES[0]])
    with pytest.raises(ProofError, match="'w2', 'w3'"):
        POLICY.endorsed(twice)


def test_without_the_logs_own_signature_no_witness_helps() -> None:
    """Nor does a log of another name, or another key of that name, or a line that does not hold."""
    with pytest.raises(ProofError, match="not signed by the log"):
        POLICY.endorsed(signed(CHECKPOINT, WITNESSES, log=None))
    with pytest.raises(ProofError, match="not signed by the log"):
        POLICY.endorsed(signed(CHECKPOINT, WITNESSES, LOG_ML_DSA))
    other = replace(CHECKPOINT, origin="testimony-intake/test-bcdefghi")
    with pytest.raises(ProofError, match="knows no log"):
        POLICY.endorsed(signed(other, WITNESSES, Signer(other.origin, LOG.algorithm, LOG.seed)))
    good = signed(CHECKPOINT).note
    forged = replace(good.signatures[0], signature=bytes(64))
    with pytest.raises(ProofError, match="does not hold"):
        POLICY.endorsed(SignedCheckpoint(replace(good, signatures=(forged, *good.signatures[1:]))))


def test_a_bad_line_of_a_known_witness_refuses_the_whole() -> None:
    """Even where the others would be enough: somebody forged it or altered the text."""
    good = signed(CHECKPOINT).note
    broken = replace(good.signatures[3], signature=good.signatures[3].signature[:-1] + b"\0")
    note = replace(good, signatures=(*good.signatures[:3], broken))
    with pytest.raises(ProofError, match=r"three\.test/w"):
        POLICY.endorsed(SignedCheckpoint(note))
    stranger = replace(broken, name="four.test/w")
    note = replace(good, signatures=(*good.signatures[:3], stranger))
    assert len(POLICY.endorsed(SignedCheckpoint(note)).witnesses) == 2


def test_a_cosignature_of_a_time_yet_to_come_makes_nothing_fresh() -> None:
    """A day ahead is a clock that is wrong, more is not believed; the others' times still count."""
    later = TIME + 86_401
    endorsed = Endorsed(LOG.vkey, (("a", TIME), ("b", later), ("c", 2**63 - 1)))
    assert endorsed.newest(TIME) == TIME
    assert endorsed.ahead(TIME) == ("b", "c")
    assert endorsed.newest(TIME + 1) == later
    assert endorsed.ahead(TIME + 1) == ("c",)
    assert Endorsed(LOG.vkey, (("c", 2**63 - 1),)).newest(TIME) is None


def test_one_of_several_logs_is_enough_and_none_means_no_witness() -> None:
    """`quorum none` asks for the log alone; a log may be listed with two keys."""
    keys = Policy((Log(LOG.vkey), Log(LOG_ML_DSA.vkey)), (), (), "none")
    assert Policy.parse(keys.to_bytes()) == keys
    for key in (LOG, LOG_ML_DSA):
        assert keys.endorsed(signed(CHECKPOINT, (), key)) == Endorsed(key.vkey, ())
    assert keys.endorsed(signed(CHECKPOINT, ())).newest(TIME) is None


def test_a_single_witness_may_be_the_quorum() -> None:
    """Then it, and no other, must have cosigned."""
    one = policy("log {log}\nwitness a {k0}\nwitness b {k1}\nquorum b\n")
    assert one.endorsed(by(1)).witnesses == (("b", TIME),)
    with pytest.raises(ProofError, match=r"no cosignature of 'b'$"):
        one.endorsed(by(0))


def test_white_space_comments_and_addresses_are_the_readers_freedom() -> None:
    """As the specification allows: and what counts is written back in one form."""
    loose = policy(
        "# a policy\n \t\n\tlog\t{log}  https://log.test/ \n  # comment +é\n"
        "witness \t a {k0} https://a.test\nwitness b {k1}\ngroup g all a b\nquorum g"
        "\n"
    )
    assert loose.logs[0].url == "https://log.test/"
    assert loose.groups == (Group("g", 2, ("a", "b")),)
    assert loose.to_bytes().decode() == (
        "log {log} https://log.test/\nwitness a {k0} https://a.test\nwitness b {k1}\n"
        "group g 2 a b\nquorum g\n".format(**LINES)
    )


def test_names_are_octets_as_the_specification_says() -> None:
    """K and the Kelvin sign are two witnesses; bytes that are no UTF-8 come back as they were."""
    text = b"witness K %s\nwitness \xe2\x84\xaa %s\nwitness \xff %s\ngroup g any K \xff\nquorum g\n"
    data = text % tuple(LINES[key].encode() for key in ("k0", "k1", "k2"))
    found = Policy.parse(data)
    assert found.to_bytes() == data.replace(b"any", b"1")
    assert len({witness.name for witness in found.witnesses}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log {log}\n",
        "quorum none",
        "quorum none\nquorum none\n",
        "quorum nobody\n",
        "quorum\n",
        "quorum none none\n",
        "quorum none\r\n",
        "quorum none\x7f\n",
        "quorum none\n\0\n",
        "Quorum none\n",
        "quorum none # comment\n",
        "log {log}x\nquorum none\n",
        "log {log} url url\nquorum none\n",
        "log\nquorum none\n",
        "log {log}\nlog {log} https://other.test/\nquorum none\n",
        "witness a {log}\nquorum a\n",
        "witness a\nquorum none\n",
        "witness a {k0} url url\nquorum a\n",
        "witness none {k0}\nquorum none\n",
        "witness a {k0}\nwitness a {k1}\nquorum a\n",
        "witness a {k0}\nwitness b {k0}\nquorum a\n",
        "quorum a\nwitness a {k0}\n",
        "group g any a\nwitness a {k0}\nquorum g\n",
        "witness a {k0}\ngroup g any g\nquorum g\n",
        "witness a {k0}\ngroup g any none\nquorum g\n",
        "witness a {k0}\ngroup none any a\nquorum none\n",
        "witness a {k0}\ngroup a any a\nquorum a\n",
        "witness a {k0}\ngroup g any a a\nquorum g\n",
        "witness a {k0}\ngroup g any a\ngroup h any a\nquorum g\n",
        "witness a {k0}\ngroup g any\nquorum g\n",
        "witness a {k0}\ngroup g 0 a\nquorum g\n",
        "witness a {k0}\ngroup g 2 a\nquorum g\n",
        "witness a {k0}\ngroup g 01 a\nquorum g\n",
        "witness a {k0}\ngroup g -1 a\nquorum g\n",
        "witness a {k0}\ngroup g some a\nquorum g\n",
        "witness a {k0}\ngroup g ١ a\nquorum g\n",
        "witness a {k0}\ngroup g 1" + "0" * 5000 + " a\nquorum g\n",
        "mirror a {k0}\nquorum none\n",
    ],
)
def test_a_policy_that_is_not_one_is_refused(text: str) -> None:
    """Duplicates, undefined names, groups that cannot be met or hold a member twice, other lines."""
    with pytest.raises(MalformedError):
        policy(text)


def test_a_log_is_not_its_own_witness() -> None:
    """One key in both roles would count the log's word for the public's."""
    log = Cosigner(ORIGIN, Algorithm.COSIGNATURE_ML_DSA_44, bytes(32))
    with pytest.raises(MalformedError, match="twice"):
        Policy((Log(log.vkey),), (Witness("w", replace(log, name="w.test").vkey),), (), "w")


def test_the_same_key_under_two_names_is_a_duplicate() -> None:
    """The specification counts keys, not names: else one organisation would be two."""
    with pytest.raises(MalformedError, match="twice"):
        Policy(
            (),
            (Witness("a", KEYS[0].vkey), Witness("b", replace(KEYS[0], name="b.test").vkey)),
            (),
            "none",
        )


def test_a_policy_that_exists_is_a_valid_one() -> None:
    """Nobody can make by hand what could not be read from a file."""
    for name in ("", "a b", "a\n", "\x7f", "\ud800"):
        with pytest.raises(MalformedError):
            Witness(name, KEYS[0].vkey)
        with pytest.raises(MalformedError):
            Group("g", 1, (name,))
    with pytest.raises(MalformedError, match="'nobody' is not defined"):
        Policy((), (), (), "nobody")
    with pytest.raises(MalformedError, match="unknown or in a group"):
        Policy((), (), (Group("g", 1, ("nobody",)),), "none")
    with pytest.raises(MalformedError):
        Log(LOG.vkey, "https://a b")
    with pytest.raises(MalformedError, match="longer"):
        Policy((Log(LOG.vkey, "x" * 1_000_000),), (), (), "none")


GOOD = TWO_LEVELS.format(**LINES).encode()


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_altered_bytes_are_read_or_refused(at: int, inserted: bytes, cut: int) -> None:
    """Never another error than ours; what still reads means the same once written and read again."""
    try:
        found = Policy.parse(GOOD[:at] + inserted + GOOD[at + cut :])
    except IntakeError:
        return
    assert Policy.parse(found.to_bytes()) == found


def test_a_draft_without_signatures_is_believed_by_nobody() -> None:
    """Not even by a policy that asks for no witness."""
    alone = Policy((Log(LOG.vkey),), (), (), "none")
    with pytest.raises(ProofError):
        alone.endorsed(SignedCheckpoint(Note(CHECKPOINT.to_bytes(), ())))
