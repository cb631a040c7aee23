"""`intake audit`: what anyone can check of a site from outside."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import click

from intake.audit.asking import Visitor
from intake.audit.site_check import TITLE, Finding, Reference, check_site, form_path
from intake.code_manifest import LIMIT, CodeManifest, digest_of, page_name
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.reaching import Address, SocksAddress, UnreachableError
from intake.visible import line

_DIFFERS, _UNCHECKED = 1, 2


@click.command(name="site")
@click.argument("url")
@click.option(
    "--manifest",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The manifest to compare with. Files that lie beside it name the byte that differs.",
)
@click.option("--socks", metavar="HOST:PORT", help="A SOCKS5 proxy, as tor's 127.0.0.1:9050.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of lines.")
@click.pass_context
def check(
    ctx: click.Context,
    url: str,
    manifest: Path | None,
    socks: str | None,
    as_json: bool,  # noqa: FBT001
) -> None:
    """Fetch all that the site at URL gives a browser, and compare it with a manifest.

    The site is asked as Tor Browser asks. Without --manifest its own is taken, which shows only
    that the site agrees with itself: get one another way, from `intake manifest` or a partner.

    One line for each thing that differs. Exit 0: nothing does; 1: something does, or the manifest,
    the URL or the proxy cannot be used; 2: the site could not be asked, or not to the end, and
    nothing differed until then; also where the command itself is not written as here.
    """
    visitor = Visitor(Address.parse(url), None if socks is None else SocksAddress.parse(socks))
    findings: list[Finding] = []
    whole = False
    reference = None if manifest is None else read_reference(manifest)
    try:
        reference = reference or Reference.of_site(visitor)
        findings.extend(check_site(visitor, reference))
        whole = True
    except UnreachableError as error:
        click.echo(f"intake: error: {line(error.phrase)}", err=True)
        if error.hint:
            click.echo(f"intake: hint: {line(error.hint)}", err=True)
    finally:
        visitor.close()
    if reference is None or not (whole or findings):
        ctx.exit(_UNCHECKED)
    # A site that differs must not be able to hide it by breaking off.
    if as_json:
        click.echo(json.dumps(_told(url, reference, findings), ensure_ascii=True))
    else:
        for finding in findings:
            click.echo(line(str(finding)))
        _say(reference, findings)
    ctx.exit(_DIFFERS if findings else 0)


def _say(reference: Reference, findings: list[Finding]) -> None:
    """The conclusion, and how far it goes, beside what was asked for."""
    manifest = reference.manifest
    count = f"{len(manifest.files)} files, {len(manifest.forms)} form pages"
    count += f" and {len(manifest.pages)} other pages"
    if not findings:
        click.echo(f"{count} are as listed in manifest {digest_of(manifest.to_bytes())}")
    if reference.own:
        click.echo(
            "intake: the manifest is the site's own: this shows only that it agrees with itself",
            err=True,
        )


def _told(url: str, reference: Reference, findings: list[Finding]) -> Mapping[str, object]:
    return {
        "title": TITLE,
        "epoch": str(Epoch.now()),
        "site": url,
        "manifest": digest_of(reference.manifest.to_bytes()),
        "own": reference.own,
        "files": len(reference.manifest.files),
        "forms": len(reference.manifest.forms),
        "pages": len(reference.manifest.pages),
        "findings": [{"what": f.what, "phrase": f.phrase, "offset": f.offset} for f in findings],
    }


def read_reference(path: Path) -> Reference:
    """A manifest from a file, with the copies beside it and the script of this very package."""
    with path.open("rb") as file:
        manifest = CodeManifest.parse(file.read(LIMIT + 1))
    names = {listed: path.parent / listed.removeprefix("/") for listed in manifest.files}
    names |= {form_path(lang): path.parent / f"form-{lang}.html" for lang in manifest.forms}
    names |= {listed: path.parent / page_name(listed) for listed in manifest.pages}
    copies = {what: copy.read_bytes() for what, copy in names.items() if copy.is_file()}
    forms = {form_path(lang): digest for lang, digest in manifest.forms.items()}
    digests = {**manifest.files, **manifest.pages, **forms}
    for what, copy in copies.items():
        if digest_of(copy) != digests[what]:
            raise MalformedError(
                f"{names[what].name} beside the manifest is not the file that it lists",
                "keep what `intake manifest` wrote together, or the manifest alone",
            )
    own = files("intake").joinpath("web", "static", "seal.js").read_bytes()
    ours = {what: own for what, digest in manifest.files.items() if digest == digest_of(own)}
    return Reference(manifest, {**ours, **copies}, own=False)
