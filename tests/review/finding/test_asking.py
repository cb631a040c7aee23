"""Questions by line: what is answered, and that a bad line is named and says no word of a text."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from intake.cli import run
from intake.errors import MalformedError
from intake.review.find_cli import find_spans
from intake.review.finding.asking import Question
from intake.review.finding.span import Label

TEXT = "\U0001f600 Зара живёт в Аргуне, дом 5."


def ask(*lines: bytes | dict[str, object]) -> Result:
    given = b"\n".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines
    )
    return CliRunner().invoke(find_spans, ["--json", "-"], input=given)


def test_each_line_is_answered_in_order_with_places_in_code_points() -> None:
    result = ask({"id": "a", "text": TEXT}, {"id": "ё\ud800", "text": "", "language": "ce"})
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["a", "ё\ud800"]
    assert rows[1]["spans"] == []
    spans = rows[0]["spans"]
    assert [list(span) for span in spans] == [
        ["start", "end", "label", "kind", "reason", "confidence"]
    ] * len(spans)
    found = {TEXT[s["start"] : s["end"]]: (s["label"], s["kind"]) for s in spans}
    assert found["Зара"] == ("PERSON", "proposal")
    assert found["Аргуне"] == ("LOC", "proposal")
    assert {span["label"] for span in spans} <= set(Label)
    assert result.stdout.isascii()


def test_what_is_left_is_told_apart_and_overlaps_no_proposal() -> None:
    result = ask({"id": "a", "text": "Он ушёл. Зара ждала."})
    spans = json.loads(result.stdout)["spans"]
    assert {(s["start"], s["end"]): s["kind"] for s in spans} == {
        (0, 2): "sweep",
        (9, 13): "proposal",
    }


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b'{"id": "1"}',
        b'{"id": 1, "text": "Zara"}',
        b'{"id": "1", "text": null}',
        b'{"id": "1", "text": "Zara", "language": "fr"}',
        b'{"id": "1", "text": "Zara", "language": ""}x',
        b'{"id": "1", "text": "Zara", "more": 1}',
        b'{"id": "1", "text": "Zara", "text": "Zara"}',
        b"[" * 100_000,
        b'{"id": "1", "text": ' + b"9" * 10_000 + b"}",
    ],
)
def test_a_line_that_is_no_question_ends_it_and_names_the_line(line: bytes) -> None:
    with pytest.raises(MalformedError):
        Question.parse(line)
    result = ask({"id": "a", "text": "x"}, line, {"id": "b", "text": "x"})
    assert isinstance(result.exception, MalformedError)
    assert result.exception.phrase.startswith("line 2: ")
    assert "Zara" not in f"{result.exception.phrase} {result.exception.hint}"
    assert len(result.stdout.splitlines()) == 1


def test_a_file_is_listed_with_its_words(tmp_path: Path) -> None:
    file = tmp_path / "t.txt"
    file.write_text("Он ушёл.\u202e Зара ждала.", encoding="utf-8")
    result = CliRunner().invoke(find_spans, ["--text", str(file), "--language", "ru"])
    rows = result.stdout.splitlines()
    assert rows[0].startswith("0:2 MISC sweep ")
    assert rows[1].startswith("10:14 PERSON proposal ")
    assert rows[1].endswith("# Зара")
    file.write_bytes(b"\xff")
    result = CliRunner().invoke(find_spans, ["--text", str(file)])
    assert isinstance(result.exception, MalformedError)


@pytest.mark.parametrize("wrong", [[], ["3c54"], ["3c54", "--json", "-"]])
def test_one_thing_is_looked_through_and_an_item_is_in_a_case(wrong: list[str]) -> None:
    assert CliRunner().invoke(find_spans, wrong).exit_code == 2


def test_the_command_is_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["review", "find", "--help"]) == 0
    assert "MISSES" in capsys.readouterr().out
