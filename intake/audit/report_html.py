"""Writes an auditor's report as one HTML page: no script, nothing fetched, one sheet when printed.

It is built as a tree, so that no text of it can become markup.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from intake.audit.report import CLAIMS, Verdict
from intake.audit.report_plot import WEEKS, Shown, drawing
from intake.audit.report_text import exceptions_of, head_of, room_for, shortened
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.audit.history import History
    from intake.audit.report import Claim, Report
    from intake.audit.report_text import Room

_CLASSES: Final = {Verdict.PASS: "pass", Verdict.FAIL: "fail", Verdict.NOT_CHECKED: "open"}
STYLE: Final = """
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --quiet: #555;
  --pass: #1a6330; --fail: #a11212; --open: #7a4a00; --mark: #1f4f99; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #161616; --quiet: #b0b0b0;
  --pass: #7fd49a; --fail: #ff9a94; --open: #f0bf6a; --mark: #8ab4f8; } }
body { font: 1rem/1.4 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.05rem; margin: .9rem 0 .2rem; }
p, ul, figure { margin: .2rem 0; }
ul { padding-left: 1.4rem; }
.numbers { list-style: none; padding-left: 0; color: var(--quiet); }
b { display: inline-block; border: 2px solid; padding: 0 .4rem; margin-right: .4rem; }
.pass { color: var(--pass); } .fail { color: var(--fail); } .open { color: var(--open); }
svg { width: 100%; height: auto; }
text { font-size: 11px; fill: var(--ink); }
.axis { fill: none; stroke: var(--quiet); } .line { fill: none; stroke: var(--mark); }
circle, rect { fill: var(--mark); }
table { border-collapse: collapse; } th, td { padding: .1rem .8rem .1rem 0; text-align: right; }
@page { size: A4; margin: 12mm; }
@media print { :root { --ink: #000; --paper: #fff; --quiet: #333; --pass: #1a6330; --fail: #a11212;
  --open: #7a4a00; --mark: #1f4f99; } body { font-size: 7.5pt; line-height: 1.2; padding: 0;
  max-width: none; } h1 { font-size: 11pt; } h2 { font-size: 8.5pt; margin: 4pt 0 1pt; }
  p, ul, figure { margin: 1pt 0; } svg { height: 42mm; } details { display: none; }
  /* Two rows, or one where there is much to say, as in text, however wide the letters are. */
  h1, li { max-height: 2.4em; line-height: 1.2; overflow: hidden; }
  .tight h1, .tight li { max-height: 1.2em; } }
"""
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}';"
    " base-uri 'none'; form-action 'none'"
)


def html_of(report: Report) -> bytes:
    """The page in UTF-8."""
    html = Element("html", {"lang": "en"})
    head = SubElement(html, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width"})
    SubElement(head, "meta", {"name": "referrer", "content": "no-referrer"})
    SubElement(head, "title").text = f"Auditor's report: {head_of(report)}"
    SubElement(head, "style").text = STYLE
    room = room_for(report)
    body = SubElement(html, "body", {"class": "tight"} if room.rows == 1 else {})
    main = SubElement(body, "main")
    SubElement(main, "h1").text = f"Auditor's report: {head_of(report)}"
    SubElement(main, "p", {"class": "summary"}).text = report.summary
    for claim in report.claims:
        _write_claim(main, claim, room)
    if report.history is not None:
        _write_plot(main, report.history)
    # Every text has passed `line`, so no character of it is one that UTF-8 has not.
    written: str = tostring(html, "unicode", "html")
    return f"<!DOCTYPE html>\n{written}\n".encode()


def _write_claim(main: Element, claim: Claim, room: Room) -> None:
    section = SubElement(main, "section", {"id": claim.name})
    title = SubElement(section, "h2")
    verdict = SubElement(title, "b", {"class": _CLASSES[claim.verdict]})
    verdict.text = claim.verdict
    verdict.tail = f"{claim.name} {CLAIMS[claim.name]}"
    _write_list(section, (shortened(number, room) for number in claim.numbers), "numbers")
    _write_list(section, exceptions_of(claim, room), "exceptions")


def _write_list(section: Element, phrases: Iterable[str], kind: str) -> None:
    rows = list(phrases)
    if not rows:
        return
    listed = SubElement(section, "ul", {"class": kind})
    for row in rows:
        SubElement(listed, "li").text = row


def _write_plot(main: Element, history: History) -> None:
    shown = Shown.of(history)
    figure = SubElement(main, "figure")
    figure.append(drawing(shown))
    SubElement(figure, "figcaption").text = line(f"The log {shown.says} (at most {WEEKS} weeks).")
    details = SubElement(main, "details")
    SubElement(details, "summary").text = "The numbers of the drawing"
    weeks = [(str(w.epoch), str(w.leaves), str(w.size)) for w in shown.weeks]
    _write_table(details, "weeks", ("week", "blinded entries", "entries at its end"), weeks)
    seen = [(str(s.epoch), str(s.size), s.root.hex()) for s in shown.seen]
    _write_table(details, "seen", ("seen in", "entries", "root"), seen)


def _write_table(
    parent: Element, name: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> None:
    table = SubElement(parent, "table", {"id": name})
    row = SubElement(SubElement(table, "thead"), "tr")
    for head in heads:
        SubElement(row, "th", {"scope": "col"}).text = head
    body = SubElement(table, "tbody")
    for cells in rows:
        row = SubElement(body, "tr")
        for cell in cells:
            SubElement(row, "td").text = cell
