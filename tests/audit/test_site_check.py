"""What an auditor finds of a site that is right, and of one that changes a single byte."""

import gzip
import json
import re
from pathlib import Path

import pytest

from intake.cli import run
from intake.code_manifest import PATH, CodeManifest
from tests.audit.conftest import Audited, Change, Headers
from tests.ports import free_port

TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')


def audit(
    capsys: pytest.CaptureFixture[str], *words: str | Path, code: int
) -> tuple[list[str], list[str]]:
    """Run `intake audit site` and expect its exit code; the lines of both outputs."""
    capsys.readouterr()
    assert run(["audit", "site", *map(str, words)]) == code
    said = capsys.readouterr()
    return said.out.splitlines(), said.err.splitlines()


def body(change: bytes, at: int = 0) -> Change:
    """Put `change` in the place of as many bytes of what the site gives, unpacked."""

    def changed(status: int, headers: Headers, content: bytes) -> tuple[int, Headers, bytes]:
        if ("Content-Encoding", "gzip") in headers:
            content = gzip.decompress(content)
            headers = [(n, v) for n, v in headers if n != "Content-Encoding"]
        assert content[at : at + len(change)] != change
        return status, headers, content[:at] + change + content[at + len(change) :]

    return changed


def listed(audited: Audited) -> CodeManifest:
    return CodeManifest.parse(audited.write("listed").read_bytes())


