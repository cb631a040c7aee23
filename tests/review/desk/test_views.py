"""A file that is to leave is seen whole and as what it is, and nothing of a hostile one does anything."""

import io
import json
import struct
import zlib
from hashlib import sha256

import pytest

from intake.errors import MalformedError
from intake.review.desk import paper, views
from intake.review.desk.png import SIGNATURE, png
from intake.review.desk.views import Kind, View, views_of
from intake.review.outputs.archives import archive
from intake.review.outputs.building import build
from intake.review.outputs.material import Output
from intake.review.outputs.sheets import sheet
from tests.review.outputs.materials import material

HEAD = b"%PDF-1.7\n"


@pytest.fixture(scope="module")
def report() -> bytes:
    """A report as it leaves."""
    return build(Output.REPORT, material(count=6))[0].content


def pixels(picture: bytes) -> tuple[int, int, bytes]:
    """Width, height and pixels of a PNG of ours, each part's checksum looked at."""
    assert picture.startswith(SIGNATURE)
    stream, found = io.BytesIO(picture[len(SIGNATURE) :]), dict[bytes, bytes]()
    while head := stream.read(8):
        size, kind = struct.unpack(">I4s", head)
        content = stream.read(size)
        assert stream.read(4) == struct.pack(">I", zlib.crc32(kind + content))
        found[kind] = content
    assert list(found) == [b"IHDR", b"IDAT", b"IEND"], "no metadata"
    width, height, *rest = struct.unpack(">IIBBBBB", found[b"IHDR"])
    assert rest == [8, 2, 0, 0, 0]
    return width, height, zlib.decompress(found[b"IDAT"])


def test_every_page_of_a_report_is_a_picture_with_its_text(report: bytes) -> None:
    seen = views_of(report)
    assert [(view.kind, view.number, view.whole) for view in seen] == [
        (Kind.PAGE, at, len(seen)) for at in range(1, len(seen) + 1)
    ]
    assert len(seen) > 2
    text = "\n".join(view.text for view in seen)
    assert "Counts of accounts received" in text
    assert f"{len(seen)} / {len(seen)}" in seen[-1].text
    width, height, drawn = pixels(seen[0].picture())
    assert width == paper.WIDTH
    assert abs(height / width - 2**0.5) < 0.01, "A4 as it is held"
    assert len(drawn) == height * (3 * width + 1)
    assert min(drawn) < 60 < 250 < max(drawn), "ink on paper"
    assert seen[0].picture() == seen[0].picture()
    assert seen[0].picture() != seen[1].picture()


def test_a_picture_has_the_pixels_and_the_order_that_were_given() -> None:
    rows = [b"\xff\0\0\0\xff\0", b"\0\0\xff\x01\x02\x03"]
    assert pixels(png(2, 2, rows)) == (2, 2, b"\0" + rows[0] + b"\0" + rows[1])
    with pytest.raises(ValueError, match="size"):
        png(2, 2, [*rows, rows[0]])


def one_page(box: str = "0 0 100 100", extra: str = "", content: bytes = b"") -> bytes:
    """A PDF that our typesetter would not write; its readers find the objects by themselves."""
    objects = (
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R >>",
    )
    out = bytearray(HEAD)
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj {body} endobj\n".encode()
    offsets.append(len(out))
    out += b"4 0 obj << /Length %d >> stream\n%s\nendstream endobj\n" % (len(content), content)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(
        b"%010d 00000 n \n" % at for at in offsets
    )
    return bytes(out + b"trailer << /Root 1 0 R /Size 5 >>\nstartxref\n%d\n%%%%EOF\n" % start)


def test_a_page_of_another_is_drawn_in_its_colours_and_the_right_way_up() -> None:
    (view,) = views_of(one_page(content=b"1 0 0 rg 0 0 50 50 re f"))
    assert view.kind is Kind.PAGE
    width, height, drawn = pixels(view.picture())
    row = 3 * width + 1
    assert drawn[(height - 1) * row + 1 :][:3] == b"\xff\0\0", "red is below on the left"
    assert drawn[1:4] == b"\xff\xff\xff"


@pytest.mark.parametrize(
    "content",
    [
        HEAD,
        HEAD + b"\xff\x00" * 50,
        one_page("0 0 100000 10"),
        one_page("0 0 3001 100"),
        one_page()[:-120] + b"\xff",
        one_page().replace(b"/Count 1", b"/Count 0").replace(b"[3 0 R]", b"[]     ") + b"\xff",
    ],
    ids=["empty", "noise", "wide", "too wide", "cut off", "no page"],
)
def test_what_cannot_be_drawn_is_seen_byte_by_byte(content: bytes) -> None:
    seen = views_of(content)
    assert {view.kind for view in seen} <= {Kind.BYTES, Kind.TEXT}
    with pytest.raises(MalformedError, match="no such picture"):
        seen[0].picture()


