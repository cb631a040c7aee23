"""The `intake witness` commands, for partner organisations that watch a log."""

from pathlib import Path

import click

from intake.tlog.note import VerifierKey
from intake.witness.cosigning import Witness
from intake.witness.keys import WitnessKeys
from intake.witness.record import WitnessFolder
from intake.witness.serving import WitnessServer, parse_bind

_FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.command()
@_FOLDER
@click.option("--name", required=True, help="As others will know it: example.org/witness")
def new(folder: Path, name: str) -> None:
    """Make a witness in the new folder FOLDER: its keys, and an empty list of logs.

    Prints its two public keys, Ed25519 and ML-DSA-44. It signs with both. A policy names one of
    them for each witness, or both in a group of which any counts: two keys are not two witnesses.

    Never make a copy of FOLDER and never restore one: a witness that forgets what it signed can be
    made to sign a second tree. Where it is lost, make another with a new name and new keys.
    """
    keys = WitnessKeys.generate(name)
    WitnessFolder.make(folder, keys)
    for vkey in keys.vkeys:
        click.echo(str(vkey))


@click.command()
@_FOLDER
@click.argument("vkey")
def add_log(folder: Path, vkey: str) -> None:
    """Let the witness in FOLDER cosign the log of VKEY, name+hash+key.

    Get VKEY from the operator by a way that nobody else can change. A log that the witness knows
    keeps what was signed last, also when it gets another key. Stop `witness serve` first.
    """
    with WitnessFolder(folder) as witness:
        witness.add_log(VerifierKey.parse(vkey))


@click.command()
@_FOLDER
@click.option("--bind", default="127.0.0.1:8290", show_default=True, metavar="ADDRESS:PORT")
def serve(folder: Path, bind: str) -> None:
    """Answer logs that ask the witness in FOLDER to cosign: C2SP tlog-witness, add-checkpoint.

    It speaks plain HTTP: put an onion service or a TLS proxy in front of it. It cosigns a
    checkpoint only if it continues the one before, and stores it before it answers. Nothing is
    written about who asks. It can be stopped and killed at any moment.

    Refuses to start where anything in FOLDER is missing or damaged.
    """
    with (
        WitnessFolder(folder) as opened,
        WitnessServer(parse_bind(bind), Witness(opened)) as server,
    ):
        port = server.socket.getsockname()[1]
        click.echo(f"{opened.keys.name} knows {len(opened.logs)} logs, on port {port}", err=True)
        server.serve_forever()
