"""`intake seal`: seals a text, a filled-in form or a decoy without a browser, on one's own machine."""

import datetime as dt
import sys
import tomllib
from pathlib import Path
from typing import Any, cast

import click

from intake.age import armor
from intake.age.whole import written_whole
from intake.author import Author, Resend
from intake.codename import Codename
from intake.container import Level, Mode
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError
from intake.field import ChoiceField
from intake.form import MINIMAL
from intake.roots import RootSet, parse_fingerprint
from intake.roster import Roster, SignedRoster, check_not_forbidden, open_roster
from intake.seal import container_of, decoy_of, seal_container
from intake.testimony import AnswersError, Testimony

_LEVELS = [level.value for level, _ in MINIMAL.levels]
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(name="seal")
@click.argument("paths", metavar="[IN] OUT", nargs=-1, required=True, type=_FILE)
@click.option("--roster", type=_FILE, required=True, help="The site's roster: /roster.note there.")
@click.option("--fingerprint", help="30 digits of the root keys, from paper or a partner's site.")
@click.option("--roots", type=_FILE, help="A roots file got another way, instead of digits.")
@click.option("--consent", multiple=True, type=click.Choice(_LEVELS), help="Say yes to a use.")
@click.option(
    "--lang",
    type=click.Choice(["en", "ru"]),
    default="en",
    help="The language in which you read what the uses mean.",
)
@click.option(
    "--decoy", is_flag=True, help="Seal nothing: an empty letter, like any other outside."
)
@click.option("--code", is_flag=True, help="Make a code to come back with, and print it.")
@click.option("--container-only", is_flag=True, help="Write what would be encrypted, in the clear.")
def seal_command(  # noqa: PLR0913 - one parameter an option
    *,
    paths: tuple[Path, ...],
    roster: Path,
    fingerprint: str | None,
    roots: Path | None,
    consent: tuple[str, ...],
    lang: str,
    decoy: bool,
    code: bool,
    container_only: bool,
) -> None:
    """Seal the text in IN to a site's reviewers, and write a sealed letter to the new file OUT.

    IN is a text in UTF-8 (`-` for standard input), or a filled-in form whose name ends in .toml:

    \b
        relation = "r.witness"     # r.self r.witness r.told r.other_role r.na
        aware = "yes"              # yes no cannot
        narrative = '''...'''      # the only one that has to be there
        when_text = ""
        where_text = ""
        who_text = ""
        consent = ["stats"]        # stats publish investigators courts message; none by default

    Nothing of it leaves this machine. Paste OUT into the site's page /s, or choose it there as a
    file. The part from BEGIN AGE ENCRYPTED FILE on is an age file.

    The roster must be vouched for: --fingerprint or --roots.

    With --code a code of eight words is made and printed, once: with it the site's page /r shows
    messages, takes more, changes what is allowed, and withdraws. Nobody can make it again. A
    terminal may keep what it showed; whoever has the code can do the same. Without --code nobody
    can come back, and there is no use in --consent message.

    With --decoy there is no IN. Anybody may send decoys: nobody but the reviewers can tell one from
    a testimony, so whoever watches the site does not know how many testimonies came. The reviewers
    count them and see nothing else of them.
    """
    *sources, destination = paths
    if len(sources) != (0 if decoy else 1):
        raise click.UsageError("a decoy takes OUT alone" if decoy else "name IN and OUT")
    if decoy and (consent or code):
        raise click.UsageError("a decoy agrees to nothing, and nobody comes back to it")
    if code and container_only:
        raise click.UsageError("--code is of a letter: a container alone has no opening")
    checked = _trusted(roster.read_bytes(), fingerprint, roots)
    today = dt.datetime.now(dt.UTC).date()
    epoch = Epoch.of(today)
    codename = Codename.fresh()
    author = Author.fresh(epoch)
    if code:
        author = Resend.fresh(epoch, codename).author(checked.deployment)
    if decoy:
        container = decoy_of(checked, epoch=epoch, author=author)
    else:
        testimony = _read(sources[0], consent, lang)
        _check_message(testimony, code=code)
        container = container_of(
            testimony, checked, mode=Mode.TOOL, epoch=epoch, author=author, replies=code
        )
    if container_only:
        content = container.to_bytes()
    else:
        letter = seal_container(container, checked, today=today, author=author)
        content = letter.head.to_bytes() + armor(letter.sealed).encode()
    with written_whole(destination, replace=False) as file:
        file.write(content)
    if code:
        click.echo(" ".join(codename.words))


