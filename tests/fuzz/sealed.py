"""The readers of sealed objects, and of what is in them and around them."""

from io import BytesIO

from intake import canonical
from intake.age import (
    ArmorReader,
    Header,
    HybridIdentity,
    HybridRecipient,
    Stanza,
    X25519Identity,
    X25519Recipient,
    armor,
    bech32,
    dearmor,
    decrypt,
    decrypt_bytes,
    read_header,
)
from intake.age.primitives import decode_base64, encode_base64
from intake.age.stream import open_bytes, open_stream, seal_bytes
from intake.bundle.manifest import Contents, Item, Waiting
from intake.collection import Collection, SignedCollection
from intake.container import MAGIC, Container
from intake.container.whole import MAX_MANIFEST, size_for
from intake.errors import IntakeError
from intake.event import Collected, Void, Withdrawn, parse_event
from intake.opening import Letter, LetterHead, Opening
from intake.web.letter_text import read_head, read_letter
from tests.fuzz import made
from tests.fuzz.parser import BrokenError, Parser, bytes_of, text_of
from tests.vectors.roster.fixed import ROSTER

HEADERS = tuple(data[: data.index(b"\n", data.index(b"\n--- ") + 1) + 1] for data in made.AGE)
STANZAS = tuple(stanza.to_bytes() for data in HEADERS for stanza in Header.parse(data).stanzas)
ARMOR = armor(made.AGE[0]).encode()


def _dearmored(data: bytes) -> bytes:
    """In one go and a little at a time, which must say the same."""
    try:
        whole = dearmor(data)
    except IntakeError:
        whole = None
    try:
        pieces = ArmorReader(BytesIO(data)).read()
    except IntakeError:
        if whole is not None:
            raise BrokenError("an armor is read whole and not in pieces") from None
        raise
    if pieces != whole:
        raise BrokenError("an armor is read in pieces and not whole")
    return pieces


def _opened(data: bytes) -> bytes:
    """In memory and as a stream, which must say the same."""
    sink = BytesIO()
    whole = open_bytes(made.STREAM_KEY, memoryview(data))
    open_stream(made.STREAM_KEY, BytesIO(data), sink)
    if sink.getvalue() != whole:
        raise BrokenError("a payload differs in memory and as a stream")
    return whole


def _decrypted(data: bytes) -> bytes:
    sink = BytesIO()
    identities = (made.PLAIN, made.HYBRID)
    whole = decrypt_bytes(data, identities)
    decrypt(BytesIO(data), sink, identities)
    if sink.getvalue() != whole:
        raise BrokenError("a file differs in memory and as a stream")
    return whole


def _around(manifest: bytes) -> Container:
    """Read a container with this manifest and the padding that it needs, and no files."""
    manifest = manifest[:MAX_MANIFEST]
    data = MAGIC + len(manifest).to_bytes(4) + manifest
    return Container.parse(data.ljust(size_for(len(data)), b"\0"))


def _read_header_alone(data: bytes) -> Header:
    source = BytesIO(data)
    header = read_header(source)
    if data[: source.tell()] != header.to_bytes():
        raise BrokenError("a header is read further than it goes")
    return header


def _headed(data: bytes) -> bytes:
    head, body, left = read_head(BytesIO(data), len(data))
    whole = head.to_bytes() + body.read()
    if left != len(whole) - len(head.to_bytes()):
        raise BrokenError("what follows a letter's head has another length")
    return whole


