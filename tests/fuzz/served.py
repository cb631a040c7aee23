"""The readers of what a site is told: its settings, its forms, and what a browser posts; and of addresses."""

from io import BytesIO
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException

from intake.author import Author
from intake.code_manifest import CodeManifest
from intake.form import GUIDED, FormDefinition
from intake.log.cosigning import Endpoint
from intake.reaching import Address, SocksAddress
from intake.testimony import Testimony, problems_of
from intake.web.answers import Answers
from intake.web.listening import Loopback, parse_address
from intake.web.request import MAX_FORM, MAX_PARTS, MemoryFormParser
from intake.web.settings import Settings
from intake.web.settings_tables import Backups, NeutralPage, SupportEntry
from intake.witness.serving import parse_bind
from tests.fuzz import made
from tests.fuzz.parser import Parser, bytes_of, text_of

_BOUNDARY = b"b"
_FIELDS = {"lang": "ru", "form": GUIDED.key, "narrative": "Ӏумар", "consent": "stats"}
_PARTS = b"".join(
    b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    % (name.encode(), text.encode())
    for name, text in _FIELDS.items()
)


def _posted(data: bytes, kind: str, options: dict[str, str]) -> Answers:
    parser = MemoryFormParser(
        lambda *_, **__: BytesIO(), max_form_memory_size=MAX_FORM, max_form_parts=MAX_PARTS
    )
    _, form, _ = parser.parse(BytesIO(data), kind, len(data), options)
    answers = Answers.read(GUIDED, form, "ru")
    if not problems_of(answers.form, answers.texts):
        Testimony.from_answers(answers.lang, answers.texts, answers.agreed, answers.form)
    return answers


PARSERS: tuple[Parser, ...] = (
    Parser(
        "settings",
        Settings.parse,
        (made.SETTINGS.to_bytes(),),
        Settings.to_bytes,
        one_spelling=False,
        covers=(Settings.parse, Backups.parse, NeutralPage.parse, SupportEntry.parse),
    ),
    Parser(
        "form",
        lambda d: FormDefinition.parse(d.decode(errors="replace")),
        made.FORMS,
        covers=(FormDefinition.parse,),
    ),
    Parser(
        "port of a site",
        lambda d: parse_address(text_of(d)),
        (b"127.0.0.1:8080", b"[::1]:8080", b"unix:/run/form.sock", b"systemd"),
        bytes_of,
        one_spelling=False,
        covers=(parse_address, Loopback.parse),
    ),
    Parser(
        "posted form",
        lambda d: _posted(d, "application/x-www-form-urlencoded", {}),
        (urlencode(_FIELDS).encode(),),
        covers=(MemoryFormParser.parse,),
        refuses=(HTTPException,),
    ),
    Parser(
        "posted form in parts",
        lambda d: _posted(d, "multipart/form-data", {"boundary": _BOUNDARY.decode()}),
        (_PARTS + b"--b--\r\n",),
        refuses=(HTTPException,),
    ),
    Parser(
        "address of a site",
        lambda d: Address.parse(text_of(d)),
        (b"http://127.0.0.1:8080", b"https://a.example"),
        bytes_of,
        one_spelling=False,
        covers=(Address.parse,),
    ),
    Parser(
        "address of a proxy",
        lambda d: SocksAddress.parse(text_of(d)),
        (b"127.0.0.1:9050", b"[::1]:9050"),
        covers=(SocksAddress.parse,),
    ),
    Parser(
        "address of a witness",
        lambda d: Endpoint.parse(text_of(d)),
        (b"https://w.example/a", b"http://[::1]:80"),
        covers=(Endpoint.parse,),
    ),
    Parser(
        "port of a witness",
        lambda d: parse_bind(text_of(d)),
        (b"127.0.0.1:8290", b"[::1]:0"),
        covers=(parse_bind,),
    ),
    Parser(
        "secrets of an author",
        lambda d: Author.parse(text_of(d)),
        (Author(bytes(32), 7).to_text().encode(),),
        lambda author: author.to_text().encode(),
        covers=(Author.parse,),
    ),
    Parser(
        "manifest of a site",
        CodeManifest.parse,
        (made.MANIFEST.to_bytes(),),
        CodeManifest.to_bytes,
        covers=(CodeManifest.parse,),
    ),
)
