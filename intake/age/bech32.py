"""Bech32 (BIP 173) without its length limit: how age spells recipients and identities.

The limit of 90 characters is left out because a hybrid recipient has 1,959 (C2SP age.md).
"""

from base64 import b32encode

from intake.errors import MalformedError

_CHARSET = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_SYMBOLS = bytes(range(len(_CHARSET)))
_TO_TEXT = bytes.maketrans(_SYMBOLS, _CHARSET)
_TO_SYMBOLS = bytes.maketrans(_CHARSET, _SYMBOLS)
# Base32 of RFC 4648 groups bits as Bech32 does, and spells them in other letters.
_FROM_BASE32 = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _SYMBOLS)
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_SIZE = 6  # characters


def encode(prefix: str, raw: bytes) -> str:
    """Spell bytes in lower case under a lower-case prefix of printable ASCII."""
    symbols = b32encode(raw).rstrip(b"=").translate(_FROM_BASE32)
    residue = _polymod(_expand(prefix) + symbols + bytes(_CHECKSUM_SIZE)) ^ 1
    checksum = bytes(residue >> 5 * (5 - i) & 31 for i in range(_CHECKSUM_SIZE))
    return f"{prefix}1{(symbols + checksum).translate(_TO_TEXT).decode('ascii')}"


def decode(text: str) -> tuple[str, bytes]:
    """Read a string that is all lower or all upper case: its prefix as written, and its bytes.

    Raises MalformedError, whose message holds nothing of the text: it may be a secret key.
    """
    lower = text.lower()
    if not text.isascii() or text not in (lower, text.upper()):
        raise MalformedError("key mixes upper and lower case, or is not ASCII")
    prefix, separator, rest = lower.rpartition("1")
    if not separator or not prefix or len(rest) < _CHECKSUM_SIZE:
        raise MalformedError("key is too short, or has no prefix")
    if any(not "!" <= character <= "~" for character in prefix):
        raise MalformedError("key has a prefix that is not printable")
    spelled = rest.encode("ascii")
    if spelled.translate(None, _CHARSET):
        raise MalformedError("key holds a character that keys never have")
    symbols = spelled.translate(_TO_SYMBOLS)
    if _polymod(_expand(prefix) + symbols) != 1:
        raise MalformedError("key has a wrong checksum", "look for a mistyped or missing character")
    return text[: len(prefix)], _regroup_to_bytes(symbols[:-_CHECKSUM_SIZE])


def decode_expecting(prefix: str, text: str, size: int) -> bytes:
    """Read exactly `size` bytes spelled under this prefix, in the prefix's own case."""
    found, raw = decode(text)
    if found != prefix:
        raise MalformedError(f'key does not begin with "{prefix}1"')
    if len(raw) != size:
        raise MalformedError(f"key holds {len(raw)} bytes instead of {size}")
    return raw


def _feedback(top: int) -> int:
    """What BIP 173 mixes in for the five bits that are shifted out."""
    mixed = 0
    for i, generator in enumerate(_GENERATOR):
        if top >> i & 1:
            mixed ^= generator
    return mixed


_FEEDBACK = tuple(_feedback(top) for top in range(32))


def _polymod(values: bytes) -> int:
    residue = 1
    for value in values:
        residue = (residue & 0x1FFFFFF) << 5 ^ value ^ _FEEDBACK[residue >> 25]
    return residue


def _expand(prefix: str) -> bytes:
    codes = prefix.encode("ascii")
    return bytes([*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)])


def _regroup_to_bytes(symbols: bytes) -> bytes:
    raw = bytearray()
    for start in range(0, len(symbols), 8):
        group = symbols[start : start + 8]
        number = 0
        for symbol in group:
            number = number << 5 | symbol
        padding = len(group) * 5 % 8
        # The last symbol may only fill up to a whole byte, and with zeros: anything else is a
        # second spelling of the same key.
        if padding > 4 or number & (1 << padding) - 1:
            raise MalformedError("key has stray bits at its end")
        raw += (number >> padding).to_bytes(len(group) * 5 // 8, "big")
    return bytes(raw)
