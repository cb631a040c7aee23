"""What leaves by the desk: looked at, signed by two on two machines, and handed over once."""

import re
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from intake.age import HybridIdentity, decrypt_bytes
from intake.review import gates
from intake.review.acting import record_import
from intake.review.log_policy import keep_policy
from intake.review.outputs.archives import read_archive
from intake.review.panel import Panel as Settled
from intake.review.redacting import Redaction, Span
from intake.review.remembering import Seen
from intake.review.steps import Step
from tests.little_log import POLICY
from tests.panel import Panel
from tests.review.desk.bench import Bench
from tests.review.desk.conftest import STORY, Window
from tests.review.two_people import check_list

CUT = STORY.index("Иса")
NEEDED: dict[str, object] = {"form": "text", "purpose": "publish", "plan": ""}


@pytest.fixture
def bench(panel: Panel, tmp_path: Path) -> Bench:
    return Bench.made(panel, tmp_path)


def redact(bench: Bench, start: int = CUT, *, answered: bool = True) -> None:
    with bench.case() as case:
        envelope, version = case.entry(bench.item).opening.envelope, case.redactions(bench.item) + 1
        span = Span("narrative", start, start + 3, "person")
        gates.redact(case, bench.item, Redaction(envelope, version, (span,), (), case.by))
        if answered:
            check_list(case, bench.item)


def built(bench: Bench, window: Window) -> tuple[int, str, str]:
    form = {**NEEDED, "items": bench.item[:8]}
    status, page, headers = window.ask("POST", "/out", form)
    return status, page, headers.get("Location", "")


def ready(bench: Bench) -> None:
    """Both read it, r1 redacted it."""
    with bench.window() as window:
        bench.open(window)
        for step in (Step.TRIAGE, Step.READ):
            assert bench.do(window, step) == 303
    redact(bench)
    bench.pair.sync(1)
    bench.pair.sync(2)
    with bench.window(2) as window:
        bench.open(window)
        assert bench.do(window, Step.SECOND) == 303
    bench.pair.sync(2)
    bench.pair.sync(1)


def test_an_output_that_may_not_be_built_says_what_is_missing_and_keeps_the_form(
    bench: Bench,
) -> None:
    redacted_before_read(bench)
    with bench.window() as window:
        status, page, _ = built(bench, window)
        assert status == 409
        assert "Nobody else read it." in page
        assert f"/item/{bench.item}/step/second" in page
        assert f'value="{bench.item[:8]}"' in page
        for form in (
            {**NEEDED, "items": ""},
            {**NEEDED, "items": "zz"},
            {**NEEDED, "items": bench.item, "purpose": "x"},
            {**NEEDED, "items": bench.item, "form": "x"},
            {**NEEDED, "items": bench.item, "plan": "<b>no plan"},
            {**NEEDED, "items": bench.item, "purpose": "stats"},
        ):
            status, page, _ = window.ask("POST", "/out", form)
            assert status == 409, form
            assert "<b>" not in page


