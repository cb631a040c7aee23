from pathlib import Path

import pytest

from intake.age import dearmor, decrypt_bytes
from intake.author import Holder
from intake.cli import run
from intake.codename import Codename
from intake.container import Container, Kind, Level, Mode
from intake.epoch import Epoch
from intake.opening import LetterHead
from intake.seal import check_container, reply_of
from tests.panel import Panel, make_panel


@pytest.fixture
def folder(tmp_path: Path, panel: Panel) -> Path:
    (tmp_path / "roster.note").write_bytes(panel.note)
    (tmp_path / "roots").write_bytes(panel.roster.roots.to_bytes())
    (tmp_path / "text.txt").write_text("Ӏумар сказал\nнет")
    return tmp_path


def seal(folder: Path, *words: str, source: str = "text.txt", vouched: bool = True) -> int:
    roots = ["--roots", str(folder / "roots")] if vouched else []
    paths = [str(folder / source), str(folder / "letter")]
    return run(["seal", *paths, "--roster", str(folder / "roster.note"), *roots, *words])


def opened(folder: Path, panel: Panel) -> Container:
    head, marker, rest = (folder / "letter").read_bytes().partition(b"-----BEGIN")
    letter = LetterHead.parse(head)
    sealed = dearmor(marker + rest)
    container = Container.parse(decrypt_bytes(sealed, panel.identities[1:2]))
    check_container(container, letter.opening)
    return container


def test_a_text_becomes_a_letter_that_reviewers_open(folder: Path, panel: Panel) -> None:
    assert seal(folder, "--consent", "stats", "--consent", "courts", "--lang", "ru") == 0
    container = opened(folder, panel)
    assert container.mode is Mode.TOOL
    assert container.answers == {"narrative": "Ӏумар сказал\nнет"}
    agreed = {row.level for row in container.consent if row.agreed}
    assert agreed == {Level.STATS, Level.COURTS}
    assert (folder / "letter").stat().st_mode & 0o777 == 0o600


def test_a_filled_in_form_is_sealed_with_all_its_answers(folder: Path, panel: Panel) -> None:
    (folder / "form.toml").write_text(
        'relation = "r.witness"\naware = "yes"\nnarrative = """\nодно\nдва"""\n'
        'where_text = "там"\nwhen_text = ""\nconsent = ["publish"]\n'
    )
    assert seal(folder, source="form.toml") == 0
    container = opened(folder, panel)
    assert container.answers == {
        "relation": "r.witness",
        "aware": "yes",
        "narrative": "одно\nдва",
        "where_text": "там",
    }
    assert [row.level for row in container.consent if row.agreed] == [Level.PUBLISH]


def test_the_container_alone_is_what_the_letter_seals(folder: Path, panel: Panel) -> None:
    assert seal(folder, "--container-only") == 0
    plain = Container.parse((folder / "letter").read_bytes())
    (folder / "letter").unlink()
    assert seal(folder) == 0
    sealed = opened(folder, panel)
    assert plain.fields == sealed.fields
    assert (plain.mode, plain.form, plain.roster) == (sealed.mode, sealed.form, sealed.roster)


def test_a_code_is_printed_once_and_is_that_of_the_letter(
    folder: Path, panel: Panel, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever types it on the site's page withdraws this letter, and reads replies to it."""
    assert seal(folder, "--code", "--consent", "message") == 0
    holder = Holder.of(Codename.parse(capsys.readouterr().out), panel.roster.deployment)
    container = opened(folder, panel)
    assert container.reply == reply_of(holder)
    commits = {author.withdraw_commit for author in holder.authors(Epoch.now())}
    assert container.withdraw in commits


def test_without_a_code_nobody_is_told_where_to_reply(
    folder: Path, panel: Panel, capsys: pytest.CaptureFixture[str]
) -> None:
    assert seal(folder) == 0
    assert opened(folder, panel).reply is None
    assert capsys.readouterr().out == ""


def test_messages_that_nobody_could_read_are_not_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert seal(folder, "--consent", "message") == 1
    assert "read with a code" in capsys.readouterr().err
    assert not (folder / "letter").exists()


@pytest.mark.parametrize("other", ["--container-only", "--decoy"])
def test_a_code_is_of_a_letter_with_words(folder: Path, other: str) -> None:
    assert seal(folder, "--code", other) == 2


def test_the_fingerprint_vouches_for_a_roster(folder: Path, panel: Panel) -> None:
    digits = panel.roster.roots.fingerprint
    assert seal(folder, "--fingerprint", digits, vouched=False) == 0
    assert opened(folder, panel).epoch == Epoch.now()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "nothing vouches for this roster"),
        (("--fingerprint", "11111 " * 6), "another fingerprint"),
    ],
)
def test_a_roster_that_nothing_vouches_for_is_not_used(
    folder: Path, panel: Panel, capsys: pytest.CaptureFixture[str], words: tuple[str], says: str
) -> None:
    assert seal(folder, *words, vouched=False) == 1
    assert says in capsys.readouterr().err
    assert not (folder / "letter").exists()


