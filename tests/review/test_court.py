"""A package for a court: signed by two without its originals, which are sealed to the court when it leaves."""

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from intake.age import HybridIdentity, decrypt_bytes
from intake.cli import run
from intake.container import Level
from intake.errors import ConsentError, GateError, MalformedError, ProofError, WrongKeyError
from intake.publication import Publication
from intake.review import gates, originals
from intake.review.outgoing import LEFT, beside, build, hand_over, sign_off, waiting_for
from intake.review.outputs.archives import read_archive
from intake.review.plan_output import planned
from intake.tlog.checkpoint import Checkpoint
from intake.tlog.note import Note, Signature
from tests.little_log import POLICY
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.planned import plan, work
from tests.review.two_people import Pair
from tests.review.workroom import container, seal_container, sealed_item

COURT = HybridIdentity.from_seed(bytes(range(32)))
OTHER = HybridIdentity.from_seed(bytes(32))


@pytest.fixture
def worked(desk: Desk, panel: Panel) -> tuple[Pair, list[str]]:
    """Two items that are ready to leave; they came under one code of a survivor each."""
    sealed = [sealed_item(panel.roster, f"Zaur told me that they came, number {n}") for n in (1, 2)]
    assert desk("import", desk.bundle(*sealed), "--roots", desk.roots)[0] == 0
    desk.reveal()
    pair = Pair(panel, desk.folder / "case", desk.folder)
    return pair, work(pair)


def court_plan(items: Sequence[str], key: str = str(COURT.recipient), more: str = "") -> str:
    text = plan("court", "courts", items, f'key = "{key}"\n{more}')
    return text.replace("to.archive", "to.international_court")


def both_sign(pair: Pair, text: str) -> bytes:
    """r1 plans and signs it, r2 builds and signs the same."""
    with pair.case(1) as case:
        built = sign_off(case, planned(case, text))
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        again = sign_off(case, waiting_for(case, built.digest), built.digest)
        assert again.content == built.content
    pair.sync(2)
    pair.sync(1)
    return built.digest


def opened(path: Path, identity: HybridIdentity = COURT) -> dict[str, bytes]:
    """What the recipient finds in the archive of originals, by case."""
    sealed = read_archive(path.read_bytes())
    return {name[:-4]: decrypt_bytes(content, [identity]) for name, content in sealed.items()}


def text_of(publication: bytes, path: str) -> str:
    """The words of a field as they are proved, nothing where it is not shown."""
    found, here = "", False
    for leaf in Publication.parse(publication).disclosure.leaves:
        if leaf is not None and leaf[0] == b"f":
            here = leaf[1].decode() == path
        elif leaf is not None and leaf[0] == b"w" and here:
            found += leaf[1].decode()
    return found


