"""What an auditor's program makes of a page that was made to stop it: a refusal, at once."""

import contextlib
import time

import pytest

from intake.audit.canary_page import LIMIT, Page
from intake.errors import MalformedError

WHOLE = (
    b'<!doctype html>\n<html lang="ru"><!-- a - b -->\n<a href="/en">x &lt; y</a>\n'
    b"<form id=form action='/1' novalidate><textarea name=\"t\">\n&#1078; > 1</textarea>"
    b'<input type="hidden" name="n" value="a<b>c"/><button formaction="/3">Ok</button></form></html>'
)


def test_a_page_of_whole_tags_is_read_as_a_browser_reads_it() -> None:
    page = Page(WHOLE)
    assert (page.lang, page.links) == ("ru", ["/en"])
    found = page.leading("/3")
    assert found is not None
    form, button = found
    assert [(one.name, one.value) for one in form.fields] == [("t", "ж > 1"), ("n", "a<b>c")]
    assert (button.path, form.attributes["id"]) == ("/3", "form")


@pytest.mark.parametrize(
    "piece",
    [
        b"<![foo[x]]>",
        b"<![ ",
        b"<!doctype x [<!attlist a b (",
        b"&#" + b"9" * 5000 + b";",
        b"<a href='&#" + b"9" * 5000 + b";'>",
        b"<a href='",
        b"<!-- never closed",
        b"<?x",
        b"<",
        b'<a b="c"d>',
    ],
)
def test_what_ends_the_parser_ends_in_a_refusal(piece: bytes) -> None:
    """Three of these once ended the program with an error of Python's."""
    for page in (piece, WHOLE.replace(b"</form>", piece + b"</form>")):
        with pytest.raises(MalformedError, match="no page of this program") as refusal:
            Page(page)
        assert refusal.value.hint


@pytest.mark.parametrize("piece", [b"<a ", b"<!--", b"</", b"<a b=''>", b"<form>", b"&#1", b"<"])
def test_no_page_takes_more_time_than_its_length(piece: bytes) -> None:
    """64 kB of the first took minutes."""
    begin = time.process_time()
    with contextlib.suppress(MalformedError):
        Page(piece * ((256 << 10) // len(piece)))
    assert time.process_time() - begin < 2


def test_a_page_longer_than_any_of_ours_is_not_read() -> None:
    Page(b" " * LIMIT)
    with pytest.raises(MalformedError, match="no page of this program"):
        Page(b" " * (LIMIT + 1))
