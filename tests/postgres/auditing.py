"""What an auditor finds of a site that several hosts serve, and that all who were promised are in it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from intake.age import HybridIdentity
from intake.cli import run
from intake.log.acknowledgement import Acknowledgement
from intake.store import PostgresPlace, Store
from intake.web.site import Site
from tests.web.serving import serving


def name_store(site: Site, place: PostgresPlace) -> Site:
    """The site with its store under another name."""
    said = replace(site.settings, store=place.url, store_room=place.room)
    (site.folder / "site.toml").write_bytes(said.to_bytes())
    return Site.open(site.folder)


def check_all(
    sites: Sequence[Site],
    given: Sequence[Acknowledgement],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The week is closed and published at each host, and both have published the same.

    1. each promise is of the log, and all it promised is kept, once, and nothing else is
    2. each opening that was promised is in the log, once
    3. an auditor who follows now this host's log, now that one's, finds nothing
    4. an auditor who is given every opening finds nothing, and finds as many
    """
    said = [one.opening.to_bytes() for one in given]
    assert len(said) == len(set(said))
    store = Store.open(sites[0].store_place)
    # (1)
    for one in given:
        assert one.note.signed_by(sites[0].log_signer.vkey)
    assert sorted(said) == store.openings()
    assert len(store.sizes()) == len(said)
    # (2)
    logged = [leaf.opening for leaf in store.leaves.leaves() if leaf.opening is not None]
    assert len([one for one in logged if one in set(said)]) == len(said)
    store.close()
    # (3)
    assert len({site.log_folder.published() for site in sites}) == 1
    policy = str(sites[0].log_policy_path)
    state = str(folder / "state")
    for site in sites:
        with serving(site.folder) as (port, _):
            words = ["audit", "follow", f"http://127.0.0.1:{port}", "--state", state]
            assert run([*words, "--policy", policy]) == 0, capsys.readouterr()
    # (4)
    identity, bundle = HybridIdentity.generate(), str(folder / "bundle")
    (folder / "auditor").write_text(f"{identity}\n")
    words = ["collect", str(sites[-1].folder), bundle, "--for-auditor", str(identity.recipient)]
    assert run(words) == 0, capsys.readouterr()
    capsys.readouterr()
    words = ["audit", "bundle", bundle, "--identity", str(folder / "auditor"), "--policy", policy]
    words += ["--roots", str(sites[0].folder / "keys" / "roots"), "--json"]
    assert run(words) == 0, capsys.readouterr()
    told = json.loads(capsys.readouterr().out)
    assert told["findings"] == []
    assert (told["objects"], told["unlogged"]) == (len(said), 0)
    assert sum(week["submitted"] for week in told["weeks"].values()) == len(said)
