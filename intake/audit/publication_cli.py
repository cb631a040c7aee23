"""`intake audit publication`: what anyone can check of a redacted testimony that was published."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from intake.age.whole import written_whole
from intake.audit.log_cli import asking, read_policy
from intake.audit.publication_check import check_publication, limits, shown, told
from intake.errors import MalformedError
from intake.publication import LIMIT, Publication
from intake.visible import line

if TYPE_CHECKING:
    from intake.audit.receipt import Checked

_FOUND: Final = 1
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE, required=False)
@click.option("--policy", type=_FILE, help="Logs, witnesses and quorum: C2SP tlog-policy.")
@click.option("--url", help="The site: see also whether its log has the entry in its week.")
@click.option("--socks", metavar="HOST:PORT", help="A SOCKS5 proxy, as tor's 127.0.0.1:9050.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of lines.")
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write here the page that checks the same in a browser, without a network.",
)
@click.pass_context
def publication(  # noqa: PLR0913 - each is an argument of the command
    ctx: click.Context,
    *,
    file: Path | None,
    policy: Path | None,
    url: str | None,
    socks: str | None,
    as_json: bool,
    page: Path | None,
) -> None:
    """Check FILE, a testimony that was published with some of its words left out.

    Each word that it shows must have stood in a testimony, unaltered, and that testimony in the
    log: the words with the hashes of the others give the root that the entry commits to, the entry
    is in the log, the log's key signed it and the witnesses of the policy cosigned it. Nobody is
    asked, but with --url: then all of the site's log is read, the same whatever FILE is, and the
    entry must stand among those of the week that it names.

    Get the policy from the witnesses, not from whoever gave you FILE.

    What holds is said in few lines; then comes what this does not prove; then the text, with
    ⟨left out⟩ where something is. Of a file that does not hold no word is shown.

    --page alone writes the page and is done. It is the same file for everybody.

    Exit 0: it holds; 1: it does not, or is no publication; 2: the site could not be asked, or the
    command is not written as here.
    """
    if page is not None:
        _write_page(page)
        if file is None and policy is None and url is None:
            return
    if file is None:
        raise click.UsageError("no publication is given (FILE)")
    if policy is None:
        raise click.UsageError("no --policy is given: it says whose log and witnesses are believed")
    terms, found = read_policy(policy), _read(file)
    if url is None:
        checked = check_publication(found, terms, None)
    else:
        with asking(ctx, url, socks) as ask:
            checked = check_publication(found, terms, ask)
    unproved = limits(asked=url is not None)
    if as_json:
        click.echo(json.dumps({**told(found, checked), "not_proved": unproved}))
    else:
        _say(found, checked, unproved)
    ctx.exit(_FOUND if checked.findings else 0)


def _say(found: Publication, checked: Checked, unproved: tuple[str, ...]) -> None:
    for text in (*checked.holds, *map(str, checked.findings)):
        click.echo(line(text))
    if checked.findings:
        return
    for text in unproved:
        click.echo(f"not proved: {text}")
    for text in shown(found):
        click.echo(text)


def _read(path: Path) -> Publication:
    with path.open("rb") as opened:
        data = opened.read(LIMIT + 1)
    try:
        return Publication.parse(data)
    except MalformedError as error:
        hint = "it must come as it was made: an editor or a messenger may have changed it"
        raise MalformedError(error.phrase, hint) from None


def _write_page(destination: Path) -> None:
    content = files("intake").joinpath("audit", "publication.html").read_bytes()
    with written_whole(destination, replace=False) as sink:
        sink.write(content)
