"""The page itself: it fits, everybody can read it, and no word of a stranger changes what it is."""

import re
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.audit.followed import read_followed
from intake.audit.history import History, Seen, Week
from intake.audit.history_file import read_history
from intake.audit.report import CLAIMS, Claim, Level, Report
from intake.audit.report_html import html_of
from intake.audit.report_plot import WEEKS, Shown
from intake.audit.report_text import PAGE, WIDTH, page
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.tlog.entries import EpochClosed
from tests.audit.auditor import following
from tests.audit.log_site import BEGINNING, closed, weeks_ago
from tests.browser.browsers import Browsers, ChromiumTab
from tests.browser.test_accessibility import WIDER_THAN_THE_SCREEN, complaints

NOW = Epoch.now()
NUMBERS = {"R1": 2, "R3": 4, "R4": 1, "R5": 1, "R6": 4, "R7": 2, "R8": 3, "R9": 2, "R10": 1}
"""How many each claim says at most."""
HOSTILE = (
    "</style></title><script>document.title = 'x'</script><img src=//127.0.0.1/x onerror=alert(1)>"
    "<a href=javascript:alert(1)>\u202e\x00\x1b[2J&amp;]]>"
)


def history(count: int) -> History:
    """So many weeks up to the last one, of 16, 32, 48, 16, … entries, each looked at once."""
    weeks: list[Week] = []
    seen: list[Seen] = []
    size = 0
    for ago in range(count, 0, -1):
        leaves = 16 * (1 + (count - ago) % 3)
        size += leaves + 1
        weeks.append(Week(weeks_ago(ago), leaves, size))
        seen.append(Seen(weeks_ago(ago - 1), size, size.to_bytes(32, "big")))
    return History(0, tuple(seen), tuple(weeks), {EpochClosed: count})


def report(count: int, phrase: str, past: History | None = None) -> Report:
    """Each claim with so many exceptions of each level."""
    found = tuple((level, f"{phrase} {n}") for level in Level for n in range(count))
    claims = tuple(
        Claim(name, ("7 entries", *[phrase] * (most - 1)), found) for name, most in NUMBERS.items()
    )
    return Report(phrase, NOW, claims, past)


@settings(deadline=None)
@given(st.integers(0, 300), st.one_of(st.text(max_size=400), st.just(HOSTILE)))
def test_the_page_fits_whatever_is_to_be_said(count: int, phrase: str) -> None:
    """60 lines of 100 columns, with every claim, its verdict, and how much more there is."""
    lines = page(report(count, phrase))
    assert len(lines) <= PAGE
    assert max(map(len, lines)) <= WIDTH
    verdict = "FAIL" if count else "PASS"
    for name, says in CLAIMS.items():
        assert f"{name:<3} {verdict:<11}  {says}" in lines
    assert not any(re.search(r"[\x00-\x1f\u202e]", line) for line in lines)
    more = [
        int(found[1]) for line in lines if (found := re.fullmatch(r" +- and (\d+) more.*", line))
    ]
    shown = sum(line.startswith("   - ") for line in lines) - len(more)
    if len(phrase) <= 40 and phrase.isascii() and phrase.isalnum():
        assert sum(more) + shown == 3 * len(CLAIMS) * count


def test_a_report_has_every_claim_once() -> None:
    one, *others = report(0, "a").claims
    for claims in (tuple(others), (one, *others, one), (*others, one), ()):
        with pytest.raises(MalformedError, match="every claim once"):
            Report("", NOW, claims, None)
    with pytest.raises(MalformedError, match="no claim is 'R2'"):
        Claim("R2", (), ())


def opened(tab: object, path: Path) -> tuple[ChromiumTab, list[str]]:
    """The file shown in a tab, and everything that was asked for."""
    assert isinstance(tab, ChromiumTab)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.page.goto(path.as_uri())
    return tab, asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("count", [0, 100])
def test_axe_finds_nothing_and_the_screen_may_be_narrow(
    both: Browsers, tmp_path: Path, scheme: str, count: int
) -> None:
    """Light and dark, with a drawing, where all passes and where much fails."""
    path = tmp_path / "report.html"
    path.write_bytes(html_of(report(count, "a phrase" * 20, history(9))))
    with both.tab("chromium", script=True, color_scheme=scheme, bypass_csp=True) as shown:
        tab, _ = opened(shown, path)
        tab.press("summary")
        assert complaints(tab) == []
        assert tab.page.evaluate(WIDER_THAN_THE_SCREEN) <= 0


