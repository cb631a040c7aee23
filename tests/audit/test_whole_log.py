"""From a site's own commands to the auditor's: witnesses, log and form each in their own process."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from intake.cli import run
from intake.epoch import Epoch
from intake.tlog.checkpoint import origin_of
from tests.web.serving import serving as serving_site
from tests.web.serving import site_in
from tests.witness.conftest import serving as serving_witness


def test_a_real_sites_log_is_cosigned_by_real_witnesses_and_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is shown before the witnesses cosigned it; then all of it holds, with their names."""

    def said(*words: str | Path, code: int = 0) -> list[str]:
        capsys.readouterr()
        assert run([str(word) for word in words]) == code, capsys.readouterr()
        return capsys.readouterr().out.splitlines()

    site, _ = site_in(tmp_path / "site")
    origin = origin_of(site.settings.deployment)
    log_key = site.log_signer.vkey
    week = Epoch.now()
    with ExitStack() as running:
        policy = [f"log {log_key}"]
        for n in range(3):
            folder = tmp_path / f"w{n}"
            vkey = said("witness", "new", folder, "--name", f"w{n}.test/w")[n == 2]
            said("witness", "add-log", folder, str(log_key))
            witness = running.enter_context(serving_witness(folder))
            policy.append(f"witness w{n} {vkey} http://127.0.0.1:{witness.port}")
        text = "\n".join([*policy, "group q 2 w0 w1 w2", "quorum q", ""])
        site.log_policy_path.write_text(text)
        port, _ = running.enter_context(serving_site(site.folder))
        follow = ("audit", "follow", f"http://127.0.0.1:{port}", "--state", tmp_path / "state")
        follow += ("--policy", site.log_policy_path)

        assert said(*follow, code=1) == ["checkpoint: the site gives none"]
        said("epoch", site.folder, "--now")
        assert said(*follow, code=1) == ["checkpoint: the site gives none"]
        said("cosign", site.folder)
        lines = said(*follow)
    closed = [line for line in lines if f"epoch-closed {week}" in line]
    assert len(closed) == 1
    kinds = [line.split()[2] for line in lines[:-1]]
    assert sorted(set(kinds)) == [
        "code-released",
        "config-changed",
        "epoch-closed",
        "roster-changed",
    ]
    assert lines[-1].startswith(f"{origin}: ")
    assert lines[-1].endswith(f"closed to {week}, cosigned by w0, w1, w2")
