"""The whole way of canaries: sent to a served site, closed, collected, imported, told, answered, counted."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from intake.audit.canary_state import CanaryFolder
from intake.audit.report_inputs import CanaryResult
from intake.cli import run
from intake.epoch import Epoch
from tests.review.conftest import Desk
from tests.web.serving import serving, site_in

# A server that says of every second thing that it is kept, and keeps it not.
DROPPING = """
from multiprocessing import Value
from intake.accept import Acceptor

# Counted by all its processes together: a reader lives for one request, or a few.
keep, came = Acceptor.accept, Value("i")

def accept(self, head, *rest):
    with came.get_lock():
        came.value += 1
        dropped = came.value % 2 == 0
    return head.opening if dropped else keep(self, head, *rest)

Acceptor.accept = accept
"""


@pytest.mark.parametrize(("change", "lost"), [("", 0), (DROPPING, 2)], ids=["honest", "dropping"])
@pytest.mark.parametrize("way", ["script", "form"])
def test_a_server_that_drops_some_is_found_out_and_an_honest_one_is_not(
    desk: Desk, tmp_path: Path, way: str, change: str, lost: int
) -> None:
    site, panel = site_in(tmp_path / "site")
    desk = replace(desk, panel=panel, revealed=False)
    texts, state = tmp_path / "texts", tmp_path / "state"
    texts.mkdir()
    for number in range(4):
        (texts / f"{number}.txt").write_text(f"Меня держали {number} дня, потом отпустили\n")
    with serving(site.folder, change=change, workers=1) as (port, _):
        url = f"http://127.0.0.1:{port}"
        where = ("--texts", str(texts), "--state", str(state), "--roots", desk.roots)
        words = ("audit", "canary", "make", url, *where, "--path", way, "--hurry")
        assert run([*words, "--count", "4"]) == 0, "the site says of each that it is kept"
        for words in (("epoch", str(site.folder), "--now"), ("cosign", str(site.folder))):
            assert run(list(words)) == 0
        # A week goes by: the auditor's canaries are those of the last one.
        folder, last = CanaryFolder(state), Epoch.now().previous
        with folder.locked():
            for canary in folder.all():
                folder.keep(replace(canary, epoch=last))
        bundle, told = str(tmp_path / "bundle"), tmp_path / "list"
        assert run(["collect", str(site.folder), bundle]) == 0
        given = ("--roots", desk.roots, "--policy", str(site.log_policy_path))
        assert run(["review", "import", bundle, *given, *desk.common]) == 0, "the log is whole"
        reveal = ("audit", "canary", "reveal", str(told), "--state", str(state))
        desk.capsys.readouterr()
        assert run([*reveal, "--epoch", str(last)]) == 0
        digits = desk.capsys.readouterr().out.splitlines()[1].removeprefix("digits: ")
        answer = str(tmp_path / "answer")
        code, out, _ = desk("canaries", str(told), "--digits", digits, "--answer", answer)
        assert (code, out.count("did not reach you")) == (1 if lost else 0, lost)
        assert f"{last}: {4 - lost} canaries found, {lost} missing" in out
        states = [row.split()[7] for row in desk("list")[1].splitlines()[1:]]
        assert states == ["canary"] * (4 - lost)
        roster = tmp_path / "roster"
        roster.write_bytes(panel.note)
        check = ["audit", "canary", "check", "--state", str(state), "--json"]
        check += ["--answer", answer, "--roster", str(roster)]
        check += ["--fingerprint", panel.roster.roots.fingerprint]
        check += ["--policy", str(site.log_policy_path), "--url", url]
        assert run(check) == (1 if lost else 0)
    line = desk.capsys.readouterr().out
    result = CanaryResult.parse(line.encode())
    assert (result.sent, result.lost, result.deployment) == (4, lost, panel.roster.deployment)
    (week,) = json.loads(line)["weeks"]
    known = 4 if way == "script" else 0
    assert (week["sent"], week["found"], week["known"]) == (4, 4 - lost, known)
    assert week["logged"] == (known - lost if known else 0)
