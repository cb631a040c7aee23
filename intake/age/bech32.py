"""Bech32 (BIP 173) without its length limit: how age spells recipients and identities.

The limit of 90 characters is left out because a hybrid recipient has 1,959 (C2SP age.md).
"""

from intake.errors import MalformedError

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(_CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_SIZE = 6  # characters


def encode(prefix: str, raw: bytes) -> str:
    """Spell bytes in lower case under a lower-case prefix of printable ASCII."""
    symbols = _regroup_to_symbols(raw)
    residue = _polymod([*_expand(prefix), *symbols, *bytes(_CHECKSUM_SIZE)]) ^ 1
    checksum = [residue >> 5 * (5 - i) & 31 for i in range(_CHECKSUM_SIZE)]
    return prefix + "1" + "".join(_CHARSET[symbol] for symbol in [*symbols, *checksum])


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
    if any(character not in _VALUES for character in rest):
        raise MalformedError("key holds a character that keys never have")
    symbols = [_VALUES[character] for character in rest]
    if _polymod([*_expand(prefix), *symbols]) != 1:
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


def _polymod(values: list[int]) -> int:
    residue = 1
    for value in values:
        residue = (residue & 0x1FFFFFF) << 5 ^ value ^ _FEEDBACK[residue >> 25]
    return residue


def _expand(prefix: str) -> list[int]:
    codes = prefix.encode("ascii")
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _regroup_to_symbols(raw: bytes) -> list[int]:
    # Five bytes are eight symbols; a group at a time keeps the numbers small.
    symbols: list[int] = []
    for start in range(0, len(raw), 5):
        group = raw[start : start + 5]
        number = int.from_bytes(group.ljust(5, b"\0"), "big")
        count = (len(group) * 8 + 4) // 5
        symbols += [number >> 5 * (7 - i) & 31 for i in range(count)]
    return symbols


def _regroup_to_bytes(symbols: list[int]) -> bytes:
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
