"""The passphrase type: alone in its file, with bounded work."""

import resource
from pathlib import Path

import pytest

from intake.age import (
    HeaderError,
    ScryptIdentity,
    ScryptRecipient,
    Stanza,
    UnavailableError,
    X25519Identity,
)
from intake.errors import MalformedError

FILE_KEY = bytes(range(16))
CHEAP = 4  # only for testing: 2^4 rounds


def locked(passphrase: str = "correct horse") -> Stanza:
    return ScryptRecipient(passphrase, log_n=CHEAP).wrap(FILE_KEY)


def with_args(*args: str) -> Stanza:
    return Stanza("scrypt", args, bytes(32))


SALT = "A" * 22


def test_the_passphrase_opens() -> None:
    """The right passphrase opens, another does not, and each lock has its own salt."""
    first, second = locked(), locked()
    assert first.args[0] != second.args[0]
    assert ScryptIdentity("correct horse").unwrap([first]) == FILE_KEY
    assert ScryptIdentity("wrong horse").unwrap([first]) is None


def test_any_script_can_be_a_passphrase() -> None:
    """A passphrase may be Cyrillic, with palochka, or an emoji."""
    for passphrase in ("Ӏуьйре дика", "🔑", " "):
        stanza = locked(passphrase)
        assert ScryptIdentity(passphrase).unwrap([stanza]) == FILE_KEY


def test_the_usual_work_is_256_mib() -> None:
    """Without another wish a file costs 2^18 to try a passphrase on, and up to 2^22 is allowed."""
    assert ScryptRecipient("x").wrap(FILE_KEY).args[1] == "18"
    assert ScryptIdentity("x").max_log_n == 22


def test_no_scrypt_stanza_is_no_match(classic: X25519Identity) -> None:
    """A file that is not locked with a passphrase is simply not for one."""
    identity = ScryptIdentity("x")
    assert identity.unwrap([]) is None
    assert identity.unwrap([classic.recipient.wrap(FILE_KEY)]) is None


def test_a_passphrase_must_be_alone(classic: X25519Identity) -> None:
    """Beside any other stanza, before or after, a passphrase stanza is refused."""
    other = classic.recipient.wrap(FILE_KEY)
    for stanzas in ([locked(), other], [other, locked()], [locked(), locked()]):
        with pytest.raises(HeaderError, match="not alone"):
            ScryptIdentity("correct horse").unwrap(stanzas)


@pytest.mark.parametrize(
    ("stanza", "phrase"),
    [
        pytest.param(with_args(), "three arguments", id="none"),
        pytest.param(with_args(SALT), "three arguments", id="no work factor"),
        pytest.param(with_args(SALT, "4", "4"), "three arguments", id="one too many"),
        pytest.param(with_args("A" * 20, "4"), "16 bytes", id="short salt"),
        pytest.param(with_args("A" * 24, "4"), "16 bytes", id="long salt"),
        pytest.param(with_args(SALT[:-1] + "B", "4"), "canonical", id="stray bits"),
        *(
            pytest.param(with_args(SALT, factor), "plain decimal", id=f"work factor {factor}")
            for factor in ("0", "04", "+4", "-4", "4x", "0x4", "1_0", "4.0", "9" * 4, "9" * 5000)
        ),
        pytest.param(with_args(SALT, "23"), "too much work", id="beyond 22"),
        pytest.param(with_args(SALT, "999"), "too much work", id="far beyond"),
        pytest.param(Stanza("scrypt", (SALT, "4"), bytes(31)), "body is not 32", id="short body"),
        pytest.param(Stanza("scrypt", (SALT, "4"), bytes(33)), "body is not 32", id="long body"),
    ],
)
def test_a_stanza_of_the_wrong_shape_is_refused(stanza: Stanza, phrase: str) -> None:
    """Salt, work factor and body are looked at before any work is done."""
    with pytest.raises(HeaderError, match=phrase):
        ScryptIdentity("x").unwrap([stanza])


def test_the_bound_itself_is_allowed() -> None:
    """A file at the bound opens, one above it is refused."""
    assert ScryptIdentity("correct horse", max_log_n=CHEAP).unwrap([locked()]) == FILE_KEY
    with pytest.raises(HeaderError, match="too much work"):
        ScryptIdentity("correct horse", max_log_n=CHEAP - 1).unwrap([locked()])


@pytest.mark.parametrize("kind", [ScryptRecipient, ScryptIdentity])
def test_unusable_passphrases_are_refused(kind: type[ScryptRecipient | ScryptIdentity]) -> None:
    """An empty passphrase, half a character or an impossible cost is said at once."""
    with pytest.raises(MalformedError, match="empty"):
        kind("")
    with pytest.raises(MalformedError, match="not valid Unicode") as caught:
        kind("secret\ud800")
    assert caught.value.__context__ is None
    for log_n in (0, -1, 31):
        with pytest.raises(MalformedError, match="between 1 and 30"):
            kind("x", log_n)
    for log_n in (1, 30):
        kind("x", log_n)


def test_a_passphrase_is_not_shown_by_accident() -> None:
    """What a traceback or a log would print holds no passphrase."""
    assert "correct" not in repr(ScryptRecipient("correct horse"))
    assert "correct" not in repr(ScryptIdentity("correct horse"))


def test_a_machine_with_too_little_memory_says_so() -> None:
    """A file that needs 4 GiB on a machine that has 1 ends in a sentence, not in a traceback."""
    stanza = with_args(SALT, "22")
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 30), before[1]))
    try:
        with pytest.raises(UnavailableError, match="too little memory") as caught:
            ScryptIdentity("x").unwrap([stanza])
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    assert "4194304 KiB" in caught.value.hint
