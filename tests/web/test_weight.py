"""Pages are light: a cheap phone on a bad line has the form before its patience or battery ends."""

import gzip
from collections.abc import Callable
from dataclasses import replace

import pytest

from intake.codename import Codename
from intake.web.headers import STYLE_FILE
from intake.web.settings import MOST_SUPPORT
from intake.web.settings_tables import SupportEntry
from intake.web.site import today_in_utc
from tests.web.conftest import World
from tests.web.returning import WORDS, code_of, opened
from tests.web.weight import bytes_of, fetched_without_script, way_without_script

PAGE = 14_000  # bytes before compression
WAY = 56_000
SCRIPT = 110_000  # bytes, compressed


def full_list() -> tuple[SupportEntry, ...]:
    """As many groups as the settings take, and the last one as long as they take it."""
    group = SupportEntry("Сеть «Друзья»", "русский", "a" * 40 + ".onion", today_in_utc())
    groups: list[SupportEntry] = []
    while sum(entry.weight for entry in (*groups, group)) <= MOST_SUPPORT:
        groups.append(group)
    room = MOST_SUPPORT - sum(entry.weight for entry in groups)
    groups[-1] = replace(group, name=group.name + "Ж" * (room // 2))
    return tuple(groups)


@pytest.mark.parametrize("form", ["minimal", "guided"])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_no_page_is_over_14_kb_and_none_asks_for_more(
    make_world: Callable[..., World], lang: str, form: str
) -> None:
    """Without script one page is one request, on every page of both forms in each language.

    Also where the operator lists as many support groups as the settings take.
    """
    visitor = make_world(form=form, support=full_list()).visitor()
    pages = way_without_script(visitor, lang)
    others = [visitor.get(path) for path in (f"/s/{lang}", f"/r/{lang}", "/n", "/nowhere")]
    weights = [bytes_of(page) for page in (*pages, *others)]
    assert max(weights) <= PAGE, weights
    assert min(weights) > 1000
    assert all(fetched_without_script(page) == [] for page in pages)
    if form == "minimal":
        assert len(pages) == 4
        assert sum(weights[:4]) <= WAY


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_no_page_for_whoever_comes_back_is_over_14_kb(
    make_world: Callable[..., World], lang: str
) -> None:
    """Without what people and reviewers wrote; also with a page that says what is wrong."""
    visitor = make_world(support=full_list()).visitor()
    words = WORDS[lang]
    page = opened(visitor, code_of(Codename.fresh()), lang)
    pages = [page, opened(visitor, "x " * 8, lang)]
    pages += [visitor.press(page, words[name]) for name in ("more", "choices", "withdraw")]
    weights = [bytes_of(page) for page in pages]
    assert max(weights) <= PAGE, weights
    assert all(fetched_without_script(page) == [] for page in pages)


def test_the_script_is_at_most_110_kb_compressed() -> None:
    """It is sent compressed once, and nothing that the person sees waits for it."""
    script = (STYLE_FILE.parent / "seal.js").read_bytes()
    assert 20_000 < len(gzip.compress(script, mtime=0)) <= SCRIPT


def test_no_image_and_no_other_site_is_asked_for_in_the_style() -> None:
    style = STYLE_FILE.read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style
