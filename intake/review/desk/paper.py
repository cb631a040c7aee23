"""A built PDF as pictures of its pages, and the text of each: so it is seen before it is signed.

The pages are drawn by pdfium in this process, and never by the browser. They are our own typesetter's, of
redacted text, and passed the leak tests; a file of anybody else's is never given to this module. Forms, scripts and
attachments of a PDF are not asked for, and pdfium does nothing with them unless it is.
"""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from intake.errors import MalformedError
from intake.review.desk.png import png

if TYPE_CHECKING:
    from collections.abc import Generator

PAGES_MOST: Final = 2_000  # of one file
BYTES_MOST: Final = 128 << 20  # of one file
SIDE_MOST: Final = 3_000  # points: a page that is wider or longer is none of ours
WIDTH: Final = 1_240  # pixels of a picture: A4 at 150 to the inch
_PIXELS_MOST: Final = 6_000_000
_TEXT_MOST: Final = 100_000  # characters of one page


def pages_of(content: bytes) -> int:
    """How many pages a PDF has; raises `MalformedError` where it is none that can be shown."""
    with _document(content) as document:
        count = len(document)
        if not 1 <= count <= PAGES_MOST:
            raise MalformedError(f"a file has 1 to {PAGES_MOST:,} pages", "make two files of it")
        for at in range(count):
            _check_size(document.get_page_size(at))
    return count


def text_of(content: bytes, number: int) -> str:
    """What a page says, from 1, as pdfium reads it; this is the picture's alternative."""
    with _page(content, number) as page:
        words = page.get_textpage()
        try:
            if words.count_chars() > _TEXT_MOST:
                raise MalformedError(f"a page has more than {_TEXT_MOST:,} characters")
            return str(words.get_text_range()).replace("\r\n", "\n").replace("\ufffe", "")
        finally:
            words.close()


def picture_of(content: bytes, number: int) -> bytes:
    """A page, from 1, as PNG of at most 1,240 pixels' width; raises `MalformedError`."""
    with _page(content, number) as page:
        width, height = page.get_size()
        scale = WIDTH / width
        if width * height * scale * scale > _PIXELS_MOST:
            scale = (_PIXELS_MOST / (width * height)) ** 0.5
        bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
        try:
            if bitmap.n_channels != 3:
                raise MalformedError("a page is drawn in other colours than ours")
            pixels = bytes(bitmap.buffer)
            ends = ((y * bitmap.stride, bitmap.width * 3) for y in range(bitmap.height))
            return png(bitmap.width, bitmap.height, [pixels[at : at + end] for at, end in ends])
        finally:
            bitmap.close()


def _check_size(sides: tuple[float, float]) -> None:
    if not all(0 < side <= SIDE_MOST for side in sides):
        raise MalformedError("a page is of a size that no report has")


@contextmanager
def _page(content: bytes, number: int) -> "Generator[Any]":
    with _document(content) as document:
        if not 1 <= number <= min(len(document), PAGES_MOST):
            raise MalformedError("there is no such page")
        page = document[number - 1]
        try:
            _check_size(page.get_size())
            yield page
        finally:
            page.close()


@contextmanager
def _document(content: bytes) -> "Generator[Any]":
    from pypdfium2 import (  # pyright: ignore[reportMissingTypeStubs]
        PdfDocument,
        PdfiumError,
    )

    if len(content) > BYTES_MOST:
        raise MalformedError("the file is too large to be drawn", "make two files of it")
    try:
        document: Any = PdfDocument(content)
        try:
            yield document
        finally:
            document.close()
    except PdfiumError:
        raise MalformedError("a page cannot be drawn") from None