def test_the_court_opens_each_original_and_checks_it_against_what_two_people_signed(
    desk: Desk, worked: tuple[Pair, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """With stock tools and public data alone, as the README of the package says."""
    pair, items = worked
    alone, path = replace(desk, worked=False), desk.folder / "plan.toml"
    path.write_text(court_plan(items[:2], more="lead_only = true\n"), encoding="utf-8")
    code, said, err = alone("build", str(path))
    assert (code, err) == (0, "")
    digest = said.split()[0]
    out = desk.folder / "court.zip"
    code, _, err = alone("export", digest, str(out))
    assert (code, "only r1 did" in err) == (1, True)
    assert not out.exists()
    assert not beside(out).exists()
    pair.sync(1)
    pair.sync(2)
    raw = bytes.fromhex(digest.removeprefix("sha256:"))
    with pair.case(2) as case:
        assert sign_off(case, waiting_for(case, raw), raw).digest == raw
    pair.sync(2)
    pair.sync(1)
    code, said, err = alone("export", digest, str(out))
    assert (code, err) == (0, "")
    assert "court-originals.zip" in said
    package = read_archive(out.read_bytes())
    assert f"sha256:{sha256(out.read_bytes()).hexdigest()}" == digest
    assert b"Zaur" not in b"".join(package.values())
    assert "age --decrypt" in package["README.txt"].decode()
    index = json.loads(package["index.json"])
    originals_found = opened(beside(out))
    assert len(index["items"]) == len(originals_found) == 2
    policy = desk.folder / "log.policy"
    policy.write_bytes(POLICY.to_bytes())
    for row in index["items"]:
        content = originals_found[row["id"]]
        assert row["original_sha256"] == sha256(content).hexdigest()
        assert text_of(content, "narrative").startswith("Zaur told me that they came")
        (desk.folder / "CASE.json").write_bytes(content)
        arguments = [str(desk.folder / "CASE.json"), "--policy", str(policy)]
        assert run(["audit", "publication", *arguments]) == 0
        capsys.readouterr()
        (desk.folder / "CASE.json").write_bytes(content.replace(b"told me", b"told us"))
        assert run(["audit", "publication", *arguments]) == 1
        capsys.readouterr()
        kinds = [line["action"] for line in row["custody"]]
        assert {"import", "open", "read", "code", "redact"} <= set(kinds)
        assert "build" not in kinds
        assert row["collector"] == "r1"
    with pytest.raises(WrongKeyError):
        opened(beside(out), OTHER)
    ledger = b"".join(one.read_bytes() for one in pair.first.glob("ledgers/*"))
    assert ledger.count(b" export hash=" + digest.encode() + b" purpose=courts") == 1


def test_each_line_of_custody_is_signed_by_who_acted(worked: tuple[Pair, list[str]]) -> None:
    """And names the root before it: whoever has a later ledger sees that nothing was put between."""
    pair, items = worked
    with pair.case(1) as case:
        built = build(case, planned(case, court_plan(items[:1])))
        keys = {one.name: one.signer for one in case.roster.reviewers}
    (row,) = json.loads(read_archive(built.content)["index.json"])["items"]
    assert {line["ledger"].rpartition("/")[2] for line in row["custody"]} != {""}
    assert {line["actor"] for line in row["custody"]} == {"r1", "r2"}
    for line in row["custody"]:
        tree = Checkpoint(line["ledger"], line["number"] + 1, bytes.fromhex(line["root"]))
        key = keys[line["actor"]]
        signature = Signature(key.name, key.key_hash, bytes.fromhex(line["signature"]))
        assert Note(tree.to_bytes(), (signature,)).signed_by(key)
        later = replace(tree, size=tree.size + 1)
        with pytest.raises(ProofError, match="does not hold"):
            Note(later.to_bytes(), (signature,)).signed_by(key)


def test_two_sealings_differ_and_what_two_signed_does_not(
    worked: tuple[Pair, list[str]], tmp_path: Path
) -> None:
    """The case knows of each copy which it was: where one is leaked, whose it was is known."""
    pair, items = worked
    digest = both_sign(pair, court_plan(items[:1]))
    with pair.case(1) as case:
        one, two = tmp_path / "one.zip", tmp_path / "two.zip"
        for out in (one, two):
            hand_over(case, waiting_for(case, digest), out, digest)
        assert one.read_bytes() == two.read_bytes()
        assert beside(one).read_bytes() != beside(two).read_bytes()
        assert opened(beside(one)) == opened(beside(two))
        left = [record.value for record in case.files.of_output(digest).all(LEFT)]
        known = {f"sha256:{sha256(beside(out).read_bytes()).hexdigest()}" for out in (one, two)}
        assert {value["apart"] for value in left} == known  # type: ignore[call-overload]


def test_an_original_that_is_not_the_signed_one_never_leaves(
    worked: tuple[Pair, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, items = worked
    digest = both_sign(pair, court_plan(items[:1]))
    with pair.case(1) as case:
        output = waiting_for(case, digest)
        package = build(case, output).content
        names = {items[0]: json.loads(read_archive(package)["index.json"])["items"][0]["id"]}
        with pytest.raises(ProofError, match="not those that were signed"):
            originals.sealed(case, output, names, str(OTHER.recipient), package)
        true = originals._original
        monkeypatch.setattr(originals, "_original", lambda *given: true(*given) + b" ")
        with pytest.raises(ProofError, match="not those that were signed"):
            originals.sealed(case, output, names, str(COURT.recipient), package)
        with pytest.raises(GateError):
            hand_over(case, output, tmp_path / "out.zip", digest)
    assert not list(tmp_path.glob("out*"))


def test_without_a_key_that_two_sign_for_there_is_no_package(
    worked: tuple[Pair, list[str]],
) -> None:
    """None, a word, a classical key, and a secret one, which the refusal must not repeat."""
    pair, items = worked
    classical = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    for key in ("", "x y", classical, str(COURT)):
        with pair.case(1) as case, pytest.raises(MalformedError, match="key") as refused:
            build(case, planned(case, court_plan(items[:1], key)))
        assert not key or key not in f"{refused.value} {refused.value.hint}"


def test_a_copy_that_lacks_a_ledger_builds_no_other_package(
    worked: tuple[Pair, list[str]],
) -> None:
    """r1 did more since the last sync: r2's copy says so, and signs nothing."""
    pair, items = worked
    with pair.case(1) as case:
        gates.open_item(case, items[0], "sign-off")
        output = planned(case, court_plan(items[:1]))
        build(case, output)
    with pair.case(2) as case, pytest.raises(GateError, match="not all of the ledger"):
        build(case, output)
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        build(case, output)
        strange = replace(
            output,
            details=tuple(
                (name, "m-strange 1" if name == "ledgers" else text)
                for name, text in output.details
            ),
        )
        with pytest.raises(GateError, match="no ledger of m-strange"):
            build(case, strange)
        for lost in ("ledgers", next(n for n, _ in output.details if n.startswith("proof "))):
            kept = tuple(row for row in output.details if row[0] != lost)
            with pytest.raises(MalformedError, match="has lost"):
                build(case, replace(output, details=kept))


def test_what_is_for_the_team_alone_is_in_no_original(
    desk: Desk, panel: Panel, tmp_path: Path
) -> None:
    """The form promised so; the rest can be proved all the same."""
    box = container(
        ("narrative", "Zaur told me where"),
        ("where_text", "a village"),
        ("age_band", "a.25"),
        ("area_now", "n.abroad"),
        ("missing_name", "Musa"),
        roster=panel.roster,
    )
    assert (
        desk("import", desk.bundle(seal_container(box, panel.roster)), "--roots", desk.roots)[0]
        == 0
    )
    desk.reveal()
    pair = Pair(panel, desk.folder / "case", desk.folder)
    hidden = ("age_band", "area_now", "missing_name")
    (item,) = work(pair, withheld=hidden)
    digest = both_sign(pair, court_plan([item]))
    with pair.case(1) as case:
        hand_over(case, waiting_for(case, digest), tmp_path / "out.zip", digest)
    ((_, content),) = opened(tmp_path / "out-originals.zip").items()
    assert text_of(content, "narrative") == "Zaur told me where"
    assert text_of(content, "where_text") == "a village"
    assert [row.level for row in Publication.parse(content).answers] == [Level.COURTS]
    for name in (*hidden, "Musa", "n.abroad", "a.25"):
        assert name.encode() not in content
        assert name.encode() not in (tmp_path / "out.zip").read_bytes()


def test_without_consent_to_courts_nothing_is_planned_for_one(desk: Desk, panel: Panel) -> None:
    uses = (Level.PUBLISH, Level.INVESTIGATORS, Level.STATS)
    box = container(("narrative", "Zaur told me"), agreed=uses, roster=panel.roster)
    assert (
        desk("import", desk.bundle(seal_container(box, panel.roster)), "--roots", desk.roots)[0]
        == 0
    )
    desk.reveal()
    pair = Pair(panel, desk.folder / "case", desk.folder)
    (item,) = work(pair)
    with pair.case(1) as case, pytest.raises(ConsentError, match="the use courts"):
        build(case, planned(case, court_plan([item])))
