"""The site lists what it gives: everything, as it is, the same wherever it is made."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from intake.accept import Acceptor
from intake.cli import run
from intake.code_manifest import (
    PATH,
    CodeManifest,
    digest_of,
    page_name,
    without_padding,
    without_token,
)
from intake.store import Store
from intake.web.app import create_app
from intake.web.manifest import listed_by
from intake.web.public_files import LEAVE_FILE, SCRIPT_FILE
from intake.web.site import Site, today_in_utc
from tests.panel import sign
from tests.web.conftest import World
from tests.web.serving import site_in

JS = SCRIPT_FILE.parents[1] / "js"


def manifest(world: World) -> CodeManifest:
    answer = world.visitor().get(PATH)
    assert answer.header("Content-Type") == "application/json"
    return CodeManifest.parse(answer.html.encode())


def body(world: World, path: str) -> bytes:
    return world.app.test_client().get(path).data


def test_every_file_that_a_page_names_is_listed_as_it_is_given(world: World) -> None:
    listed = manifest(world)
    named = {"/roster.note", "/offline-ru.html", "/offline-en.html"}
    for path in ("/1", "/s/ru", "/s/en", "/r/ru", "/r/en"):
        page = world.visitor().get(path)
        named |= {a["src"] for tag, a in page.tags if tag == "script"}
        for _, attrs in page.tags:
            named |= {attrs[name] for name in ("data-list", "data-stretch") if name in attrs}
    assert set(listed.files) == named
    for path, digest in listed.files.items():
        assert digest_of(body(world, path)) == digest, path
    assert listed.deployment == world.site.settings.deployment


def test_the_empty_form_of_each_language_is_listed_without_its_token(world: World) -> None:
    """Two visits differ in their tokens alone, and each is the page that is listed."""
    listed = manifest(world)
    assert set(listed.forms) == {"ru", "en"}
    for lang, digest in listed.forms.items():
        client = world.app.test_client()
        one, other = (client.post("/1", data={"lang": lang}).data for _ in range(2))
        assert digest_of(without_padding(without_token(one))) == digest
        assert digest_of(without_padding(without_token(other))) == digest
    opened = world.app.test_client().get("/1").data
    assert digest_of(without_padding(without_token(opened))) == listed.forms["ru"]


def test_the_pages_before_and_beside_the_form_are_listed_as_they_are_given(world: World) -> None:
    """Two visits differ in the token of the page for letters alone; without a language it is equal."""
    listed = manifest(world)
    assert set(listed.pages) == {"/", "/ru", "/en", "/ce", "/s/ru", "/s/en", "/r/ru", "/r/en"}
    for path, digest in listed.pages.items():
        one, other = body(world, path), body(world, path)
        if path.startswith(("/s/", "/r/")):
            assert one != other
            assert digest_of(without_padding(without_token(one))) == digest
            assert digest_of(without_padding(without_token(other))) == digest
        else:
            assert digest_of(one) == digest_of(other) == digest
    assert digest_of(without_padding(without_token(body(world, "/s")))) == listed.pages["/s/ru"]
    assert digest_of(without_padding(without_token(body(world, "/r")))) == listed.pages["/r/ru"]
    assert listed.pages["/"] == listed.pages["/ru"] != listed.pages["/en"]


def test_whoever_asks_for_the_list_gets_no_cookie_and_changes_nothing_in_it(world: World) -> None:
    """Also where a text is sent along: it belongs to no page that is listed."""
    client = world.app.test_client()
    plain = client.get(PATH)
    odd = client.get(PATH, data={"letter": "x", "lang": "en"})
    assert plain.data == odd.data
    assert "Set-Cookie" not in plain.headers


def test_the_policy_listed_is_on_every_answer(world: World) -> None:
    """To the letter, and once, also where nothing is found or a form is refused."""
    policy = manifest(world).policy
    client = world.app.test_client()
    paths = ["/", "/en", "/1", "/s", "/roster.note", "/nowhere", "/2", PATH, "/offline-ru.html"]
    answers = [client.get(path) for path in paths]
    answers += [client.post(path, data={"lang": "en"}) for path in ("/1", "/2", "/3", "/s", "/x")]
    for answer in answers:
        assert answer.headers.getlist("Content-Security-Policy") == [policy]


def test_a_new_roster_is_listed_at_once(world: World) -> None:
    before = manifest(world)
    old = world.site.current().roster
    newer = replace(old, version=2, previous=old.digest)
    world.site.publish(sign(newer), None, today_in_utc())
    after = manifest(world)
    changed = {path for path, digest in after.files.items() if before.files.get(path) != digest}
    assert changed == {"/roster.note", "/offline-ru.html", "/offline-en.html"}


def folder_of(site: Path, out: Path) -> dict[str, bytes]:
    assert run(["manifest", str(site), str(out)]) == 0
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_made_twice_in_two_places_all_of_it_is_equal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Byte for byte, from a copy of the site; and it is what a running site gives."""
    site_in(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "deep" / "two")
    first = folder_of(tmp_path / "one", tmp_path / "out")
    digest = capsys.readouterr().out.strip()
    assert folder_of(tmp_path / "deep" / "two", tmp_path / "deep" / "out") == first
    assert digest == digest_of(first["manifest.json"])
    listed = CodeManifest.parse(first.pop("manifest.json"))
    digests = {
        **{path.removeprefix("/"): digest for path, digest in listed.files.items()},
        **{f"form-{lang}.html": digest for lang, digest in listed.forms.items()},
        **{page_name(path): digest for path, digest in listed.pages.items()},
    }
    assert {name: digest_of(content) for name, content in first.items()} == digests
    assert {"page.html", "page-ru.html", "page-ce.html", "page-s-en.html", "page-r-en.html"} <= set(
        first
    )
    assert run(["manifest", str(tmp_path / "one"), str(tmp_path / "out")]) == 1
    assert "something is there already" in capsys.readouterr().err


