"""Reads a PDF for what it shows and for what it hides, with a reader that did not write it.

It knows the one shape that our typesetter gives; whatever is not of that shape is a fault.
"""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast
from xml.etree import ElementTree as ET

from intake.errors import MalformedError

_CATALOG: Final = frozenset(
    [
        "/Type",
        "/Pages",
        "/Metadata",
        "/OutputIntents",
        "/Lang",
        "/StructTreeRoot",
        "/MarkInfo",
        "/ViewerPreferences",
        "/Outlines",
    ]
)
_PAGE: Final = frozenset(
    [
        "/Type",
        "/Parent",
        "/Resources",
        "/MediaBox",
        "/Contents",
        "/StructParents",
        "/Tabs",
        "/Group",
        "/TrimBox",
        "/BleedBox",
        "/CropBox",
        "/ArtBox",
    ]
)
_INFO: Final = frozenset("/Title /Creator /ModDate /CreationDate".split())  # noqa: SIM905
_FONTS: Final = frozenset({"DejaVuSans", "DejaVuSans-Bold"})
_FIXED_XMP: Final = re.compile(
    r"Typst [0-9.]+|[A-Za-z0-9+/]{22}==(?:_source)?|saved|converted|proof|application/pdf|[0-9]{1,4}"
    r"|1\.7|A|x-default|Resource|internal|external|Text|Integer|xmp-writer"
)
_EXTENSION: Final = "http://www.aiim.org/pdfa/ns/extension/"


@dataclass(frozen=True)
class Paper:
    """What the pages say without their numbers, what stands beside them, and what should not be.

    `unseen` are texts that no page shows, each with its place: `metadata`, `bookmark`, `alt text of a
    picture`, and whatever else there is; `faults` are places and what is wrong there.
    """

    text: str
    unseen: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...]


def read_pdf(content: bytes) -> Paper:
    """Raises `MalformedError` where it is no PDF."""
    from pypdf import PdfReader

    doubts = _Doubts()
    logger = logging.getLogger("pypdf")
    # What it says may quote the file: it is counted, and goes nowhere.
    logger.propagate = False
    logger.addHandler(doubts)
    try:
        reader = PdfReader(io.BytesIO(content), strict=True)
        # First: reading a page rewrites its fonts in memory, and what they were seems lost.
        faults, unseen = tuple(_faults(content, reader)), tuple(_unseen(reader))
        pages = reader.pages
        text = "\n".join(
            _unnumbered(page.extract_text(), i + 1, len(pages)) for i, page in enumerate(pages)
        )
        if doubts.count:
            faults = (*faults, ("the file", "its reader had to guess"))
        return Paper(text, unseen, faults)
    except Exception:  # noqa: BLE001 - a damaged file makes the reader raise whatever comes
        raise MalformedError("not a PDF of the shape that is written here") from None
    finally:
        logger.removeHandler(doubts)


