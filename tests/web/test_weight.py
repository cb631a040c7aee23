"""Pages are light: a cheap phone on a bad line has the form before its patience or battery ends."""

import gzip

import pytest

from intake.web.headers import STYLE_FILE
from tests.web.conftest import World
from tests.web.weight import bytes_of, fetched_without_script, way_without_script

PAGE = 14_000  # bytes before compression
WAY = 56_000
SCRIPT = 110_000  # bytes, compressed


@pytest.mark.parametrize("form", ["minimal", "guided"])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_no_page_is_over_14_kb_and_none_asks_for_more(
    make_world: type[World], lang: str, form: str
) -> None:
    """Without script one page is one request, on every page of both forms in each language."""
    visitor = make_world(form=form).visitor()
    pages = way_without_script(visitor, lang)
    others = [visitor.get(path) for path in (f"/s/{lang}", "/n", "/nowhere")]
    weights = [bytes_of(page) for page in (*pages, *others)]
    assert max(weights) <= PAGE, weights
    assert min(weights) > 1000
    assert all(fetched_without_script(page) == [] for page in pages)
    if form == "minimal":
        assert len(pages) == 4
        assert sum(weights[:4]) <= WAY


def test_the_script_is_at_most_110_kb_compressed() -> None:
    """It is sent compressed once, and nothing that the person sees waits for it."""
    script = (STYLE_FILE.parent / "seal.js").read_bytes()
    assert 20_000 < len(gzip.compress(script, mtime=0)) <= SCRIPT


def test_no_image_and_no_other_site_is_asked_for_in_the_style() -> None:
    style = STYLE_FILE.read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style