def _check_message(testimony: Testimony, *, code: bool) -> None:
    """Raise where somebody asks for messages that they could never read."""
    asked = any(row.level is Level.MESSAGE and row.agreed for row in testimony.consent)
    if asked and not code:
        raise MalformedError("messages are read with a code", "add --code, or leave that use out")


def _trusted(note: bytes, fingerprint: str | None, roots: Path | None) -> Roster:
    if roots is not None:
        trusted = RootSet.parse(roots.read_bytes())
    else:
        trusted = SignedRoster.parse(note).roster.roots
        if fingerprint is None:
            raise RosterError(
                "nothing vouches for this roster",
                f"its root keys have the fingerprint {trusted.fingerprint}: compare it with one"
                " from paper or a partner's site, then give it with --fingerprint",
            )
        if trusted.fingerprint != parse_fingerprint(fingerprint):
            raise RosterError("the roster's root keys have another fingerprint", "do not use it")
    today = dt.datetime.now(dt.UTC).date()
    signed = open_roster(note, trusted=trusted, today=today, deployment=None)
    check_not_forbidden(signed.roster)
    return signed.roster


def _read(source: Path, consent: tuple[str, ...], lang: str) -> Testimony:
    name = "standard input" if str(source) == "-" else source.name
    data = sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()
    try:
        text = data.decode("utf-8-sig")  # some editors begin a text with a mark of its encoding
    except UnicodeDecodeError:
        raise MalformedError(f"{name} is not text in UTF-8", "save it as UTF-8") from None
    answers, agreed = {"narrative": text}, set(consent)
    if source.suffix.lower() == ".toml":
        answers, agreed = _form(text, name)
        agreed |= set(consent)
    try:
        return Testimony.from_answers(lang, answers, agreed)
    except AnswersError as error:
        raise MalformedError(*_phrase(error)) from None


def _form(text: str, name: str) -> tuple[dict[str, str], set[str]]:
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError):
        # TOMLDecodeError is a ValueError, and so is a number of thousands of digits. The parser's
        # own message may quote what was written.
        raise MalformedError(f"{name} is not a filled-in form", "see intake seal --help") from None
    agreed = values.pop("consent", [])
    known = {field.name for field in MINIMAL.fields}
    if not set(values) <= known or not all(isinstance(v, str) for v in values.values()):
        raise MalformedError(
            f"{name} has answers that the form does not ask for", "see intake seal --help"
        )
    if not isinstance(agreed, list) or not all(
        level in _LEVELS for level in cast("list[object]", agreed)
    ):
        raise MalformedError("consent is a list of uses", f"any of {', '.join(_LEVELS)}")
    return values, set(cast("list[str]", agreed))


def _phrase(error: AnswersError) -> tuple[str, str]:
    """One phrase and a hint for the first problem; what was written stays where it is."""
    problem = error.problems[0]
    if problem.kind == "empty":
        return "there is nothing to seal", "write something; one sentence is enough"
    if problem.kind == "long":
        hint = "make it shorter, or send it in two parts"
        return f"{problem.field} is too long, by characters: {problem.amount}", hint
    if problem.kind == "odd":
        hint = "save it as plain text without control characters"
        return f"{problem.field} has characters that are not writing", hint
    if problem.kind == "code_in_text":
        return f"there is a code in {problem.field}", "take it out: whoever reads it could use it"
    choices = next(f.choices for f in MINIMAL.fields if isinstance(f, ChoiceField))
    field = next(f for f in MINIMAL.fields if f.name == problem.field)
    choices = field.choices if isinstance(field, ChoiceField) else choices
    return f"{problem.field} is not one of its choices", f"one of {', '.join(choices)}"
