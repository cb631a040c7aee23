"""Bodies are read into memory, whole or not at all."""

import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.test import EnvironBuilder

from intake.testimony import lines
from intake.web.request import MemoryRequest, unquote
from tests.web.follow import Upload, multipart, urlencoded


def request_of(body: bytes, kind: str, length: int | None = None) -> MemoryRequest:
    """A request as gunicorn hands it over: the stream ends, whatever was announced."""
    environ = EnvironBuilder(method="POST").get_environ()
    environ["CONTENT_TYPE"] = kind
    environ["CONTENT_LENGTH"] = str(len(body) if length is None else length)
    environ["wsgi.input"] = BytesIO(body)
    environ["wsgi.input_terminated"] = True
    request = MemoryRequest(environ)
    request.max_content_length = 4 * 1024 * 1024
    request.max_form_memory_size = 4 * 1024 * 1024
    request.max_form_parts = 64
    return request


FORM = "application/x-www-form-urlencoded"


@given(st.lists(st.tuples(st.text("abcxyz_", min_size=1), st.text()), max_size=20))
def test_any_form_is_read_as_it_was_sent(rows: list[tuple[str, str]]) -> None:
    got = request_of(urlencoded(rows), FORM).form
    read = [(name, lines(value)) for name, values in got.lists() for value in values]
    assert sorted(read) == sorted((name, lines(value)) for name, value in rows)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"a+b", "a b"),
        (b"a%2Bb", "a+b"),
        (b"%D0%B6%d0%b6", "жж"),
        (b"%D0%B6+%D0%B6", "ж ж"),
        (b"%D0+%B6", "\ufffd \ufffd"),
        (b"+%41++%42%2B+%2B+c+", " A  B+ + c "),
        (b"%41+%4", "A %4"),
        (b"%", "%"),
        (b"%4", "%4"),
        (b"%zz%41", "%zzA"),
        (b"%ED%A0%80", "\ufffd\ufffd\ufffd"),
        (b"\xd0\xb6", "ж"),
        (b"", ""),
    ],
)
def test_an_escape_is_a_byte_and_nothing_else_is(raw: bytes, text: str) -> None:
    assert unquote(raw) == text


def test_to_read_escapes_takes_little_more_memory_than_the_text_has() -> None:
    """Taken all at once they would take 68 times as much."""
    body = b"%D0%B6%D0%B6+" * 12_000
    tracemalloc.start()
    try:
        assert unquote(body) == "жж " * 12_000
        assert tracemalloc.get_traced_memory()[1] < 4 * len(body)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data"])
def test_a_body_cut_short_is_refused(kind: str) -> None:
    rows = [("narrative", "text " * 100)]
    if kind == FORM:
        body = urlencoded(rows)
    else:
        kind, body = multipart(rows)
    with pytest.raises(BadRequest):
        _ = request_of(body[:-40], kind, len(body)).form


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"],
)
def test_a_malformed_form_is_refused_and_never_empty(kind: str) -> None:
    with pytest.raises(BadRequest):
        _ = request_of(b"--x\r\n", kind).form


def test_more_fields_than_a_form_has_are_refused() -> None:
    rows = [(f"f{n}", "") for n in range(65)]
    with pytest.raises(RequestEntityTooLarge):
        _ = request_of(urlencoded(rows), FORM).form
    kind, body = multipart(rows)
    with pytest.raises(RequestEntityTooLarge):
        _ = request_of(body, kind).form
    assert len(request_of(urlencoded(rows[:64]), FORM).form) == 64


def test_an_upload_is_never_a_file(tmp_path) -> None:
    kind, body = multipart([("file", Upload("x", b"z" * 3_000_000))])
    uploaded = request_of(body, kind).files["file"]
    assert isinstance(uploaded.stream, BytesIO)
    assert uploaded.read() == b"z" * 3_000_000


def test_a_body_that_is_no_form_is_left_to_be_streamed() -> None:
    request = request_of(b"sealed", "application/octet-stream")
    assert not request.form
    assert request.stream.read() == b"sealed"


def test_draining_reads_no_more_than_there_is_or_16_mib() -> None:
    class Endless(BytesIO):
        read_so_far = 0

        def read(self, size: int | None = -1) -> bytes:
            self.read_so_far += size or 0
            return b"x" * (size or 0)

    source = Endless()
    request = request_of(b"", FORM)
    request.environ["wsgi.input"] = source
    del request.environ["wsgi.input_terminated"]
    request.drain()
    assert source.read_so_far == 0, "nobody says that the stream ends"
    request.environ["wsgi.input_terminated"] = True
    request.drain()
    assert source.read_so_far == 16 * 1024 * 1024
