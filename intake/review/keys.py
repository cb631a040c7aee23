"""Secret keys at rest: a file that only a passphrase opens. Never written in the clear.

    testimony-intake/reviewer-identity/v1       or testimony-intake/root-key/v1
    name r1
    argon2id m=262144 t=3 p=4 <salt: 16 bytes, base64>
    sealed <ciphertext: 64 + 16 bytes, base64>

ASCII, every line ends with LF, base64 padded and canonical, one space between words. The key is
Argon2id (version 0x13, 32 bytes) of the passphrase, NFC and UTF-8, with m in KiB from 262144 to
2097152, t from 1 to 16 and p from 1 to 16. The ciphertext is ChaCha20-Poly1305 with a nonce of
12 zero bytes and the first three lines, with their LF, as associated data. Sealed are two seeds
of 32 bytes: of a reviewer the age identity's and the Ed25519 signer's; of a root holder the
Ed25519 key's and the ML-DSA-44 key's. The public halves are not in the file: a stolen one does
not say which roster it belongs to.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import ClassVar, Final, Generic, Protocol, Self, TypeVar

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from intake.age import HybridIdentity
from intake.errors import IntakeError, MalformedError, StoreError, WrongKeyError
from intake.reviewer import Reviewer, check_name
from intake.tlog.note import SEED_LENGTH, Algorithm, Signer, VerifierKey

PASSPHRASE_MINIMUM: Final = 12  # characters
MEMORY: Final = 262_144  # KiB, 256 MiB: what one guess costs
MEMORY_LIMIT: Final = 2_097_152  # KiB; a file from a stranger must not ask for more
PASSES: Final = 3
LANES: Final = 4
COUNT_LIMIT: Final = 16  # of passes and of lanes
SALT_LENGTH: Final = 16  # bytes
FILE_LIMIT: Final = 1024  # bytes; a file of this format has about 250
_TAG_LENGTH: Final = 16
_ARGON2_VERSION: Final = 0x13
# Every file has its own random salt and so its own key, which seals once.
_NONCE: Final = bytes(12)
_TEXT: Final = re.compile(
    r"(testimony-intake/[a-z-]+/v[0-9]+)\n"
    r"name ([^ \n]+)\n"
    r"argon2id m=([0-9]{1,9}) t=([0-9]{1,9}) p=([0-9]{1,9}) ([A-Za-z0-9+/=]+)\n"
    r"sealed ([A-Za-z0-9+/=]+)\n"
)


class WeakPassphraseError(IntakeError):
    """A passphrase is too short to lock a key with."""


@dataclass(frozen=True)
class ReviewerSecret:
    """What a reviewer opens with and signs replies with: two seeds of 32 bytes."""

    name: str
    age_seed: bytes = field(repr=False)
    signer_seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        _check_seeds(self.age_seed, self.signer_seed)

    @classmethod
    def generate(cls, name: str) -> Self:
        """Make new ones from the system's randomness."""
        return cls(name, secrets.token_bytes(SEED_LENGTH), secrets.token_bytes(SEED_LENGTH))

    @property
    def seeds(self) -> tuple[bytes, bytes]:
        """Both seeds in the order of the file."""
        return self.age_seed, self.signer_seed

    @property
    def identity(self) -> HybridIdentity:
        """The age identity."""
        return HybridIdentity.from_seed(self.age_seed)

    @property
    def signer(self) -> Signer:
        """The key that signs replies."""
        return Signer(self.name, Algorithm.ED25519, self.signer_seed)

    @property
    def reviewer(self) -> Reviewer:
        """The public half, as it stands in a roster."""
        return Reviewer(self.name, self.identity.recipient, self.signer.vkey)


@dataclass(frozen=True)
class RootSecret:
    """What a root holder signs rosters with: two seeds of 32 bytes, two keys, one name."""

    name: str
    ed25519_seed: bytes = field(repr=False)
    ml_dsa_seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        _check_seeds(self.ed25519_seed, self.ml_dsa_seed)

    @classmethod
    def generate(cls, name: str) -> Self:
        """Make new ones from the system's randomness."""
        return cls(name, secrets.token_bytes(SEED_LENGTH), secrets.token_bytes(SEED_LENGTH))

    @property
    def seeds(self) -> tuple[bytes, bytes]:
        """Both seeds in the order of the file."""
        return self.ed25519_seed, self.ml_dsa_seed

    @property
    def signers(self) -> tuple[Signer, Signer]:
        """Both keys; a roster counts a holder who signed with both."""
        return (
            Signer(self.name, Algorithm.ED25519, self.ed25519_seed),
            Signer(self.name, Algorithm.ML_DSA_44, self.ml_dsa_seed),
        )

    @property
    def vkeys(self) -> tuple[VerifierKey, VerifierKey]:
        """The public halves, in the same order."""
        first, second = self.signers
        return first.vkey, second.vkey