def test_a_roster_of_other_roots_is_not_used(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_panel(first=5)
    altered = other.note.replace(b"version 1\n", b"version 3\nprevious sha256:" + b"0" * 64 + b"\n")
    (folder / "roster.note").write_bytes(altered)
    assert seal(folder) == 1
    assert "intake: error:" in capsys.readouterr().err
    assert not (folder / "letter").exists()


BAD: list[tuple[str, bytes, str]] = [
    ("text.txt", b"", "there is nothing to seal"),
    ("text.txt", b" \n\t\n", "there is nothing to seal"),
    ("text.txt", "\u0436".encode() * 20_003, "too long, by characters: 3"),
    ("text.txt", b"SECRET\x00WORDS", "not writing"),
    ("text.txt", b"SECRET\xff\xfe", "not text in UTF-8"),
    ("text.txt", b"SECRET \xed\xa0\x80", "not text in UTF-8"),
    ("form.toml", b"narrative = 'SECRET", "not a filled-in form"),
    ("form.toml", b"narrative = 'SECRET'\nname = 'x'", "does not ask for"),
    ("form.toml", b"narrative = 1", "does not ask for"),
    ("form.toml", b"narrative = " + b"1" * 5000, "not a filled-in form"),
    ("form.toml", b"narrative = " + b"[" * 50_000, "not a filled-in form"),
    ("form.toml", b"narrative = 'SECRET'\nconsent = 'all'", "consent is a list"),
    ("form.toml", b"narrative = 'SECRET'\nconsent = ['government']", "consent is a list"),
    ("form.toml", b"narrative = 'SECRET'\nconsent = ['message']", "read with a code"),
    ("form.toml", b"narrative = 'SECRET'\nrelation = 'me'", "relation is not one of"),
    ("text.txt", b"SECRET: " + b"abacus " * 8, "there is a code in narrative"),
    (
        "form.toml",
        b"narrative = 'SECRET'\nwho_text = '" + b"zoom " * 8 + b"'",
        "there is a code in who_text",
    ),
]


@pytest.mark.parametrize(("name", "content", "says"), BAD, ids=[f"{i}" for i in range(len(BAD))])
def test_what_cannot_be_sealed_is_said_without_a_word_of_it(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, says: str
) -> None:
    (folder / name).write_bytes(content)
    assert seal(folder, source=name) == 1
    printed = capsys.readouterr()
    assert says in printed.err
    assert "SECRET" not in printed.err + printed.out
    assert not (folder / "letter").exists()


def test_nothing_is_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "letter").write_text("something else")
    assert seal(folder) == 1
    assert "exists already" in capsys.readouterr().err
    assert (folder / "letter").read_text() == "something else"


def test_wrong_words_end_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["seal", str(folder / "text.txt")]) == 2
    assert seal(folder, "--consent", "everything") == 2
    assert "intake: error:" in capsys.readouterr().err


def test_a_missing_file_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert seal(folder, source="nothing.txt") == 1
    assert "intake: error:" in capsys.readouterr().err


def test_a_form_is_a_form_however_its_name_is_spelled_and_a_mark_of_encoding_is_no_text(
    folder: Path, panel: Panel
) -> None:
    (folder / "FORM.TOML").write_bytes(b"\xef\xbb\xbfnarrative = 'a'\nrelation = 'r.self'")
    assert seal(folder, source="FORM.TOML") == 0
    assert opened(folder, panel).answers == {"relation": "r.self", "narrative": "a"}
    (folder / "letter").unlink()
    (folder / "text.txt").write_bytes("\ufeffтекст".encode())
    assert seal(folder) == 0
    assert opened(folder, panel).answers == {"narrative": "текст"}


def test_wording_that_was_never_shown_cannot_be_claimed(folder: Path) -> None:
    assert seal(folder, "--lang", "zz") == 2


def test_a_decoy_is_a_letter_of_the_same_length_that_says_nothing(
    folder: Path, panel: Panel
) -> None:
    assert seal(folder) == 0
    length = (folder / "letter").stat().st_size
    (folder / "letter").unlink()
    words = ["--roster", str(folder / "roster.note"), "--roots", str(folder / "roots")]
    assert run(["seal", "--decoy", *words, str(folder / "letter")]) == 0
    assert (folder / "letter").stat().st_size == length
    box = opened(folder, panel)
    assert (box.kind, box.fields, box.consent) == (Kind.DECOY, (), ())
    assert run(["seal", "--decoy", *words, str(folder / "letter")]) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--decoy", "IN", "OUT"], "a decoy takes OUT alone"),
        (["--decoy", "--consent", "stats", "OUT"], "a decoy agrees to nothing"),
        (["OUT"], "name IN and OUT"),
        (["IN", "IN", "OUT"], "name IN and OUT"),
        ([], "OUT"),
    ],
)
def test_too_many_and_too_few_files_are_a_wrong_command(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    given = [
        str(folder / {"IN": "text.txt", "OUT": "letter"}.get(w, w)) if w.isupper() else w
        for w in words
    ]
    roster = ["--roster", str(folder / "roster.note"), "--roots", str(folder / "roots")]
    assert run(["seal", *roster, *given]) == 2
    assert says in capsys.readouterr().err
    assert not (folder / "letter").exists()
