"""`intake manifest`: writes what a site gives browsers into a folder, for whoever compares."""

from pathlib import Path

import click

from intake.accept import Acceptor
from intake.age.whole import written_whole
from intake.code_manifest import digest_of
from intake.errors import StoreError
from intake.store import Store
from intake.web.app import create_app
from intake.web.manifest import listed_by
from intake.web.site import Site


@click.command()
@click.argument("site", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
def write_manifest(site: Path, folder: Path) -> None:
    """Write the manifest of SITE, and all that it lists, into the new folder FOLDER.

    Give it to those who will compare (`intake audit site`), by a way that the site's server has no
    hand in. With the same site and program the bytes are the same on any machine; a new roster or
    changed words need a new one. Prints the manifest's digest.
    """
    opened = Site.open(site)
    store = Store.open(opened.store_place)
    try:
        listed = listed_by(create_app(opened, Acceptor(store, opened)))
    finally:
        store.close()
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise StoreError(f"something is there already: {folder}", "name a new folder") from None
    for name, content in listed.items():
        with written_whole(folder / name) as file:
            file.write(content)
    click.echo(digest_of(listed["manifest.json"]))
