"""The reviewers' commands as a person types them: what they print, and their exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from intake.age import armor, encrypt_bytes
from intake.cli import run
from intake.opening import LetterHead
from tests.panel import Panel, make_panel
from tests.review.bad_items import (
    flipped,
    not_a_container,
    of_a_newer_version,
    one_stanza_more,
    other_root,
)
from tests.review.conftest import Desk
from tests.review.test_showing import harmless
from tests.review.workroom import MARKER, NOW, Sealed, container, seal_container, sealed_item

STORY = f"{MARKER}, тел. +7 928 123-45-67.\nmusxabov: МУСХАБОВ \u202e"

Take = Callable[[Sealed], str]
ONE = "the log has 18 entries, and all seven checks hold\n1 objects - 0 decoys = 1 items"


def test_the_whole_way_from_a_bundle_to_an_export(desk: Desk, panel: Panel) -> None:
    good, bad = sealed_item(panel.roster, STORY), flipped(panel)
    bundle = desk.bundle(good, bad)
    code, out, err = desk("import", bundle, "--roots", desk.roots)
    item, lost = (sha256(sealed).hexdigest()[:12] for _, sealed in (good, bad))
    assert code == 1
    lines = out.splitlines()
    assert f"{item}  new" in lines
    assert any(line.startswith(f"{lost}  unreadable: ") for line in lines)
    assert lines[-1] in {"1 new, 1 unreadable", "1 unreadable, 1 new"}
    assert err.startswith("intake: error: 1 of 2 could not be opened or were refused\n")
    assert MARKER not in out + err

    code, out, _ = desk("import", bundle)
    assert (code, f"{item}  duplicate" in out) == (1, True), "it is still an alarm"

    code, out, _ = desk("list")
    rows = {row.split()[0]: row.split() for row in out.splitlines()}
    assert rows[item][1:] == [str(NOW), "testimony", "server", "ru", str(len(STORY)), "SPIC", "new"]
    assert rows[lost][1:8] == [str(NOW), "-", "-", "-", "-", "-", "sealed"]
    assert MARKER not in out

    code, out, _ = desk("show", item[:8], "--offsets")
    assert code == 0
    assert f"      0 | {MARKER}, тел. +7 928 123-45-67." in out
    assert "\u202e" not in out
    assert "⟨U+202E⟩" in out

    code, _, err = desk("show", item, "--redacted")
    assert (code, "no redacted version" in err) == (1, True)

    code, out, _ = desk("redact", item, "--list")
    assert (code, out) == (0, "narrative:37:53=contact  # +7 928 123-45-67\n")

    code, out, _ = desk("find", item)
    proposed = {row.partition("  # ")[0] for row in out.splitlines()}
    assert code == 0
    assert {"narrative:0:13=person", "narrative:37:53=contact"} <= proposed
    assert "\u202e" not in out

    code, out, _ = desk("redact", item, "--rules", "--span", "narrative:0:13=person")
    assert (code, out) == (0, f"item {item}, redacted version 1: contact 1, person 1\n")

    target = desk.folder / "out.txt"
    code, _, err = desk("export", item, str(target), "--for", "publish")
    assert code == 1
    assert "still stands at narrative:65:73\n" in err
    assert "МУСХАБОВ" not in err
    assert not target.exists()

    code, out, _ = desk("redact", item, "--everywhere")
    assert (code, out) == (0, f"item {item}, redacted version 2: contact 1, person 2\n")
    code, out, _ = desk("export", item, str(target), "--for", "publish")
    text = target.read_text()
    assert (code, out) == (
        0,
        f"item {item}, redacted version 2, for publish: {target.stat().st_size} bytes\n",
    )
    assert "    [person] из Ачхой-Мартана, тел. [contact].\n" in text
    assert "    musxabov: [person] ⟨U+202E⟩\n" in text

    code, _, err = desk("export", item, str(target), "--for", "publish")
    assert (code, "exists already" in err, target.read_text()) == (1, True, text)
    out_json = desk.folder / "out.json"
    assert desk("export", item, str(out_json), "--for", "stats", "--format", "json")[0] == 0
    assert json.loads(out_json.read_text())["codes"] == {"relation": None, "aware": None}

    code, out, _ = desk("show", item, "--redacted")
    assert (code, MARKER in out, "redacted version 2 by r1" in out) == (0, False, True)
    code, out, _ = desk("list")
    assert f"{item}" in out
    assert "exported 2" in out


def test_a_new_case_needs_someone_to_trust(desk: Desk, panel: Panel) -> None:
    bundle = desk.bundle(sealed_item(panel.roster))
    digits = panel.roster.roots.fingerprint
    for arguments in ((), ("--roots", desk.roots, "--fingerprint", digits)):
        code, _, err = desk("import", bundle, *arguments)
        assert (code, "either --roots or --fingerprint" in err) == (2, True)
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    code, _, err = desk("import", bundle, "--fingerprint", wrong)
    assert (code, "no roster in the bundle" in err) == (1, True)
    assert desk("import", bundle, "--fingerprint", digits)[0] == 0
    code, _, err = desk("import", bundle, "--fingerprint", wrong)
    assert (code, "other root keys" in err) == (1, True)
    assert desk("import", bundle, "--roots", desk.roots)[0] == 0


def test_a_redaction_takes_a_plan_and_can_start_anew(desk: Desk, panel: Panel, taken: Take) -> None:
    item = taken(sealed_item(panel.roster, "Zaur and Ali", who_text="them"))
    plan = desk.folder / "plan"
    plan.write_text("narrative:0:4=person  # him\nwithhold who_text\n")
    code, out, _ = desk("redact", item, "--plan", str(plan))
    assert (code, out.splitlines()) == (
        0,
        [f"item {item}, redacted version 1: person 1", "withheld: who_text"],
    )
    code, _, err = desk("redact", item, "--span", "narrative:1:6=place")
    assert (code, "narrative:0:4=person and narrative:1:6=place overlap" in err) == (1, True)
    code, out, err = desk("redact", item, "--anew", "--span", "narrative:1:6=place")
    assert (code, out) == (0, f"item {item}, redacted version 2: place 1\n")
    assert err == "note: narrative:1:6=place cuts a word\n"


WRONG = [
    (("show",), 2, "missing argument"),
    (("show", "0123"), 1, "no such item"),
    (("redact", "ITEM"), 2, "say what to take out"),
    (("redact", "ITEM", "--span", "narrative:3:3=person"), 2, "does not end after it starts"),
    (("redact", "ITEM", "--span", "narrative:0:1=name"), 2, "the reasons are: person family"),
    (("redact", "ITEM", "--span", "0:1"), 2, "FIELD:START:END=REASON"),
    (("redact", "ITEM", "--span", "narrative:0:999=person"), 1, "ends after the field"),
    (("redact", "ITEM", "--withhold", "nothing"), 1, "no field 'nothing'"),
    (("redact", "ITEM", "--plan", "/nonexistent"), 1, "no such file"),
    (("export", "ITEM", "OUT"), 2, "--for"),
    (("export", "ITEM", "OUT", "--for", "sale"), 2, "invalid value"),
    (("export", "ITEM", "OUT", "--for", "stats"), 2, "--format json"),
    (("export", "ITEM", "OUT", "--for", "publish"), 1, "no redacted version"),
    (("export", "ITEM", "OUT/x", "--for", "publish"), 1, "no redacted version"),
    (("import", "/nonexistent"), 1, "no such file"),
    (("import", "OUT.bundle"), 1, "file ends inside its header"),
    (("list", "more"), 2, "unexpected extra argument"),
]


def test_wrong_arguments_are_one_phrase_and_change_nothing(
    desk: Desk, panel: Panel, taken: Take
) -> None:
    item = taken(sealed_item(panel.roster))
    (desk.folder / "OUT.bundle").write_bytes(b"hello\n")
    desk.reveal()
    desk = replace(desk, worked=False)
    before = {p: p.read_bytes() for p in desk.folder.rglob("*") if p.is_file()}
    for arguments, expected, phrase in WRONG:
        filled = [
            a.replace("ITEM", item).replace("OUT", str(desk.folder / "OUT")) for a in arguments
        ]
        code, out, err = desk(*filled)
        assert (code, phrase in err, out) == (expected, True, ""), (arguments, err)
        assert err.startswith("intake: error: ")
        assert MARKER not in err
    after = {p: p.read_bytes() for p in desk.folder.rglob("*") if p.is_file()}
    (ledger,) = (path for path in before if path.suffix == ".ledger")
    kept = before.pop(ledger)
    added = after.pop(ledger).removeprefix(kept).splitlines()[::3]
    assert all(b" consent " in act and act.endswith(b"subject=refused") for act in added), added
    assert after == before


def test_consent_is_enforced_where_it_is_typed(desk: Desk, panel: Panel, taken: Take) -> None:
    box = container(("relation", "r.told"), ("narrative", "x"), roster=panel.roster)
    item = taken(seal_container(box, panel.roster))
    assert desk("redact", item, "--rules")[0] == 0
    target = str(desk.folder / "out")
    code, _, err = desk("export", item, target, "--for", "publish")
    assert (code, "only be counted" in err, "lawyer" in err) == (1, True, True)
    assert desk("export", item, target, "--for", "stats", "--format", "json")[0] == 0


def test_an_alarm_names_the_hidden_reader(desk: Desk, panel: Panel) -> None:
    code, out, _ = desk("import", desk.bundle(one_stanza_more(panel)), "--roots", desk.roots)
    assert code == 1
    assert "check 7, readers: " in out
    assert "the sealed object has 4 stanzas and the roster 3 reviewers" in out
    assert not (desk.folder / "case").exists(), "nothing was opened, and no case is made"


def test_a_damaged_record_hides_no_other_item(desk: Desk, panel: Panel) -> None:
    items = sealed_item(panel.roster), sealed_item(panel.roster)
    assert desk("import", desk.bundle(*items), "--roots", desk.roots)[0] == 0
    first, second = sorted((desk.folder / "case" / "items").iterdir())
    (first / "entry.age").write_bytes(b"x")
    code, out, _ = desk("list")
    rows = [row.split() for row in out.splitlines()[1:]]
    assert code == 0
    assert [rows[0][0], rows[0][7]] == [first.name, "damaged"]
    assert [rows[1][0], rows[1][-1]] == [second.name, "new"]


def test_a_damaged_folder_is_mended_and_said_to_be(desk: Desk, panel: Panel) -> None:
    bundle = desk.bundle(sealed_item(panel.roster))
    item = desk("import", bundle, "--roots", desk.roots)[1].split()[0]
    original = desk.folder / "case" / "items" / item / "original.age"
    original.unlink()
    code, _, err = desk("show", item)
    assert (code, f"original.age of item {item} is missing" in err) == (1, True)
    code, out, err = desk("import", bundle)
    assert (code, out) == (1, f"{item}  mended: its original is missing\n{ONE}\n1 mended\n")
    assert err.startswith("intake: error: 1 of 1 had been damaged in this folder\n")
    assert desk("import", bundle)[:2] == (0, f"{item}  duplicate\n{ONE}\n1 duplicate\n")
    assert desk("show", item)[0] == 0


def test_a_refused_item_can_be_looked_at_and_no_more(desk: Desk, panel: Panel) -> None:
    bad, good = other_root(panel), sealed_item(panel.roster)
    assert desk("import", desk.bundle(bad, good), "--roots", desk.roots)[0] == 1
    item, other = (sha256(sealed).hexdigest()[:12] for _, sealed in (bad, good))
    code, out, err = desk("show", item)
    assert (code, MARKER in out, "show --kept" in err) == (1, False, True)
    code, out, _ = desk("show", item, "--kept", "--offsets")
    first, second, *rest = out.splitlines()
    assert code == 0
    assert first.startswith(f"item {item}, REFUSED: does not fit its opening: ")
    assert second.startswith("DO NOT RELY ON IT")
    assert f"      0 | {MARKER}" in rest
    for command in (
        ("redact", item, "--rules"),
        ("export", item, str(desk.folder / "out"), "--for", "publish"),
    ):
        code, out, err = desk(*command)
        assert (code, out, "is kept sealed" in err) == (1, "", True)
    assert not (desk.folder / "out").exists()
    code, out, err = desk("show", other, "--kept")
    assert (code, out, "was not refused" in err) == (1, "", True)
    assert desk("show", item, "--kept", "--redacted")[0] == 2


@pytest.mark.parametrize("make", [flipped, of_a_newer_version, not_a_container])
def test_a_refused_item_that_cannot_be_parsed_shows_nothing(
    desk: Desk, panel: Panel, make: Callable[[Panel], Sealed]
) -> None:
    code, out, _ = desk("import", desk.bundle(make(panel)), "--roots", desk.roots)
    code, out, err = desk("show", out.split()[0], "--kept")
    assert (code, out) == (1, "")
    assert err.startswith("intake: error: ")


def test_what_is_no_bundle_is_said_with_what_to_do_and_leaves_no_folder(
    desk: Desk, panel: Panel
) -> None:
    path = desk.folder / "it"
    letter = LetterHead(bytes(16), sealed_item(panel.roster)[0]).to_bytes()
    bundle = Path(desk.bundle(sealed_item(panel.roster))).read_bytes()
    for content in (letter, armor(bundle[:4096]).encode(), b""):
        path.write_bytes(content)
        code, _, err = desk("import", str(path), "--roots", desk.roots)
        assert (code, "intake collect" in err, "not a bundle" in err) == (1, True, True)
        assert not (desk.folder / "case").exists()
    path.write_bytes(encrypt_bytes(b"x", [make_panel(1, first=8).identities[0].recipient]))
    code, _, err = desk("import", str(path), "--roots", desk.roots)
    assert (code, "--identity may be given twice" in err) == (1, True)
    assert not (desk.folder / "case").exists()


def test_a_plan_that_is_no_text_is_a_phrase(desk: Desk, panel: Panel, taken: Take) -> None:
    item = taken(sealed_item(panel.roster))
    plan = desk.folder / "plan"
    plan.write_bytes("narrative:0:4=person  # Заур\n".encode("cp1251"))
    code, _, err = desk("redact", item, "--plan", str(plan))
    assert (code, err.splitlines()[0]) == (1, "intake: error: the plan is not UTF-8 text")


def test_a_terminal_without_cyrillic_gets_every_letter_as_its_number(
    desk: Desk, panel: Panel, taken: Take
) -> None:
    item = taken(sealed_item(panel.roster, "Ӏалихан ⟨x⟩ é"))
    code = "import sys; from intake.cli import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "review", "show", item, *desk.common],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        check=False,
        capture_output=True,
    )
    shown = done.stdout.decode("latin-1")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "\\u04c0\\u0430\\u043b" in shown
    assert " é" in shown


def test_no_error_moves_the_cursor(desk: Desk) -> None:
    hostile = "\x1b[2J\u202egpj\nintake: hint: all is well"
    for arguments in (("show", hostile), (hostile,), ("redact", "x", "--span", hostile)):
        _, out, err = desk(*arguments)
        assert out == ""
        assert harmless(err.replace("\n", ""))
        assert "all is well" not in err.splitlines()
    code, _, err = desk("redact", "x", "--plan", hostile.replace("\n", ""))
    assert (code, "⟨U+001B⟩[2J⟨U+202E⟩gpj" in err) == (1, True)


def test_the_help_says_what_is_compared_and_what_is_not(desk: Desk) -> None:
    for command, words in (
        ("redact", ("Russian case endings", "NOT found", "diminutives", "Latin spellings")),
        ("export", ("redact --everywhere", "does not replace reading")),
        ("list", ("G government",)),
        ("import", ("mended", "show --kept")),
    ):
        code, out, _ = desk(command, "--help")
        text = " ".join(out.split())
        assert code == 0
        assert all(word in text for word in words), command


def test_the_identity_can_come_from_the_environment_and_must_open(
    desk: Desk, panel: Panel, keyring: Path, monkeypatch: pytest.MonkeyPatch, taken: Take
) -> None:
    taken(sealed_item(panel.roster))
    case = ("--case", str(desk.folder / "case"))
    word = ("--passphrase-file", str(keyring / "passphrase"))
    monkeypatch.setenv("INTAKE_IDENTITY", str(keyring / "r1.identity"))
    assert run(["review", "list", *case, *word]) == 0
    (desk.folder / "wrong").write_text("not the passphrase\n")
    assert run(["review", "list", *case, "--passphrase-file", str(desk.folder / "wrong")]) == 1
    assert "passphrase does not open" in desk.capsys.readouterr().err
    monkeypatch.delenv("INTAKE_IDENTITY")
    assert run(["review", "list", *case, *word]) == 2


def test_what_an_export_was_is_known_before_it_is_there(
    desk: Desk, panel: Panel, taken: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the record cannot be written, nothing leaves."""
    item = taken(sealed_item(panel.roster))
    assert desk("redact", item, "--rules")[0] == 0

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    target = desk.folder / "out"
    with monkeypatch.context() as patch:
        patch.setattr("intake.review.case.Case.add_export", full)
        assert desk("export", item, str(target), "--for", "publish")[0] == 1
    assert not target.exists()
