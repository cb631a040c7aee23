"""What a partner may rely on in a witness's folder: it is whole, private, and never goes back."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cli import run
from intake.errors import MalformedError, StoreError
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.cosignature import cosigned_at
from intake.tlog.note import Algorithm, Note
from intake.witness.cosigning import Witness
from intake.witness.keys import WitnessKeys
from intake.witness.record import WitnessFolder
from tests.tlog.logs import LOG, LOG_ML_DSA, ORIGIN
from tests.witness.conftest import LEAVES, Partner, asking

ONE, TWO = bytes(range(32)), bytes(range(1, 33))
KEYS = WitnessKeys("one.test/w", ONE, TWO)


def test_a_key_file_is_four_lines_and_reads_back() -> None:
    """A title, the name, two seeds; neither seed shows in what is printed of it."""
    lines = KEYS.to_bytes().decode().split("\n")
    assert lines[:2] == ["testimony-intake/witness-key/v1", "name one.test/w"]
    assert lines[2].startswith("ed25519 AAEC")
    assert lines[3].startswith("ml-dsa-44 AQID")
    assert lines[4:] == [""]
    assert WitnessKeys.parse(KEYS.to_bytes()) == KEYS
    assert "AAEC" not in repr(KEYS)
    assert "x01" not in repr(KEYS)


@given(st.integers(0, 200), st.binary(max_size=2))
def test_any_other_bytes_are_no_key_file(at: int, change: bytes) -> None:
    """Cut, changed or longer: refused, or another key that reads back."""
    data = KEYS.to_bytes()
    data = data[:at] + change + data[at + 1 :]
    try:
        keys = WitnessKeys.parse(data)
    except MalformedError:
        return
    assert keys.to_bytes() == data


@pytest.mark.parametrize(
    ("name", "ed25519", "ml_dsa_44"),
    [
        ("", ONE, TWO),
        ("a b", ONE, TWO),
        ("a+b", ONE, TWO),
        ("a" * 256, ONE, TWO),
        ("a", ONE, ONE),
        ("a", ONE[1:], TWO),
        ("a", ONE, TWO + b"x"),
    ],
    ids=["empty", "space", "plus", "long", "one seed", "short seed", "long seed"],
)
def test_keys_that_could_not_serve_are_not_made(
    name: str, ed25519: bytes, ml_dsa_44: bytes
) -> None:
    """A name that no note can bear, a seed twice, a seed of another length."""
    with pytest.raises(MalformedError):
        WitnessKeys(name, ed25519, ml_dsa_44)
    assert WitnessKeys("a" * 255, ONE, TWO).name == "a" * 255


def test_both_cosignatures_hold_under_the_printed_keys() -> None:
    """One of each kind, for this checkpoint and this second."""
    signed = asking(0, 8).signed
    lines = KEYS.cosign(signed.checkpoint, 1_795_392_000)
    cosigned = SignedCheckpoint(Note(signed.note.text, lines))
    assert [key.algorithm for key in KEYS.vkeys] == [
        Algorithm.COSIGNATURE_ED25519,
        Algorithm.COSIGNATURE_ML_DSA_44,
    ]
    assert [cosigned_at(cosigned, key) for key in KEYS.vkeys] == [1_795_392_000] * 2


def test_a_new_witness_has_keys_of_its_own_that_nobody_else_can_read(partner: Partner) -> None:
    """Folder 0700, key 0600, other keys each time, and never in the place of a folder."""
    key = partner.folder / "witness.key"
    assert stat.S_IMODE(partner.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert WitnessKeys.parse(key.read_bytes()).vkeys == partner.vkeys
    assert WitnessKeys.generate("w") != WitnessKeys.generate("w")
    before = key.read_bytes()
    assert run(["witness", "new", str(partner.folder), "--name", "two.test/w"]) == 1
    assert key.read_bytes() == before


def latest(partner: Partner) -> Path:
    """The file of the one log's last checkpoint."""
    (path,) = (partner.folder / "latest").iterdir()
    return path


def other_record(partner: Partner) -> None:
    path = latest(partner)
    path.write_bytes(path.read_bytes().replace(ORIGIN.encode(), b"testimony-intake/test-bcdefghi"))


