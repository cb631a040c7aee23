"""Nothing leaves before two people on two machines signed the very bytes, and the ledgers show it."""

import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from intake.cli import run
from intake.epoch import Epoch
from intake.errors import GateError, RosterError, StoreError
from intake.review import gates
from intake.review.case import Case
from intake.review.consent import Purpose
from intake.review.gates import answer, open_item
from intake.review.outgoing import Output, hand_over, sign_off, transferred, waiting
from intake.review.redacting import Redaction, Span
from intake.review.signing_off import check_signed, signed_by
from tests.panel import Panel, make_panel
from tests.review.conftest import Desk
from tests.review.two_people import READ_TOO, Pair, check_list
from tests.review.workroom import Room, container, seal_container, sealed_item

Take = Callable[..., str]


@pytest.fixture
def item(desk: Desk, panel: Panel, taken: Take) -> str:
    """A logged item that r1 has read and redacted; there are no canaries."""
    name = taken(sealed_item(panel.roster, "Zaur told me"))
    desk.reveal()
    assert desk("redact", name, "--span", "narrative:0:4=person")[0] == 0
    return name


@pytest.fixture
def pair(desk: Desk, panel: Panel, item: str) -> Pair:
    return Pair(panel, desk.folder / "case", desk.folder)


def output(item: str, form: str = "text") -> Output:
    return Output.of(form, Purpose.PUBLISH, item)


def read_second(pair: Pair, item: str) -> None:
    with pair.case(1) as case:
        check_list(case, item)
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        open_item(case, item)
        answer(case, item, READ_TOO)
    pair.sync(2)
    pair.sync(1)


def test_the_whole_way_holds_in_the_ledgers(desk: Desk, pair: Pair, item: str) -> None:
    """As the auditor's own program reads them, with no access to a case."""
    assert desk("export", item, str(desk.folder / "out"), "--for", "publish")[0] == 0
    assert "[person] told me" in (desk.folder / "out").read_text()
    pair.sync(1)
    pair.sync(2)
    ledgers = sorted(str(path) for path in (pair.first / "ledgers").iterdir())
    assert len(ledgers) == 2
    (desk.folder / "roster").write_bytes(pair.panel.note)
    given = ("--roster", str(desk.folder / "roster"), "--roots", desk.roots)
    assert run(["audit", "ledger", *ledgers, *given]) == 0
    said = desk.capsys.readouterr().out
    assert "sign-off: 1 exports, 1 by four eyes, 0 by a panel of one" in said
    assert "0 times without triage, 0 items by one person only" in said


def test_one_signature_is_not_enough_and_nobody_gives_two(pair: Pair, item: str) -> None:
    read_second(pair, item)
    with pair.case(1) as case:
        built = sign_off(case, output(item))
        with pytest.raises(GateError, match="only r1 did"):
            check_signed(case, built.digest)
        with pytest.raises(GateError, match="signed this file already"):
            sign_off(case, output(item))
        with pytest.raises(GateError, match="only r1 did"):
            hand_over(case, output(item), pair.folder / "out")
    assert not (pair.folder / "out").exists()


def test_two_people_on_one_machine_are_one(pair: Pair, item: str) -> None:
    read_second(pair, item)
    with pair.case(1) as case:
        digest = sign_off(case, output(item)).digest
    keys = pair.panel.identities[1:2]
    with Case.opened(pair.first, keys, writing=True, signers=pair.panel.signers) as case:
        sign_off(case, output(item))
        assert len(signed_by(case, digest)) == 2
        with pytest.raises(GateError, match="two people on two machines"):
            check_signed(case, digest)


def test_both_machines_build_the_same_bytes_and_each_sees_what_waits(pair: Pair, item: str) -> None:
    read_second(pair, item)
    with pair.case(1) as case:
        one = sign_off(case, output(item))
        assert waiting(case) == [(one.digest, output(item), ["r1"])]
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        assert waiting(case) == [(one.digest, output(item), ["r1"])]
        two = sign_off(case, output(item))
        assert two.content == one.content
        check_signed(case, two.digest)
        hand_over(case, output(item), pair.folder / "out")
        assert (pair.folder / "out").read_bytes() == one.content
        transferred(case, two.digest)
        with pytest.raises(StoreError, match="no such file left"):
            transferred(case, bytes(32))


