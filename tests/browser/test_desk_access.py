"""The desk's pages of the work can be used by everybody: what axe-core and a narrow screen have to say."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.review.steps import Step
from tests.browser.browsers import Browsers, until
from tests.browser.desk_material import coded
from tests.browser.test_accessibility import WIDER_THAN_THE_SCREEN, complaints
from tests.browser.two_desks import Seat, seat
from tests.panel import Panel
from tests.review.desk.bench import Bench, answers
from tests.review.desk.test_out import built, ready

PAGES = ("/", "/out", "/sync", "/retain", "/custody", "/panel", "/break", "/people", "/pictures")


@pytest.fixture(scope="module")
def worked(panel: Panel, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Both read it, it is coded and redacted, and an output of it was signed once."""
    settled = 'organisation = "An archive"\ncontact = "post@example.org"\n'
    bench = Bench.made(panel, tmp_path_factory.mktemp("worked"), settled)
    ready(bench)
    with bench.case() as case:
        coded(case, bench.item)
        damaged = case.files.path(bench.item, "draft-triage-r1")
        damaged.write_bytes(b"no draft")
    with bench.window() as window:
        where = built(bench, window)[2]
        window.get(where)
        assert window.post(f"{where}/sign") == 303
        bench.open(window)
        assert bench.do(window, Step.CONSISTENCY) == 303
        bad: dict[str, object] = {"do": "draft", **answers(Step.CONSISTENCY, internal="")}
        window.ask("POST", bench.at(Step.CONSISTENCY), bad)
    return bench


@pytest.fixture
def bench(worked: Bench, tmp_path: Path) -> Bench:
    """A copy of it."""
    return worked.copied(tmp_path)


DRAWN = "document.querySelector('.leaf img').naturalWidth > 1000"


def walk(one: Seat, item: str) -> Iterator[str]:
    """Every page of the work, each as it is shown."""
    for path in PAGES:
        one.go(path)
        yield path
    one.read(item)
    yield "item"
    for step in ("triage", "read", "consistency", "jigsaw", "second"):
        one.go(f"/item/{item}/step/{step}")
        yield step
    one.go(f"/item/{item}/step/consistency?text=1")
    one.press("button[value=done]")
    yield "consistency-wrong"
    for name in ("reply", "keep"):
        one.go(f"/item/{item}/{name}")
        yield name
    one.go("/out")
    one.press("tbody a")
    yield "output"
    where = package(one, item)
    yield "package"
    found = [view for view in range(2, 9) if "view=" + str(view) in one.tab.source()]
    for view in found:
        one.go(f"{where}?view={view}")
        if one.tab.has(".leaf img"):
            until(lambda: one.tab.page.evaluate(DRAWN), "the picture")
            yield "page"
            break
    one.go(f"/item/{item}/grades")
    yield "grades"


def package(one: Seat, item: str) -> str:
    """Build what has pages: JSON, PDF and text for a procedure of the UN. Gives its address."""
    one.go("/out")
    plan = (
        f'form = "special-procedures"\npurpose = "investigators"\nitems = ["{item}"]\n'
        'recipient = "to.un_procedure"\nrecipient_name = "A rapporteur"\ntitle = "A title"\n'
        'agreement = "signed"\nurgency = "none"\n'
    )
    one.tab.page.fill("#plan", plan)
    one.press("main form button.main")
    until(lambda: one.tab.has("ol.files"), "the package")
    return one.tab.page.url.removeprefix(one.address)


@pytest.mark.parametrize(
    ("lang", "scheme"), [("ru", "light"), pytest.param("en", "dark", marks=pytest.mark.long)]
)
def test_axe_finds_nothing_on_the_pages_of_the_work(
    bench: Bench, both: Browsers, tmp_path: Path, lang: str, scheme: str
) -> None:
    found: dict[str, list[str]] = {}
    context = {"color_scheme": scheme, "bypass_csp": True}
    with seat(both, tmp_path, bench.pair.first, 1, lang, **context) as one:
        for name in walk(one, bench.item):
            found[name] = complaints(one.tab)
            one.tab.page.set_viewport_size({"width": 320, "height": 740})
            if one.tab.page.evaluate(WIDER_THAN_THE_SCREEN) > 0:
                found[name].append("wider than the screen")
            one.tab.page.set_viewport_size({"width": 1200, "height": 740})
            picture(one, f"{lang}-{name}")
    assert {"consistency-wrong", "output", "jigsaw", "package", "page", "/pictures"} <= set(found)
    assert not any(found.values()), found


def picture(one: Seat, name: str) -> None:
    folder = os.environ.get("SHOTS")
    if folder:
        one.tab.page.screenshot(path=f"{folder}/{name.replace('/', '_')}.png", full_page=True)