def test_nothing_of_a_stranger_becomes_markup_and_nothing_is_asked_for(
    both: Browsers, tmp_path: Path
) -> None:
    """Every word is text; the page has no script, and the policy would not let one run."""
    path = tmp_path / "report.html"
    content = html_of(report(9, HOSTILE, history(3)))
    path.write_bytes(content)
    text = content.decode()
    assert re.findall(r"<(?:script|img|a|link|iframe|object)\b", text) == []
    assert re.findall(r"""\s(?:style|on\w+|src|href)=""", re.sub(r">[^<]*<", "><", text)) == []
    assert "\u202e" not in text
    assert "⟨U+202E⟩⟨U+0000⟩" in text
    with both.tab("chromium", script=True) as shown:
        tab, asked = opened(shown, path)
        assert tab.title().startswith("Auditor's report: </style></title><script>document.title")
        assert "<img src=//127.0.0.1/x onerror=alert(1)>" in tab.text("#R1 .exceptions")
        assert asked == [path.as_uri()]
        assert tab.complaints == []
        blocked = "() => new Promise(done => { const s = document.createElement('script');"
        blocked += " s.textContent = 'globalThis.ran = 1'; document.body.append(s);"
        blocked += " setTimeout(() => done(globalThis.ran ?? 0), 100) })"
        assert tab.page.evaluate(blocked) == 0
        color = "() => getComputedStyle(document.querySelector('.fail')).color"
        assert tab.page.evaluate(color) == "rgb(161, 18, 18)", "the one style is let through"


@pytest.mark.parametrize(
    ("count", "phrase"),
    [(0, "short"), (100, "W" * 400), (100, "many words " * 40), (100, "\u5b57" * 400)],
)
def test_it_prints_on_one_sheet(both: Browsers, tmp_path: Path, count: int, phrase: str) -> None:
    """With the drawing of a year, whatever is to be said."""
    path = tmp_path / "report.html"
    path.write_bytes(html_of(report(count, phrase, history(60))))
    with both.tab("chromium", script=False) as shown:
        tab, _ = opened(shown, path)
        printed = tab.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def cells(page: str, table: str) -> list[list[str]]:
    """The rows of a table on the page."""
    found = re.search(rf'<table id="{table}">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert found is not None
    rows = re.findall(r"<tr>(.*?)</tr>", found[1])
    return [[unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", row)] for row in rows]


def test_the_drawing_has_the_numbers_of_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each closed week and each checkpoint that was seen, as the site published it."""
    with following(tmp_path, capsys) as auditor:
        first = len(auditor.site.entries)
        signed = auditor.site.publish([*BEGINNING, *closed(weeks_ago(1), 48)])
        auditor.look(code=0)
        past = read_history(auditor.state, read_followed(auditor.state))
    text = html_of(report(0, "a", past)).decode()
    assert cells(text, "weeks") == [
        [str(weeks_ago(3)), "16", "19"],
        [str(weeks_ago(2)), "32", "52"],
        [str(weeks_ago(1)), "48", "101"],
    ]
    seen = cells(text, "seen")
    assert [row[:2] for row in seen] == [[str(NOW), str(first)], [str(NOW), "101"]]
    assert seen[1][2] == signed.checkpoint.root.hex()
    heights = [float(height) for height in re.findall(r'<rect[^>]* height="([0-9.]+)"', text)]
    assert heights[0] * 2 == pytest.approx(heights[1], abs=0.2)
    assert heights[0] * 3 == pytest.approx(heights[2], abs=0.2)
    assert f"<title>{weeks_ago(2)}: 32 blinded entries</title>" in text
    assert len(re.findall("<circle", text)) == 2
    says = f"from {weeks_ago(3)} to {NOW}: 2 checkpoints, 101 entries when last seen, in {NOW}; "
    assert f"{says}96 blinded entries in 3 closed weeks" in text


def test_points_stand_as_high_as_the_log_was_long() -> None:
    text = html_of(report(0, "a", history(8))).decode()
    tops = [float(top) for top in re.findall(r'<circle[^>]* cy="([0-9.]+)"', text)]
    sizes = [one.size for one in history(8).seen]
    assert [(80 - top) / 64 for top in tops] == pytest.approx(
        [size / sizes[-1] for size in sizes], abs=0.01
    )
    lefts = [float(left) for left in re.findall(r'<circle[^>]* cx="([0-9.]+)"', text)]
    steps = [after - before for before, after in pairwise(lefts)]
    assert steps == pytest.approx([steps[0]] * 7, abs=0.2)


@pytest.mark.parametrize("count", [1, WEEKS - 1, WEEKS, 200])
def test_at_most_a_year_is_drawn(count: int) -> None:
    """The newest weeks; and no log is too young."""
    shown = Shown.of(history(count))
    assert shown.last == NOW
    assert shown.last.number - shown.first.number == min(count, WEEKS - 1)
    assert len(shown.weeks) == min(count, WEEKS - 1)
    assert len(shown.seen) == min(count, WEEKS)


def test_a_log_without_entries_or_history_has_a_page() -> None:
    empty = History(0, (Seen(NOW, 0, bytes(32)),), (), {})
    assert "0 entries when last seen" in html_of(report(0, "a", empty)).decode()
    assert "<svg" not in html_of(report(0, "a", None)).decode()