PARSERS: tuple[Parser, ...] = (
    Parser("age header", Header.parse, HEADERS, Header.to_bytes, covers=(Header.parse,)),
    Parser("age file's beginning", _read_header_alone, made.AGE, covers=(read_header,)),
    Parser("age stanza", Stanza.parse, STANZAS, Stanza.to_bytes, covers=(Stanza.parse,)),
    Parser(
        "age armor",
        _dearmored,
        (ARMOR,),
        lambda raw: armor(raw).encode(),
        one_spelling=False,
        covers=(dearmor,),
    ),
    Parser(
        "age payload",
        _opened,
        made.STREAMS,
        lambda text: seal_bytes(made.STREAM_KEY, b"", text),
        covers=(open_stream, open_bytes),
    ),
    Parser("age file", _decrypted, made.AGE, covers=(decrypt, decrypt_bytes)),
    Parser("age base64", decode_base64, (b"AAE", b"////"), encode_base64, covers=(decode_base64,)),
    Parser(
        "bech32",
        lambda d: bech32.decode(text_of(d)),
        (str(made.PLAIN.recipient).encode(), str(made.PLAIN).encode()),
        lambda pair: bech32.encode(pair[0].lower(), pair[1]).encode(),
        one_spelling=False,
        covers=(bech32.decode, bech32.decode_expecting),
    ),
    Parser(
        "hybrid recipient",
        lambda d: HybridRecipient.parse(text_of(d)),
        (str(made.HYBRID.recipient).encode(),),
        bytes_of,
        covers=(HybridRecipient.parse,),
    ),
    Parser(
        "hybrid identity",
        lambda d: HybridIdentity.parse(text_of(d)),
        (str(made.HYBRID).encode(),),
        bytes_of,
        covers=(HybridIdentity.parse,),
    ),
    Parser(
        "X25519 recipient",
        lambda d: X25519Recipient.parse(text_of(d)),
        (str(made.PLAIN.recipient).encode(),),
        bytes_of,
        covers=(X25519Recipient.parse,),
    ),
    Parser(
        "X25519 identity",
        lambda d: X25519Identity.parse(text_of(d)),
        (str(made.PLAIN).encode(),),
        bytes_of,
        covers=(X25519Identity.parse,),
    ),
    Parser(
        "canonical JSON",
        canonical.decode,
        tuple(box.manifest() for box in made.CONTAINERS),
        canonical.encode,
        covers=(canonical.decode,),
    ),
    Parser(
        "container",
        Container.parse,
        tuple(box.to_bytes() for box in made.CONTAINERS),
        Container.to_bytes,
        covers=(Container.parse,),
    ),
    Parser("manifest of a container", _around, (made.CONTAINER.manifest(),), Container.manifest),
    Parser(
        "manifest of a bundle",
        Contents.parse,
        (made.CONTENTS.to_bytes(),),
        Contents.to_bytes,
        covers=(Contents.parse, Item.from_json, Waiting.from_json),
    ),
    Parser(
        "opening",
        Opening.parse,
        (made.OPENING.to_bytes(),),
        Opening.to_bytes,
        covers=(Opening.parse,),
    ),
    Parser(
        "event",
        parse_event,
        (made.OPENING.to_bytes(), *(event.to_bytes() for event in made.EVENTS)),
        lambda event: event.to_bytes(),
        covers=(parse_event, Void.parse, Withdrawn.parse, Collected.parse),
    ),
    Parser(
        "collection",
        Collection.parse,
        (made.COLLECTION.to_bytes(),),
        Collection.to_bytes,
        covers=(Collection.parse,),
    ),
    Parser(
        "signed collection", lambda d: SignedCollection.open(d, ROSTER), (made.SIGNED_COLLECTION,)
    ),
    Parser(
        "head of a letter",
        LetterHead.parse,
        (made.HEAD.to_bytes(),),
        LetterHead.to_bytes,
        covers=(LetterHead.parse,),
    ),
    Parser(
        "letter",
        read_letter,
        (made.HEAD.to_bytes() + made.AGE[0], made.HEAD.to_bytes() + ARMOR),
        Letter.to_bytes,
        one_spelling=False,
        covers=(read_letter,),
    ),
    Parser(
        "letter that comes in",
        _headed,
        (made.HEAD.to_bytes() + made.AGE[0],),
        bytes,
        covers=(read_head,),
    ),
)
