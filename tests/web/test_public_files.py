"""What the script fetches is served whole, with its type and its hash."""

import gzip
import json
import re
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256

from intake.caps import Cap
from intake.codename import wordlist
from intake.roster import open_roster
from intake.web.languages import LANGUAGES
from intake.web.public_files import SCRIPT_FILE, STRETCH_FILE
from intake.web.site import today_in_utc
from tests.panel import sign
from tests.web.conftest import SCRIPT, World
from tests.web.follow import Page
from tests.web.test_form_pages import check_of


def scripts_on(page: Page) -> list[tuple[str, str]]:
    return [(a["src"], a["integrity"]) for tag, a in page.tags if tag == "script"]


def scripts(world: World) -> list[tuple[str, str]]:
    return scripts_on(world.visitor().get("/1"))


def test_the_roster_is_the_signed_note(world: World) -> None:
    answer = world.visitor().get("/roster.note")
    assert answer.header("Content-Type") == "text/plain; charset=utf-8"
    signed = open_roster(
        answer.html.encode(),
        trusted=world.site.roots(),
        today=today_in_utc(),
        deployment=world.site.settings.deployment,
    )
    assert signed == world.site.current()


def test_the_page_names_every_script_by_their_hash(world: World) -> None:
    found = scripts(world)
    assert [re.sub("[0-9a-f]{16}", "", src) for src, _ in found] == [
        "/roots-.js",
        "/phrases-.js",
        "/seal-.js",
    ]
    for src, integrity in found:
        answer = world.visitor().get(src)
        assert answer.header("Content-Type") == "text/javascript; charset=utf-8"
        assert answer.header("Content-Encoding") == ""
        digest = sha256(answer.html.encode()).digest()
        assert integrity == "sha256-" + b64encode(digest).decode()
        assert digest.hex()[:16] in src


def test_the_words_of_codes_and_what_stretches_one_are_named_by_their_hash(world: World) -> None:
    """On both pages that need them; the words are those of this package, in order."""
    visitor = world.visitor()
    attrs = [form.attrs for path in ("/1", "/r/en") for form in visitor.get(path).forms]
    kinds = {"list": "application/json", "stretch": "text/javascript"}
    for name, kind in kinds.items():
        (path,) = {form[f"data-{name}"] for form in attrs}
        (integrity,) = {form[f"data-{name}-integrity"] for form in attrs}
        answer = visitor.get(path)
        assert answer.status == 200
        assert answer.header("Content-Type") == f"{kind}; charset=utf-8"
        digest = sha256(answer.html.encode()).digest()
        assert integrity == "sha256-" + b64encode(digest).decode()
        assert digest.hex()[:16] in path
        packed = world.app.test_client().get(path, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == answer.html.encode()
        if name == "list":
            assert json.loads(answer.html) == list(wordlist())
            assert answer.html.endswith('"]\n')
            assert visitor.get(re.sub("[0-9a-f]{16}", "0" * 16, path)).status == 404
        else:
            assert answer.html.encode() == STRETCH_FILE.read_bytes()


def test_the_script_of_the_exit_is_on_every_page_but_the_neutral_one(world: World) -> None:
    """Alone on those beside the form; there also where a site has no roster yet."""
    visitor = world.visitor()
    pages = [visitor.get(path) for path in ("/", "/en", "/ce", "/s", "/nowhere")]
    pages.append(check_of(visitor))
    for page in pages:
        ((src, integrity),) = scripts_on(page)
        assert re.fullmatch("/leave-[0-9a-f]{16}.js", src)
        content = visitor.get(src).html.encode()
        assert integrity == "sha256-" + b64encode(sha256(content).digest()).decode()
    assert scripts_on(visitor.get("/n")) == []


def test_the_roots_are_what_the_script_trusts(world: World) -> None:
    (src, _), _, (seal, _) = scripts(world)
    text = world.visitor().get(src).html
    value = json.loads(text.removeprefix("globalThis.intakeRoots = ").removesuffix(";\n"))
    roots = world.site.roots()
    assert value == {
        "deployment": world.site.settings.deployment,
        "roots": [str(key) for key in roots.keys],
        "threshold": 2,
    }
    assert world.visitor().get(seal).html.encode() == SCRIPT


def test_the_phrases_are_all_that_the_script_asks_for(world: World) -> None:
    """In every language, the page's own words for the same."""
    _, (src, _), _ = scripts(world)
    text = world.visitor().get(src).html
    value = json.loads(text.removeprefix("globalThis.intakePhrases = ").removesuffix(";\n"))
    assert set(value) == set(LANGUAGES)
    asked = set(re.findall(r'\bsay\("([a-z0-9_.]+)"\)', SCRIPT_FILE.read_text()))
    assert len(asked) > 10
    page = world.visitor().get("/1")
    for lang, phrases in value.items():
        # All others are made of a kind: of an error, or of what holds a use back.
        others = {key for key in phrases if key.startswith(("error.", "check.cap_"))}
        assert set(phrases) == asked | others
        assert {f"check.cap_{cap}" for cap in Cap} <= others
        check = check_of(world.visitor(), lang, consent=["stats"])
        for key in ("check.h1", "check.p1", "check.p2", "check.yes", "check.no", "check.send"):
            assert phrases[key] in check.words
        assert phrases["error.long"].count("{n}") == phrases["all.title"].count("{n}") == 1
    assert value["ru"]["error.not_sent"] in page.html


def test_a_script_is_packed_for_who_takes_that(world: World) -> None:
    client = world.app.test_client()
    for src, integrity in scripts(world):
        answer = client.get(src, headers={"Accept-Encoding": "gzip, br"})
        assert answer.headers["Content-Encoding"] == "gzip"
        plain = gzip.decompress(answer.data)
        assert sha256(plain).digest() == b64decode(integrity.removeprefix("sha256-"))
        refused = client.get(src, headers={"Accept-Encoding": "gzip;q=0"})
        assert refused.data == plain


def test_no_page_is_packed(world: World) -> None:
    """A length after packing tells something about a text next to a secret."""
    client = world.app.test_client()
    answer = client.get("/1", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_another_scripts_name_is_not_found(world: World) -> None:
    for name in ("seal", "seal-", "roots", "seal-0000000000000000", "x"):
        assert world.visitor().get(f"/{name}.js").status == 404


def test_a_new_roster_is_taken_up_at_once(world: World) -> None:
    visitor = world.visitor()
    before = visitor.get("/roster.note").html
    old = world.site.current().roster
    newer = replace(old, version=2, previous=old.digest, expires=old.expires.replace(year=2099))
    world.site.publish(sign(newer), None, today_in_utc())
    after = visitor.get("/roster.note").html
    assert before != after
    assert "version 2" in after