class _Secret(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def seeds(self) -> tuple[bytes, bytes]: ...


_S = TypeVar("_S", bound=_Secret)


@dataclass(frozen=True)
class _Locked(Generic[_S]):
    """A locked file. `memory` is in KiB; `sealed` is both seeds, encrypted."""

    LABEL: ClassVar[str]

    name: str
    memory: int
    passes: int
    lanes: int
    salt: bytes = field(repr=False)
    sealed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        if not MEMORY <= self.memory <= MEMORY_LIMIT:
            raise MalformedError(f"locked key asks for {self.memory} KiB of memory to open")
        if not (1 <= self.passes <= COUNT_LIMIT and 1 <= self.lanes <= COUNT_LIMIT):
            raise MalformedError("locked key asks for more passes or lanes than it may")
        if len(self.salt) != SALT_LENGTH or len(self.sealed) != 2 * SEED_LENGTH + _TAG_LENGTH:
            raise MalformedError("locked key has a salt or a secret of the wrong length")

    @classmethod
    def lock(cls, secret: _S, passphrase: str, *, passes: int = PASSES) -> Self:
        """Lock `secret`; raises `WeakPassphraseError`. Takes about a second and 256 MiB."""
        check_passphrase(passphrase)
        blank = bytes(2 * SEED_LENGTH + _TAG_LENGTH)
        form = cls(secret.name, MEMORY, passes, LANES, secrets.token_bytes(SALT_LENGTH), blank)
        sealed = form._cipher(passphrase).encrypt(_NONCE, b"".join(secret.seeds), form._head())
        return cls(form.name, form.memory, form.passes, form.lanes, form.salt, sealed)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a locked file; raises `MalformedError`."""
        try:
            match = _TEXT.fullmatch(data[: FILE_LIMIT + 1].decode("ascii"))
        except UnicodeDecodeError:
            match = None
        if match is None:
            raise MalformedError("not a locked key", "it is made by `intake keys`")
        label, name, memory, passes, lanes, salt, sealed = match.groups()
        if label != cls.LABEL:
            raise MalformedError(f"key is a {label}, not a {cls.LABEL}")
        locked = cls(name, int(memory), int(passes), int(lanes), _decode(salt), _decode(sealed))
        if locked.to_bytes() != data:
            raise MalformedError("locked key is not in its one canonical form")
        return locked

    def to_bytes(self) -> bytes:
        """Write the file; the exact inverse of `parse`."""
        return self._head() + b"sealed " + base64.b64encode(self.sealed) + b"\n"

    def _head(self) -> bytes:
        salt = base64.b64encode(self.salt).decode()
        return (
            f"{self.LABEL}\nname {self.name}\n"
            f"argon2id m={self.memory} t={self.passes} p={self.lanes} {salt}\n"
        ).encode("ascii")

    def _open(self, passphrase: str) -> tuple[bytes, bytes]:
        try:
            seeds = self._cipher(passphrase).decrypt(_NONCE, self.sealed, self._head())
        except InvalidTag:
            raise WrongKeyError(
                f"passphrase does not open the key of {self.name!r}",
                "a damaged file says the same: try its copy",
            ) from None
        return seeds[:SEED_LENGTH], seeds[SEED_LENGTH:]

    def _cipher(self, passphrase: str) -> ChaCha20Poly1305:
        try:
            key = hash_secret_raw(
                secret=_normal(passphrase).encode(),
                salt=self.salt,
                time_cost=self.passes,
                memory_cost=self.memory,
                parallelism=self.lanes,
                hash_len=32,
                type=Type.ID,
                version=_ARGON2_VERSION,
            )
        except HashingError:
            raise StoreError(
                f"not enough memory for a passphrase: it takes {self.memory // 1024} MiB",
                "close other programs, or use a machine with more",
            ) from None
        return ChaCha20Poly1305(key)


class LockedIdentity(_Locked[ReviewerSecret]):
    """A reviewer's locked identity (`NAME.identity`)."""

    LABEL = "testimony-intake/reviewer-identity/v1"

    def unlock(self, passphrase: str) -> ReviewerSecret:
        """Return the secret; raises `WrongKeyError`. Takes about a second and 256 MiB."""
        return ReviewerSecret(self.name, *self._open(passphrase))


class LockedRootKey(_Locked[RootSecret]):
    """A root holder's locked key (`NAME.rootkey`)."""

    LABEL = "testimony-intake/root-key/v1"

    def unlock(self, passphrase: str) -> RootSecret:
        """Return the secret; raises `WrongKeyError`. Takes about a second and 256 MiB."""
        return RootSecret(self.name, *self._open(passphrase))


def check_passphrase(passphrase: str) -> None:
    """Raise `WeakPassphraseError` for one that no key is locked with: under 12 characters."""
    if len(_normal(passphrase).strip()) < PASSPHRASE_MINIMUM:
        raise WeakPassphraseError(
            f"passphrase has fewer than {PASSPHRASE_MINIMUM} characters",
            "take six words or more, chosen by dice, and write them nowhere near this machine",
        )


def _check_seeds(*seeds: bytes) -> None:
    if any(len(seed) != SEED_LENGTH for seed in seeds):
        raise ValueError("a seed has 32 bytes")


def _normal(passphrase: str) -> str:
    # One passphrase typed on two keyboards may reach us composed or decomposed.
    return unicodedata.normalize("NFC", passphrase)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise MalformedError("locked key is not base64") from None
