"""What a person may rely on when a checkpoint is read (c2sp.org/tlog-checkpoint)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import IntakeError, MalformedError
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint, origin_of, parse_decimal
from intake.tlog.merkle import EMPTY_ROOT
from tests.tlog.logs import LOG, ORIGIN, checkpoint_of, signed
from tests.tlog.trees import entries

# The example of the specification; its keys are not given there.
SPEC = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5"
    "/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
).encode()
TEXT = b"log.test\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

ORIGINS = st.from_regex(r"[!-*,-~é]{1,60}", fullmatch=True)
CHECKPOINTS = st.builds(
    Checkpoint, ORIGINS, st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32)
)


def test_the_specifications_example_reads_back() -> None:
    """Origin, size and root stand where they should, and nothing is lost."""
    note = SignedCheckpoint.parse(SPEC)
    assert note.to_bytes() == SPEC
    assert note.checkpoint.origin == "example.com/behind-the-sofa"
    assert note.checkpoint.size == 20852163
    assert note.checkpoint.root.hex().startswith("0ac5186a91863e8e")


@settings(deadline=None)
@given(CHECKPOINTS)
def test_any_checkpoint_reads_back(checkpoint: Checkpoint) -> None:
    """Reading is the exact inverse of writing."""
    assert Checkpoint.parse(checkpoint.to_bytes()) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"log.test\n5\n",
        TEXT.removesuffix(b"\n"),
        TEXT + b"extension\n",
        TEXT + b"\n",
        b"\n" + TEXT,
        TEXT.replace(b"\n5\n", b"\n05\n"),
        TEXT.replace(b"\n5\n", b"\n+5\n"),
        TEXT.replace(b"\n5\n", b"\n5 \n"),
        TEXT.replace(b"\n5\n", "\n٥\n".encode()),
        TEXT.replace(b"\n5\n", b"\n9223372036854775808\n"),
        TEXT.replace(b"\n5\n", b"\n" + b"9" * 5000 + b"\n"),
        TEXT.replace(b"\n5\n", b"\n0\n"),
        TEXT.replace(b"log.test", b""),
        TEXT.replace(b"log.test", b"log test"),
        TEXT.replace(b"log.test", b"log+test"),
        TEXT.replace(b"log.test", b"l" * 256),
        TEXT.replace(b"log.test", b"\xff"),
        TEXT.replace(b"q2I=", b"q2J="),
        TEXT.replace(b"q2I=", b"q2I"),
        TEXT.replace(b"q2I=", b"q2I=="),
        TEXT.replace(b"Cs", b""),
    ],
)
def test_a_checkpoint_has_one_spelling(text: bytes) -> None:
    """No extension lines, no other number, no other base64, no origin that is not a name."""
    with pytest.raises(MalformedError):
        Checkpoint.parse(text)


def test_sizes_and_names_reach_their_limits() -> None:
    """2^63 - 1 entries and 255 bytes of origin are good; an empty log has one root."""
    for checkpoint in (
        Checkpoint("l" * 255, 2**63 - 1, bytes(32)),
        Checkpoint("é" * 127, 0, EMPTY_ROOT),
    ):
        assert Checkpoint.parse(checkpoint.to_bytes()) == checkpoint
    for size in (-1, 2**63):
        with pytest.raises(MalformedError):
            Checkpoint("log.test", size, bytes(32))
    with pytest.raises(MalformedError):
        Checkpoint("log.test", 1, bytes(31))
    assert parse_decimal("0") == 0
    assert parse_decimal("9223372036854775807") == 2**63 - 1


def test_a_signed_note_of_something_else_is_no_checkpoint() -> None:
    """The log's own signature under another text does not make it a checkpoint."""
    text = b"testimony-intake/promise/v1\n" + ORIGIN.encode() + b"\n2026-W47\n"
    with pytest.raises(MalformedError):
        SignedCheckpoint.parse(text + b"\n" + f"{LOG.sign(text)}\n".encode())


def test_the_origin_is_the_deployments_name_for_ever() -> None:
    """Neither address nor year: and no origin is that of a promise."""
    assert origin_of("test-abcdefgh") == ORIGIN
    for name in ("promise/v1", "test", "", "test-abcdefgh/x"):
        with pytest.raises(MalformedError):
            origin_of(name)


GOOD = signed(checkpoint_of(entries(5))).to_bytes()


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_altered_bytes_are_read_or_refused(at: int, inserted: bytes, cut: int) -> None:
    """Never another error than ours; what still reads is written back as it came."""
    altered = GOOD[:at] + inserted + GOOD[at + cut :]
    try:
        found = SignedCheckpoint.parse(altered)
    except IntakeError:
        return
    assert found.to_bytes() == altered