def test_a_change_of_any_byte_needs_new_signatures(pair: Pair, item: str) -> None:
    read_second(pair, item)
    pair.sign_off(item, "publish", "text")
    with pair.case(1) as case:
        envelope = case.entry(item).opening.envelope
        spans = (Span("narrative", 0, 4, "person"), Span("narrative", 5, 9, "words"))
        gates.redact(case, item, Redaction(envelope, 2, spans, (), "r1"))
        with pytest.raises(GateError, match="checklist of its newest redacted version"):
            hand_over(case, output(item), pair.folder / "out")
        check_list(case, item)
        with pytest.raises(GateError, match="nobody did"):
            hand_over(case, output(item), pair.folder / "out")
        with pytest.raises(GateError, match="nobody did"):
            hand_over(case, output(item, "json"), pair.folder / "out")


def test_what_nobody_else_read_is_not_built(pair: Pair, item: str) -> None:
    with pair.case(1) as case, pytest.raises(GateError, match="nobody else read it"):
        sign_off(case, output(item))


def test_a_refusal_for_want_of_consent_stands_in_the_ledger(
    desk: Desk, panel: Panel, room: Room, taken: Take
) -> None:
    """Nothing of why: the ledger holds no word."""
    box = container(("narrative", "x"), agreed=(), roster=panel.roster)
    name = taken(seal_container(box, panel.roster))
    desk.reveal()
    for _ in range(2):
        assert desk("export", name, str(desk.folder / "out"), "--for", "publish")[0] == 1
    ledgers = [path.read_bytes() for path in room.folder.glob("ledgers/*.ledger")]
    acts = [act for ledger in ledgers for act in ledger.splitlines()[2::3]]
    refused = [act for act in acts if b" consent " in act]
    assert len(refused) >= 2
    assert all(act.endswith(b" subject=refused") for act in refused)


def test_a_panel_of_one_signs_alone_and_its_file_says_so(
    tmp_path: Path, keyring: Path, capsys: pytest.CaptureFixture[str], derived_once: None
) -> None:
    panel = make_panel(1)
    common = (
        *("--case", str(tmp_path / "case"), "--identity", str(keyring / "r1.identity")),
        *("--passphrase-file", str(keyring / "passphrase")),
    )
    desk = Desk(panel, tmp_path, common, capsys)
    code, out, _ = desk("import", desk.bundle(sealed_item(panel.roster)), "--roots", desk.roots)
    name = out.split()[0]
    assert code == 0
    assert desk("redact", name, "--rules")[0] == 0
    with Pair(panel, tmp_path / "case", tmp_path).case(1) as case:
        check_list(case, name)
    target = tmp_path / "out"
    code, _, err = replace(desk, worked=False)("export", name, str(target), "--for", "publish")
    assert (code, "nobody did" in err) == (1, True), "one signature is needed all the same"
    code, _, err = desk("export", name, str(target), "--for", "publish")
    assert (code, err) == (0, "")
    assert "signed_off: by one person alone" in target.read_text()


def test_the_clock_that_went_back_stops_every_act(
    pair: Pair, item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pair.case(1) as case:
        monkeypatch.setattr(Epoch, "now", classmethod(lambda cls: cls(2020, 1)))
        with pytest.raises(StoreError, match="clock is behind"):
            open_item(case, item)
        monkeypatch.undo()
        open_item(case, item)


def test_without_a_key_that_signs_nothing_is_done(pair: Pair, item: str) -> None:
    with (
        Case.opened(pair.first, pair.panel.identities[:1], writing=True) as case,
        pytest.raises(RosterError, match="no key offered signs"),
    ):
        open_item(case, item)


def test_an_export_that_does_not_fit_on_the_disk_leaves_nothing_and_can_be_done_again(
    desk: Desk, panel: Panel, taken: Take
) -> None:
    """The ledger has it all the same: what is written down before may not be done, never the reverse."""
    name = taken(sealed_item(panel.roster, "Zaur " + "сказал. " * 2_400))
    target = desk.folder / "out"
    assert desk("redact", name, "--span", "narrative:0:4=person")[0] == 0
    desk.reveal()
    Pair(panel, desk.folder / "case", desk.folder).sign_off(name, "publish", "text")
    alone = replace(desk, worked=False)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (24_576, limits[1]))
    try:
        code, out, err = alone("export", name, str(target), "--for", "publish")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert (code, out, err.startswith("intake: error: ")) == (1, "", True)
    assert not target.exists()
    assert alone("export", name, str(target), "--for", "publish")[0] == 0
    assert target.stat().st_size > 24_576