DAMAGE: dict[str, tuple[Callable[[Partner], object], str]] = {
    "no key": (lambda p: (p.folder / "witness.key").unlink(), "the witness's key is missing"),
    "a short key": (
        lambda p: (p.folder / "witness.key").write_bytes(KEYS.to_bytes()[:-2]),
        "the witness's key is damaged: ",
    ),
    "an open key": (
        lambda p: (p.folder / "witness.key").chmod(0o640),
        "the witness's key can be read by others",
    ),
    "no list": (lambda p: (p.folder / "logs").unlink(), "the list of logs is missing"),
    "a short list": (
        lambda p: (p.folder / "logs").write_text(str(LOG.vkey)),
        "the list of logs is damaged: ",
    ),
    "a list with a key twice": (
        lambda p: (p.folder / "logs").write_text(f"{LOG.vkey}\n" * 2),
        "the list of logs is damaged: its end is missing, or it names a key twice",
    ),
    "a list of no text": (
        lambda p: (p.folder / "logs").write_bytes(b"\xff\n"),
        "the list of logs is damaged: not UTF-8",
    ),
    "no checkpoint": (
        lambda p: latest(p).unlink(),
        f"the last checkpoint of {ORIGIN!r} is missing",
    ),
    "an empty checkpoint": (
        lambda p: latest(p).write_bytes(b""),
        f"the last checkpoint of {ORIGIN!r} is damaged: checkpoint is not three lines",
    ),
    "an endless checkpoint": (
        lambda p: latest(p).write_bytes(bytes(1_000_000)),
        f"the last checkpoint of {ORIGIN!r} is damaged: longer than 510 bytes",
    ),
    "another log's checkpoint": (
        other_record,
        f"the last checkpoint of {ORIGIN!r} is damaged: it is another log's",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_folder_is_not_served_and_what_is_wrong_is_named(
    partner: Partner, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A witness that would forget does not start."""
    with WitnessFolder(partner.folder):
        pass
    do, phrase = DAMAGE[damage]
    do(partner)
    assert run(["witness", "serve", str(partner.folder), "--bind", "127.0.0.1:0"]) == 1
    assert capsys.readouterr().err.startswith(f"intake: error: {phrase}")
    with pytest.raises(StoreError) as caught:
        WitnessFolder(partner.folder)
    assert caught.value.phrase.startswith(phrase)
    assert caught.value.hint


def test_a_folder_is_open_to_one_process_at_a_time(partner: Partner) -> None:
    """Two that decide at once could sign two trees."""
    with WitnessFolder(partner.folder):
        with pytest.raises(StoreError, match="in use"):
            WitnessFolder(partner.folder)
        assert run(["witness", "add-log", str(partner.folder), str(LOG_ML_DSA.vkey)]) == 1
    with WitnessFolder(partner.folder) as folder:
        assert folder.logs[ORIGIN].keys == (LOG.vkey,)
    with pytest.raises(StoreError, match="no witness's folder"):
        WitnessFolder(partner.folder / "none")


def test_a_log_that_is_named_again_keeps_what_was_signed_last(partner: Partner) -> None:
    """With a second key, and even where the list was lost: its record is never written anew."""
    with WitnessFolder(partner.folder) as folder:
        assert Witness(folder).answer(asking(0, 8).to_bytes()).status == 200
    assert run(["witness", "add-log", str(partner.folder), str(LOG.vkey)]) == 1
    assert run(["witness", "add-log", str(partner.folder), str(LOG_ML_DSA.vkey)]) == 0
    with WitnessFolder(partner.folder) as folder:
        record = folder.logs[ORIGIN]
        assert (record.keys, record.latest.size) == ((LOG.vkey, LOG_ML_DSA.vkey), 8)
    (partner.folder / "logs").write_bytes(b"")
    assert run(["witness", "add-log", str(partner.folder), str(LOG.vkey)]) == 0
    with WitnessFolder(partner.folder) as folder:
        assert folder.logs[ORIGIN].latest == asking(0, 8).signed.checkpoint
        assert Witness(folder).answer(asking(8, 9).to_bytes()).status == 200


def test_what_is_accepted_is_on_the_disk_before_it_is_signed(partner: Partner) -> None:
    """A second look at the file while it signs; and a disk that fails leaves nothing signed."""
    seen: list[bytes] = []

    def clock() -> int:
        seen.append(latest(partner).read_bytes())
        return 7

    with WitnessFolder(partner.folder) as folder:
        witness = Witness(folder, clock)
        assert witness.answer(asking(0, 8).to_bytes()).status == 200
        assert seen == [asking(0, 8).signed.checkpoint.to_bytes()]
        folder.logs[ORIGIN].path = partner.folder / "gone" / "file"
        with pytest.raises(OSError, match="gone"):
            witness.answer(asking(8, 9).to_bytes())
        assert len(seen) == 1
        assert folder.logs[ORIGIN].latest.size == 8


def test_the_same_checkpoint_again_is_signed_again_and_written_once(partner: Partner) -> None:
    """Anyone can repeat a public checkpoint: it costs the disk nothing."""
    with WitnessFolder(partner.folder) as folder:
        witness = Witness(folder, lambda: 7)
        witness.answer(asking(0, 8).to_bytes())
        before = latest(partner).stat().st_ino
        assert witness.answer(asking(8, 8).to_bytes()).status == 200
        assert latest(partner).stat().st_ino == before
        witness.answer(asking(8, 9).to_bytes())
        assert latest(partner).stat().st_ino != before


def test_a_refusal_changes_nothing(partner: Partner) -> None:
    """Neither on the disk nor in memory, and the next request is decided as ever."""
    with WitnessFolder(partner.folder) as folder:
        witness = Witness(folder, lambda: 7)
        witness.answer(asking(0, 8).to_bytes())
        before = latest(partner).read_bytes()
        for body, status in (
            (b"", 400),
            (asking(7, 9).to_bytes(), 409),
            (asking(8, 9, [*LEAVES[:4], b"x", *LEAVES[5:]]).to_bytes(), 422),
            (asking(0, 7).to_bytes(), 409),
        ):
            assert witness.answer(body).status == status
            assert latest(partner).read_bytes() == before
        answer = witness.answer(asking(0, 9).to_bytes())
        assert (answer.kind, answer.body) == ("text/x.tlog.size", b"8\n")
        assert witness.answer(asking(8, 9).to_bytes()).status == 200