class _Doubts(logging.Handler):
    """Counts what the reader complains of, and keeps no word of it."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - it may quote the file
        self.count += 1


def _unnumbered(text: str, number: int, pages: int) -> str:
    """The text of a page without its number, which stands at the end of it."""
    footer = f"{number}\\s*/\\s*{pages}"
    return re.sub(rf"^\s*{footer}\s*|\s*{footer}\s*$", "", text, count=1)


def _faults(content: bytes, reader: Any) -> Iterator[tuple[str, str]]:
    """1. one version of the file; 2. no object that nothing reaches; 3. nothing but pages; 4. fonts."""
    # (1)
    if content.count(b"%%EOF") != 1 or content.count(b"startxref") != 1:
        yield "an older version", "the file was changed after it was made"
    if not content.endswith((b"%%EOF", b"%%EOF\n")) or "/Prev" in reader.trailer:
        yield "an older version", "something stands after the end, or before the beginning"
    # (2)
    reached, strings = _walk(reader)
    numbers = {
        number for table in reader.xref.values() for number in cast("dict[int, int]", table)
    } | set(cast("dict[int, object]", reader.xref_objStm))
    lost = {number for number in numbers if number and number not in reached}
    containers = {
        stream for stream, _ in cast("dict[int, tuple[int, int]]", reader.xref_objStm).values()
    }
    lost = {number for number in lost - containers if not _is_xref(reader, number)}
    if lost:
        yield "an object that nothing reaches", "it is not part of any page"
    # (3)
    root = reader.trailer["/Root"]
    for key in sorted(set(root) - _CATALOG):
        yield f"catalog {key}", "a report has nothing of the kind"
    for page in reader.pages:
        for key in sorted(set(page) - _PAGE):
            what = "a comment or a link" if key == "/Annots" else f"page {key}"
            yield what, "a report has nothing of the kind"
    if "image" in strings:
        yield "a picture in pixels", "pictures are drawn, and have nothing behind them"
    # (4)
    for name in strings.get("font", ()):
        if re.sub(r"^/[A-Z]{6}\+", "", name) not in _FONTS:
            yield "a font", "it is of another family, or not embedded"


def _is_xref(reader: Any, number: int) -> bool:
    from pypdf.generic import IndirectObject

    found = IndirectObject(number, 0, reader).get_object()
    return isinstance(found, dict) and found.get("/Type") in {"/XRef", "/ObjStm"}  # pyright: ignore[reportUnknownMemberType]


def _walk(reader: Any) -> tuple[set[int], dict[str, set[str]]]:
    """Every object that the trailer reaches, and of which kinds they are."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    reached: set[int] = set()
    found: dict[str, set[str]] = {}
    waiting: list[Any] = [reader.trailer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if one.idnum in reached:
                continue
            reached.add(one.idnum)
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            if one.get("/Type") == "/Font" and "/BaseFont" in one:
                found.setdefault("font", set()).add(str(one["/BaseFont"]))
            if one.get("/Subtype") == "/Image":
                found.setdefault("image", set()).add("image")
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += list(one)
    return reached, found


def _unseen(reader: Any) -> Iterator[tuple[str, str]]:
    """What a file says without showing it."""
    info = reader.trailer.get("/Info")
    for key, value in dict(info.get_object() if info else {}).items():
        text = str(value)
        if key not in _INFO:
            yield f"metadata {key}", text
        elif key in {"/ModDate", "/CreationDate"}:
            yield "metadata", re.sub(r"^D:([0-9]{8})000000Z$", r"\1", text)
        elif not _FIXED_XMP.fullmatch(text):
            yield "metadata", text
    yield from _xmp(reader)
    yield "metadata", str(reader.trailer["/Root"].get("/Lang"))
    for title in _bookmarks(reader.trailer["/Root"].get("/Outlines")):
        yield "bookmark", title
    yield from _structure(reader.trailer["/Root"]["/StructTreeRoot"])


def _xmp(reader: Any) -> Iterator[tuple[str, str]]:
    stream = reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    if b"<!DOCTYPE" in stream or b"<!ENTITY" in stream or b"<!--" in stream:
        yield "metadata", stream.decode(errors="replace")
    # A document type is refused above, and without one there is nothing to expand.
    root = ET.fromstring(stream)  # noqa: S314
    described = {
        id(inner)
        for one in root.iter()
        if one.tag.startswith(f"{{{_EXTENSION}}}")
        for inner in one.iter()
    }
    for element in root.iter():
        texts = [element.text, element.tail, *element.attrib.values()]
        for text in (text.strip() for text in texts if text and text.strip()):
            if id(element) in described and text in _DESCRIBED:
                continue
            if not _FIXED_XMP.fullmatch(text):
                yield "metadata", text.removesuffix("T00:00:00Z")


_DESCRIBED: Final = frozenset(
    {
        "XMP Media Management schema",
        "http://ns.adobe.com/xap/1.0/mm/",
        "xmpMM",
        "UUID based identifier for specific incarnation of a document",
        "InstanceID",
        "Adobe PDF schema",
        "http://ns.adobe.com/pdf/1.3/",
        "pdf",
        "Keywords associated with the document",
        "Keywords",
        "Version of the PDF specification to which the document conforms",
        "PDFVersion",
        "Name of the application that created the PDF document",
        "Producer",
        "Whether the document has been trapped",
        "Trapped",
        "PDF/UA Identification schema",
        "http://www.aiim.org/pdfua/ns/id/",
        "pdfuaid",
        "Part Number of ISO 14289 (PDF/UA)",
        "part",
    }
)
"""What PDF/A asks of a file that it says of its own metadata: the same in each."""


def _bookmarks(node: Any) -> Iterator[str]:
    child = node.get_object().get("/First") if node is not None else None
    while child is not None:
        one = child.get_object()
        yield str(one.get("/Title"))
        yield from _bookmarks(one)
        child = one.get("/Next")


def _structure(node: Any) -> Iterator[tuple[str, str]]:
    """Alternative texts, in the order of the pages, and any other text of the structure."""
    from pypdf.generic import ArrayObject, DictionaryObject

    one = node.get_object()
    if isinstance(one, ArrayObject):
        for child in one:
            yield from _structure(child)
    elif isinstance(one, DictionaryObject):
        for key, where in _SPOKEN.items():
            if key in one:
                yield where, str(one[key])
        if "/K" in one:
            yield from _structure(one.raw_get("/K"))


_SPOKEN: Final = {
    "/Alt": "alt text of a picture",
    "/ActualText": "a text in place of another",
    "/E": "an expansion",
    "/T": "title of a heading",
}