def test_a_file_has_a_most_of_pages_and_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    content = one_page()
    assert paper.pages_of(content) == 1
    for name, most in (("PAGES_MOST", 0), ("BYTES_MOST", len(content) - 1)):
        with monkeypatch.context() as patched:
            patched.setattr(paper, name, most)
            with pytest.raises(MalformedError):
                paper.pages_of(content)
    monkeypatch.setattr(paper, "_PIXELS_MOST", 10_000)
    width, height, _ = pixels(paper.picture_of(content, 1))
    assert width * height <= 10_201
    for number in (0, 2, -1):
        with pytest.raises(MalformedError, match="no such page"):
            paper.picture_of(content, number)


def test_a_page_that_would_run_something_only_lies_there() -> None:
    script = "/OpenAction << /S /JavaScript /JS (app.alert(1); while(1){}) >> /AcroForm << >>"
    (view,) = views_of(one_page(extra=script))
    assert len(set(pixels(view.picture())[2])) == 2, "white, and the row's own byte"


def test_text_of_any_length_is_seen_to_its_end() -> None:
    long = "а" * views.TEXT_SHOWN + "б\n"
    seen = views_of(long.encode())
    assert [(view.kind, view.number, view.whole) for view in seen] == [
        (Kind.TEXT, 1, 2),
        (Kind.TEXT, 2, 2),
    ]
    assert "".join(view.text for view in seen) == long
    assert views_of(b"")[0].text == ""
    assert views_of("а\u202eб\n<b>".encode())[0].text == "а\u27e8U+202E\u27e9б\n<b>"


def test_json_in_one_line_is_indented_where_nothing_is_lost_by_it() -> None:
    assert views_of(b'{"a":[1,"\xd0\xb1"]}')[0].text == '{\n  "a": [\n    1,\n    "б"\n  ]\n}'
    for other in (b'{"a":1,"a":2}', b'{"a": 1}', b'{"a":1.50}', b"[" * 5000, b'{"a":NaN2}'):
        assert views_of(other)[0].text == other.decode()


def test_a_sheet_is_a_table_with_all_its_rows() -> None:
    rows = [["a", "b"], *([str(n), f"x\n<b>\u202e{n}"] for n in range(views.ROWS_SHOWN + 1))]
    first, second = views_of(sheet(rows))
    assert {first.kind, second.kind} == {Kind.TABLE}
    assert first.rows[0] == second.rows[0] == ("a", "b")
    assert len(first.rows) == views.ROWS_SHOWN + 1
    assert second.rows[1] == (
        str(views.ROWS_SHOWN),
        f"x\n<b>\u27e8U+27E8\u27e9U+202E\u27e9{views.ROWS_SHOWN}",
    )
    assert views_of(b"a,b\n1,2\n")[0].kind is Kind.TEXT, (
        "in another spelling it is no sheet of ours"
    )


def test_what_is_no_text_is_seen_to_its_last_byte() -> None:
    seen = views_of(b"\xff" * views.BYTES_SHOWN + b"%PDF\x00")
    assert [view.kind for view in seen] == [Kind.BYTES, Kind.BYTES]
    assert seen[1].text == f"{'25 50 44 46 00':<48} %PDF."


def test_an_archive_is_listed_and_each_of_its_files_is_seen(report: bytes) -> None:
    inner = archive({"import.csv": sheet([["a", "b"], ["1", "2"]])})
    deepest = archive({"x.zip": archive({"y.zip": inner})})
    sealed = b"age-encryption.org/v1\n\xff"
    content = archive({"a.zip": deepest, "b.age": sealed, "c.txt": b"words", "d.pdf": report})
    seen = views_of(content)
    kinds = [(view.file, view.kind) for view in seen]
    assert kinds[:4] == [
        ("", Kind.ARCHIVE),
        ("a.zip", Kind.ARCHIVE),
        ("a.zip / x.zip", Kind.BYTES),
        ("c.txt", Kind.TEXT),
    ]
    assert set(kinds[4:]) == {("d.pdf", Kind.PAGE)}
    assert [(one.name, one.sealed) for one in seen[0].members] == [
        ("a.zip", False),
        ("b.age", True),
        ("c.txt", False),
        ("d.pdf", False),
    ]
    assert seen[0].members[2].size == 5
    assert seen[0].members[2].digest == sha256(b"words").hexdigest()
    assert views_of(content + b"\0")[0].kind is Kind.BYTES, (
        "of another's archive only bytes are seen"
    )


def test_no_view_says_a_word_where_it_is_named() -> None:
    view: View = views_of(json.dumps({"secret": "Иса"}).encode())[0]
    assert "secret" not in repr(view)