def redacted_before_read(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        for step in (Step.TRIAGE, Step.READ):
            assert bench.do(window, step) == 303
    redact(bench)


def test_two_look_sign_and_one_hands_over(bench: Bench) -> None:
    ready(bench)
    with bench.window() as window:
        status, _, where = built(bench, window)
        assert status == 303
        assert window.post(f"{where}/sign") == 409, "nobody signs what was not shown"
        page = window.get(where)
        assert "[person]" in page
        assert "nobody" in page
        assert "Hand it over" not in page
        assert window.post(f"{where}/leave", path="early") == 409
        assert window.post(f"{where}/receipt") == 409
        assert window.post(f"{where}/sign") == 303
        assert window.post(f"{where}/sign") == 409, "nobody signs twice"
        page = window.get(where)
        assert "r1 on" in page
        assert "One more person must" in page
        assert window.post(f"{where}/leave", path="early") == 409
        assert where in window.get("/out")
    assert not (bench.pair.folder / "early").exists()
    bench.pair.sync(1)
    bench.pair.sync(2)
    with bench.window(2) as window:
        assert where in window.get("/out")
        assert window.post(f"{where}/sign") == 409, "the second looks too"
        assert "Sign these bytes" in window.get(where)
        assert window.post(f"{where}/sign") == 303
        for path in ("", "  ", "no/such/folder/x", str(bench.pair.second / "x")):
            assert window.post(f"{where}/leave", path=path) == 409, path
        assert window.post(f"{where}/leave", path="out.txt") == 303
        out = bench.pair.folder / "out.txt"
        assert "[person]" in out.read_text()
        assert "Иса" not in out.read_text()
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert "exported" in window.get("/")
        assert window.post(f"{where}/leave", path="out.txt") == 409, "nothing is overwritten"
        assert window.post(f"{where}/receipt") == 303
    ledgers = b"".join(path.read_bytes() for path in bench.pair.second.glob("ledgers/*"))
    digest = where.removeprefix("/out/").encode()
    assert ledgers.count(b" transfer hash=sha256:" + digest) == 1
    assert ledgers.count(b" export hash=sha256:" + digest) == 1


def test_what_changed_since_is_another_file_and_is_not_signed(bench: Bench) -> None:
    ready(bench)
    with bench.window() as window:
        where = built(bench, window)[2]
        window.get(where)
        sitting = window.desk.sitting
        assert sitting is not None
        case = sitting.case
        envelope = case.entry(bench.item).opening.envelope
        gates.redact(case, bench.item, Redaction(envelope, 2, (), (), case.by))
        check_list(case, bench.item)
        assert window.post(f"{where}/sign") == 409
        status, page, _ = window.ask("GET", where)
        assert status == 409
        assert "builds another file" in page
    assert not list(bench.pair.first.glob("outputs/*/signed-*"))


@pytest.mark.parametrize("digest", ["x", "00" * 31, "AB" * 32, "00" * 32])
def test_only_a_hash_that_waits_has_a_page(bench: Bench, digest: str) -> None:
    with bench.window() as window:
        assert window.ask("GET", f"/out/{digest}")[0] == 409
        assert window.post(f"/out/{digest}/sign") == 409


def planned(bench: Bench, window: Window) -> str:
    """A package of the item for a UN procedure, built from a plan: JSON, PDF, text. Gives its address."""
    plan = (
        f'form = "special-procedures"\npurpose = "investigators"\nitems = ["{bench.item}"]\n'
        'recipient = "to.un_procedure"\nrecipient_name = "A rapporteur"\ntitle = "A title"\n'
        'agreement = "signed"\nurgency = "none"\n'
    )
    status, page, headers = window.ask("POST", "/out", {**NEEDED, "items": "", "plan": plan})
    assert status == 303, page
    return headers["Location"]


def see_all(window: Window, where: str) -> str:
    """Look at each part of an output; gives the last page."""
    page = window.get(where)
    for number in range(2, int(page.split("Part 1 of ")[1].split("<")[0]) + 1):
        page = window.get(f"{where}?view={number}")
    return page


def test_a_package_is_seen_part_by_part_and_signed_only_after_its_last(bench: Bench) -> None:
    with bench.case() as case:
        settled = 'organisation = "Example Archive"\ncontact = "post@example.org"\n'
        gates.config(case, Settled.parse(settled))
    ready(bench)
    with bench.window() as window:
        where = planned(bench, window)
        page = window.get(where)
        whole = int(page.split("Part 1 of ")[1].split("<")[0])
        assert "special-procedures.pdf</bdi>" in page
        paper = [int(at) for at in re.findall(r'\?view=(\d+)#content"><bdi>[a-z-]+.pdf', page)]
        page = window.get(f"{where}?view={paper[0]}")
        assert f'<img src="{where}/picture/{paper[0]}" alt="Picture of page 1 of ' in page
        assert "A rapporteur" in page
        assert "25 50 44 46" not in page, "no hexadecimal where there are pages"
        for number in range(2, whole + 1):
            assert "Sign these bytes" not in page
            assert window.post(f"{where}/sign") == 409, "nobody signs what they have not seen"
            page = window.get(f"{where}?view={number}")
        assert "Sign these bytes" in page
        assert window.bytes(f"{where}/picture/1")[0] == 409, "a list is no picture"
        status, picture, headers = window.bytes(f"{where}/picture/{paper[0]}")
        assert (status, headers["Content-Type"]) == (200, "image/png")
        assert headers["Cache-Control"] == "no-store"
        assert picture.startswith(b"\x89PNG")
        for number in ("0", str(whole + 1), "x", "01"):
            assert window.bytes(f"{where}/picture/{number}")[0] == 409
            assert window.ask("GET", f"{where}?view={number}")[0] == 409
        assert window.post(f"{where}/sign") == 303
        digest = bytes.fromhex(where.removeprefix("/out/"))
        sitting = window.desk.sitting
        assert sitting is not None
        screen = sitting.looks.shown(digest)
        assert screen is not None
        assert sha256(screen.content).digest() == digest, "what was seen is what is signed"
        # Another output is on the screen, the case is read again, or the desk is locked: no picture.
        sitting.read_again()
        there = f"{where}/picture/{paper[0]}"
        assert window.bytes(there)[0] == 409
        window.get(f"{where}?view=2")
        assert window.bytes(there)[0] == 200
        window.get(built(bench, window)[2])
        assert window.bytes(there)[0] == 409
        window.get(where)
        window.desk.lock()
        assert window.bytes(there)[0] == 423


def test_a_proof_says_what_it_gives_away_and_for_everybody_wants_a_second_yes(bench: Bench) -> None:
    ready(bench)
    keep_policy(bench.pair.first, POLICY)
    with bench.window() as window:
        form = {**NEEDED, "items": bench.item, "form": "proof", "purpose": "investigators"}
        status, _, headers = window.ask("POST", "/out", form)
        assert status == 303
        page = window.get(headers["Location"])
        assert "What it gives away" in page
        assert "It cannot be called back" in page
        assert "Иса" not in page
        assert window.post(f"{headers['Location']}/sign") == 303
        window.post("/language", tag="ru", back="/")
        assert "Её нельзя отозвать" in window.get(headers["Location"])
        form["purpose"] = "publish"
        status, page, _ = window.ask("POST", "/out", form)
        assert (status, "навсегда показывает всем собственные слова" in page) == (409, True)
        assert "checked" not in page
        status, _, _ = window.ask("POST", "/out", {**form, "verbatim": "yes"})
        assert status == 303
        status, page, _ = window.ask("POST", "/out", {**form, "items": "", "verbatim": "yes"})
        assert (status, "checked" in page) == (409, True)


def test_a_courts_package_is_planned_signed_and_handed_over_with_its_originals_apart(
    bench: Bench,
) -> None:
    keep_policy(bench.pair.first, POLICY)
    with bench.case() as case:
        gates.config(case, Settled.parse('organisation = "We"\ncontact = "post@example.org"\n'))
        record_import(case, 18, bytes(32), 0, [case.entry(bench.item).digest])
    ready(bench)
    court = HybridIdentity.from_seed(bytes(range(32)))
    text = (
        f'form = "court"\npurpose = "courts"\nitems = ["{bench.item}"]\nkey = "{court.recipient}"\n'
        'recipient = "to.international_court"\nrecipient_name = "A court"\ntitle = "A title"\n'
    )
    with bench.window() as window:
        form = {**NEEDED, "items": "", "plan": text.replace("age1pq1", "age1")}
        status, page, _ = window.ask("POST", "/out", form)
        assert (status, "not one to which originals are sealed" in page) == (409, True)
        status, _, headers = window.ask("POST", "/out", {**form, "plan": text})
        assert status == 303
        where = headers["Location"]
        assert "README.txt</bdi>" in window.get(where)
        see_all(window, where)
        assert window.post(f"{where}/sign") == 303
        assert window.post(f"{where}/leave", path="court.zip") == 409, "one alone seals nothing"
    assert not list(bench.pair.folder.glob("court*"))
    bench.pair.sync(1)
    bench.pair.sync(2)
    keep_policy(bench.pair.second, POLICY)
    with bench.window(2) as window:
        page = see_all(window, where)
        assert "originals.zip" not in page
        assert window.post(f"{where}/sign") == 303
        assert "NAME-originals.zip" in window.get(where)
        (bench.pair.folder / "court-originals.zip").touch()
        assert window.post(f"{where}/leave", path="court.zip") == 409
        assert not (bench.pair.folder / "court.zip").exists(), "both, or neither"
        (bench.pair.folder / "court-originals.zip").unlink()
        assert window.post(f"{where}/leave", path="court.zip") == 303
    (sealed,) = read_archive((bench.pair.folder / "court-originals.zip").read_bytes()).values()
    assert "Иса" in decrypt_bytes(sealed, [court]).decode()
    assert "Иса".encode() not in (bench.pair.folder / "court.zip").read_bytes()


def test_the_count_of_what_nobody_looked_at_stands_beside_what_is_signed(bench: Bench) -> None:
    ready(bench)
    with bench.window() as window:
        where = built(bench, window)[2]
        page = window.get(where)
        counted = re.search(r"(\d+) different ones, of them (\d+) not looked at", page)
        assert counted is not None
        left, unseen = map(int, counted.groups())
        assert left == unseen > 2
        assert window.desk.sitting is not None
        case = window.desk.sitting.case
        at = STORY.index("Ачхой")
        seen = Seen(case.entry(bench.item).opening.envelope, (("narrative", at, at + 13),))
        gates.leave(case, bench.item, seen)
        assert f"{left} different ones, of them {left - 1} not looked at" in window.get(where)


def test_what_was_given_away_before_is_shown_above_the_button_that_signs(bench: Bench) -> None:
    ready(bench)
    with bench.window() as window:
        where = built(bench, window)[2]
        assert "gave away already" not in window.get(where)
        assert window.post(f"{where}/sign") == 303
        assert "gave away already" not in window.get(where), "not of the file itself"
        form = {**NEEDED, "items": bench.item, "form": "json", "purpose": "investigators"}
        page = window.get(window.ask("POST", "/out", form)[2]["Location"])
        assert page.index("gave away already") < page.index("Sign these bytes")
        assert f'<a href="{where}">plain text</a>' in page
        assert "redacted version 1 of r1" in page
        window.post("/language", tag="ru", back="/")
        page = window.get(window.ask("POST", "/out", form)[2]["Location"])
        assert "Что уже выдали прежние файлы" in page
        assert f'<a href="{where}">простой текст</a>' in page