def test_a_site_with_the_longer_form_lists_its_words(
    make_world: Callable[..., World],
) -> None:
    """What the script of the guided form fetches is listed like the rest."""
    world = make_world(form="guided")
    listed = manifest(world)
    words = [path for path in listed.files if path.startswith("/form-")]
    assert len(words) == 2
    for path in words:
        assert digest_of(body(world, path)) == listed.files[path]


def test_the_script_built_twice_in_two_places_is_the_one_that_is_given(tmp_path: Path) -> None:
    """Whoever has the sources can make the very bytes that handle a person's words."""
    made = []
    for place in ("one", "a/deeper/one"):
        copy = tmp_path / place / "intake" / "web" / "js"
        # Copied, not linked: the bundler follows links to where the files truly lie.
        others = ("typescript", "@typescript", "pyright", "axe-core", "@types")
        shutil.copytree(JS, copy, ignore=shutil.ignore_patterns("build", *others))
        for other in ("web/static", "review/desk/static", "audit"):
            (copy.parents[1] / other).mkdir(parents=True)
        subprocess.run(["node", "build.mjs"], cwd=copy, check=True, capture_output=True)
        static = copy.parent / "static"
        made.append([(static / file.name).read_bytes() for file in (SCRIPT_FILE, LEAVE_FILE)])
    assert made[0] == made[1]
    assert made[0] == [SCRIPT_FILE.read_bytes(), LEAVE_FILE.read_bytes()]


def test_a_site_without_a_roster_lists_nothing(tmp_path: Path) -> None:
    """Rather no list than half of one."""
    site = Site.create(tmp_path / "site", "test", "O", "abcd.onion", "ru")
    store = Store.create(site.store_path, site.settings.deployment)
    try:
        app = create_app(site, Acceptor(store, site))
        assert app.test_client().get(PATH).status_code >= 500
    finally:
        store.close()
    assert run(["manifest", str(tmp_path / "site"), str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


def test_what_is_listed_is_made_without_a_request(world: World) -> None:
    assert listed_by(world.app)["manifest.json"] == manifest(world).to_bytes()