def test_a_site_that_gives_what_is_listed_passes(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0, one line; and where the manifest is the site's own, how little that says."""
    out, err = audit(capsys, audited.url, "--manifest", audited.write(), code=0)
    assert len(out) == 1
    assert "9 files, 2 form pages and 8 other pages are as listed in manifest " in out[0]
    assert err == []
    again, err = audit(capsys, f"{audited.url}/", code=0)
    assert again == out
    assert "only that it agrees with itself" in err[0]


def test_one_byte_changed_in_any_file_is_named(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever file it is, and the byte, where a copy of it lies beside the manifest."""
    manifest = audited.write()
    alone = manifest.with_name("alone") / "manifest.json"
    alone.parent.mkdir()
    alone.write_bytes(manifest.read_bytes())
    for path in CodeManifest.parse(manifest.read_bytes()).files:
        audited.change = {path: body(b"\x07", at=77)}
        out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
        assert out == [f"{path}: is not what the manifest lists, first at byte 77"]
        out, _ = audit(capsys, audited.url, "--manifest", alone, code=1)
        # The script is in this package too.
        where = ", first at byte 77" if path.startswith("/seal-") else ""
        assert out == [f"{path}: is not what the manifest lists{where}"]
        out, _ = audit(capsys, audited.url, code=1)
        assert len(out) == 1
        assert out[0].startswith(path)


def test_a_file_that_is_cut_short_or_goes_on_is_named(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing at the end, and what is added there, differ from the end on."""
    manifest = audited.write()
    size = len((manifest.parent / "roster.note").read_bytes())
    for change, at in ((lambda c: c[:-1], size - 1), (lambda c: c + b"\n", size)):
        audited.change = {"/roster.note": lambda s, h, c, change=change: (s, h, change(c))}
        out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
        assert out == [f"/roster.note: is not what the manifest lists, first at byte {at}"]


def test_a_missing_file_is_named(audited: Audited, capsys: pytest.CaptureFixture[str]) -> None:
    """Each file and each page in turn: what the site answers in its place is said."""
    manifest = audited.write()
    gone: Change = lambda *_: (404, [], b"")  # noqa: E731
    for path in listed(audited).files:
        audited.change = {path: gone}
        out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
        assert out == [f"{path}: is not given: the site answers with 404"]
    audited.change = {"/1": lambda *_: (302, [("Location", "/")], b"")}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert out == [f"/1 ({lang}): is not given: the site answers with 302" for lang in ("en", "ru")]


def before(mark: bytes, added: bytes) -> Change:
    """Put something on a page, before the first `mark`."""

    def changed(status: int, headers: Headers, content: bytes) -> tuple[int, Headers, bytes]:
        assert mark in content
        return status, headers, content.replace(mark, added + mark, 1)

    return changed


PAGES: dict[str, Change] = {
    "a word": before(b"</form>", b"x"),
    "a script": before(b"</head>", b'<script src="/x.js"></script>'),
    "behind its end": lambda s, h, c: (s, h, c + b"<script src=/x.js></script>"),
    "in a filling": lambda s, h, c: (s, h, c + b"<!--  --><script src=/x.js></script><!--  -->"),
    "behind its filling": lambda s, h, c: (s, h, c + b"\n<p>"),
    "in its token": lambda s, h, c: (s, h, TOKEN.sub(b'name="csrf_token" value="\\1<p>"', c)),
    "a second token": before(
        b"</form>", b'<input type="hidden" name="csrf_token" value="anything.at-all">'
    ),
    "a token's name": lambda s, h, c: (s, h, c.replace(b'"csrf_token"', b'"token"')),
}


@pytest.mark.parametrize("what", PAGES)
def test_a_form_page_that_differs_anywhere_is_named(
    audited: Audited, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """Only the token, and the blanks behind the end, may differ from visit to visit."""
    manifest = audited.write()
    audited.change = {"/1": PAGES[what]}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert [line.partition(", first")[0] for line in out] == [
        f"/1 ({lang}): is not what the manifest lists" for lang in ("en", "ru")
    ]


OTHERS = ("/", "/ce", "/en", "/r/en", "/r/ru", "/ru", "/s/en", "/s/ru")


@pytest.mark.parametrize("path", OTHERS)
def test_one_byte_changed_in_a_page_before_or_beside_the_form_is_named(
    audited: Audited, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    """Such a page could send a person to another form; the byte is said where a copy is known."""
    manifest = audited.write()
    audited.change = {path: body(b"\x07", at=77)}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert out == [f"{path}: is not what the manifest lists, first at byte 77"]
    out, _ = audit(capsys, audited.url, code=1)
    assert out == [f"{path}: is not what the manifest lists"]
    audited.change = {path: lambda *_: (404, [], b"")}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert out == [f"{path}: is not given: the site answers with 404"]


BESIDE: dict[str, tuple[str, Change]] = {
    "another place to send to": ("/", lambda s, h, c: (s, h, c.replace(b'"/1"', b'"/2"'))),
    "a token where none is": (
        "/en",
        before(b"</form>", b'<input type="hidden" name="csrf_token" value="a">'),
    ),
    "a filling where none is": ("/ru", lambda s, h, c: (s, h, c + b"<!-- -->")),
    "a script behind": ("/ce", lambda s, h, c: (s, h, c + b"<script src=/x.js></script>")),
    "a script behind a token's page": ("/s/ru", lambda s, h, c: (s, h, c + b"<script>")),
    "a script behind the page for a code": ("/r/en", lambda s, h, c: (s, h, c + b"<script>")),
    "another way for a code": ("/r/ru", lambda s, h, c: (s, h, c.replace(b'"/r"', b'"/s"'))),
    "another fingerprint": (
        "/s/en",
        lambda s, h, c: (s, h, re.sub(rb"[0-9]{5}", b"00000", c, count=1)),
    ),
    "in its token": (
        "/s/en",
        lambda s, h, c: (s, h, TOKEN.sub(b'name="csrf_token" value="\\1<p>"', c)),
    ),
}


@pytest.mark.parametrize("what", BESIDE)
def test_a_page_before_or_beside_the_form_that_differs_anywhere_is_named(
    audited: Audited, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """Of those without a token every byte counts."""
    manifest = audited.write()
    path, change = BESIDE[what]
    audited.change = {path: change}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert [line.partition(", first")[0] for line in out] == [
        f"{path}: is not what the manifest lists"
    ]


def test_a_copy_of_a_page_that_is_not_the_one_listed_is_refused(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """An offset into another page would lead astray."""
    manifest = audited.write()
    (manifest.parent / "page-s-ru.html").write_bytes(b"x")
    _, err = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert "page-s-ru.html beside the manifest is not the file that it lists" in err[0]


def with_policy(*values: str) -> Change:
    """Give these policies in place of the one."""

    def changed(status: int, headers: Headers, content: bytes) -> tuple[int, Headers, bytes]:
        rest = [(n, v) for n, v in headers if n != "Content-Security-Policy"]
        return status, [*rest, *(("Content-Security-Policy", v) for v in values)], content

    return changed


def test_another_policy_on_any_answer_is_named(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """One, equal to the letter, on each page and file: none, two, or another one is found."""
    manifest = audited.write()
    policy = CodeManifest.parse(manifest.read_bytes()).policy
    for path in ("/", "/1", "/roster.note", "/offline-en.html"):
        audited.change = {path: with_policy(policy.replace("'none'", "'self'", 1))}
        out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
        assert all(
            line.startswith(path) and "has another policy, first at byte 13" in line for line in out
        )
        assert out
    for policies, count in (((), 0), ((policy, policy), 2)):
        audited.change = {"/": with_policy(*policies)}
        out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
        assert out == [f"/: has {count} policies in place of one"]
    audited.change = {"/": lambda s, h, c: (s, [*h, ("Link", "</x>; rel=preload")], c)}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert out == ["/: has a header Link"]


def test_a_site_whose_own_list_differs_from_the_given_one_is_named(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where all else is equal: it tells others another story."""
    manifest = audited.write()
    audited.change = {PATH: body(b"A", at=500)}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert [line.partition(":")[0] for line in out] == [PATH]


def test_a_manifest_that_is_none_and_a_copy_that_is_none_are_refused(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is compared with a list that is not whole, or with a copy that is not listed."""
    manifest = audited.write()
    (manifest.parent / "roster.note").write_bytes(b"x")
    _, err = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert "roster.note beside the manifest is not the file that it lists" in err[0]
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    _, err = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert "not in its one spelling" in err[0]
    audited.change = {PATH: lambda *_: (404, [], b"")}
    _, err = audit(capsys, audited.url, code=1)
    assert "the site has no manifest: it answers with 404" in err[0]


def test_what_cannot_be_used_is_exit_1_and_what_cannot_be_read_exit_2(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the help says; neither asks the site for anything, and neither is a site that is right."""
    missing = audited.folder / "nowhere.json"
    _, err = audit(capsys, audited.url, "--manifest", missing, code=1)
    assert "nowhere.json" in err[0]
    audit(capsys, "ftp://a.onion", code=1)
    audit(capsys, audited.url, "--proxy", "x", code=2)
    audit(capsys, code=2)
    assert audited.asked == []


def test_a_site_that_differs_cannot_hide_it_by_breaking_off(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was found before is said, and it is exit 1, not one more fault of the network."""
    manifest = audited.write()
    audited.change = {
        "/roster.note": body(b"\0"),
        "/offline-en.html": lambda s, h, c: (s, [*h, ("Content-Encoding", "br")], c),
    }
    out, err = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert out == ["/roster.note: is not what the manifest lists, first at byte 0"]
    assert "cannot be unpacked" in err[0]


@pytest.mark.parametrize("status", [302, 500])
def test_a_landing_page_that_is_not_given_is_named(
    audited: Audited, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    """Sent elsewhere, nobody comes to the form that is as listed."""
    manifest = audited.write()
    audited.change = {"/": lambda _, h, c: (status, [*h, ("Location", "http://a.example")], c)}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert out == [f"/: is not given: the site answers with {status}"]


@pytest.mark.parametrize("name", ["Alt-Svc", "Onion-Location", "NEL", "Link"])
def test_a_header_that_leads_elsewhere_is_named(
    audited: Audited, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A browser would ask another server, or tell it."""
    manifest = audited.write()
    audited.change = {"/roster.note": lambda s, h, c: (s, [*h, (name, "x")], c)}
    out, _ = audit(capsys, audited.url, "--manifest", manifest, code=1)
    assert out == [f"/roster.note: has a header {name}"]


def test_a_site_that_does_not_answer_is_one_phrase_and_exit_2(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not reached is neither equal nor different."""
    url = f"http://127.0.0.1:{free_port()}"
    out, err = audit(capsys, url, code=2)
    assert out == []
    assert err[0] == f"intake: error: {url} does not answer"
    out, err = audit(capsys, audited.url, "--socks", f"127.0.0.1:{free_port()}", code=2)
    assert err[0] == f"intake: error: {audited.url} does not answer"


def test_an_answer_that_cannot_be_read_is_one_phrase_and_exit_2(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """An encoding that is none, or a file without end, is not waited for."""
    manifest = audited.write()
    for header in ("gzip", "br"):
        audited.change = {
            "/roster.note": lambda s, h, c, header=header: (
                s,
                [*h, ("Content-Encoding", header)],
                c,
            )
        }
        _, err = audit(capsys, audited.url, "--manifest", manifest, code=2)
        assert "cannot be unpacked" in err[0]
    audited.change = {"/roster.note": lambda s, h, _: (s, h, bytes(9_000_000))}
    _, err = audit(capsys, audited.url, "--manifest", manifest, code=2)
    assert "is longer than" in err[0]


def test_for_machines_there_is_one_json_object(
    audited: Audited, capsys: pytest.CaptureFixture[str]
) -> None:
    """With every finding in it, and whose manifest it was."""
    manifest = audited.write()
    audited.change = {"/roster.note": body(b"\x07", at=5)}
    out, err = audit(capsys, audited.url, "--manifest", manifest, "--json", code=1)
    told = json.loads("\n".join(out))
    assert told["findings"] == [
        {"what": "/roster.note", "phrase": "is not what the manifest lists", "offset": 5}
    ]
    assert (told["own"], told["files"], told["forms"], told["pages"]) == (False, 9, 2, 8)
    assert err == []


@pytest.mark.parametrize(
    "words",
    [
        ["ftp://a.onion"],
        ["http://a.onion/path"],
        ["http://user@a.onion"],
        ["http://a.onion:99999"],
        ["http://"],
        ["a.onion"],
        ["http://a b"],
        ["http://a..example"],
        [f"http://{'a' * 64}.example"],
        ["http://127.0.0.1", "--socks", "127.0.0.1"],
        ["http://127.0.0.1", "--socks", "127.0.0.1:0"],
        ["http://127.0.0.1", "--socks", "a:b@127.0.0.1:9050"],
    ],
)
def test_an_address_is_an_origin_and_a_proxy_a_place(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Anything else is refused before anything is asked."""
    _, err = audit(capsys, *words, code=1)
    assert len(err) == 2


def test_an_onion_address_is_never_asked_for_without_tor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A name server would learn of it."""
    _, err = audit(capsys, "http://abcd.onion", code=1)
    assert "through tor alone" in err[0]
