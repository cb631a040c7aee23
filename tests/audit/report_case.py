"""An auditor of a site where all is in order, with what every other command really said of it."""

import io
import os
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from intake.age import HybridIdentity
from intake.audit.canary_state import Canary, CanaryFolder, Outcome, Way
from intake.author import Author
from intake.canaries import CanaryAnswer
from intake.cli import run
from intake.code_manifest import PATH as MANIFEST
from intake.epoch import Epoch
from intake.tlog.entries import CodeReleased, ConfigChanged, digest_of
from intake.tlog.note import Algorithm, Note, Signer
from intake.web import sentinel
from intake.web.sentinel_places import Place
from intake.web.sentinel_words import Kind
from tests.audit.conftest import serving
from tests.audit.log_site import LogSite, write_policy
from tests.ledger.panels import CLEARED, put, write
from tests.ledger.test_ledger_vectors import JSON as VECTORS
from tests.little_log import Little, LittleLog
from tests.panel import DEPLOYMENT, Panel, make_panel, seed
from tests.test_completeness import FIRST, LAST, item

CANARIES = 30
AUDITOR = HybridIdentity.from_seed(seed("auditor"))
IN_ORDER = (
    Place.looked_at("the store", ()),
    Place.looked_at("the journal", ()),
    Place.not_checked("the server's memory", "a text is there until its page is answered"),
)


def said(*words: object, code: int = 0) -> bytes:
    """What a command writes on standard output."""
    out = io.StringIO()
    with redirect_stdout(out):
        assert run([str(word) for word in words]) == code, out.getvalue()
    return out.getvalue().encode()


@dataclass
class Case:
    """The site's log, the panel, and files by the option that takes them."""

    folder: Path
    site: LogSite
    panel: Panel
    little: Little
    given: dict[str, Path] = field(default_factory=dict[str, Path])

    def put(self, option: str, content: bytes) -> Path:
        """Keep what an option of the report is to be given."""
        path = self.folder / f"{option} {sha256(content).hexdigest()[:8]}"
        path.write_bytes(content)
        return path

    def report(self, *words: object, code: int, **other: Path | None) -> bytes:
        """The report in the folder `state`, with other files for some of the options."""
        given = {"state": self.folder / "state", **self.given, **other}
        options = [f"--{name}={path}" for name, path in given.items() if path is not None]
        return said("audit", "report", *options, *words, code=code)

    def bundle(self, little: Little, code: int) -> bytes:
        """What `intake audit bundle` says of this one."""
        signed = self.site.publish(log_of(little).entries)
        self.serve()
        file = self.folder / "bundle"
        sealed = replace(little, objects=False, signed=signed).to_bytes([AUDITOR.recipient])
        file.write_bytes(sealed)
        identity = self.put("identity", f"{AUDITOR}\n".encode())
        given = ("--identity", identity, *self.options("policy", "roots"))
        return said("audit", "bundle", file, *given, "--json", code=code)

    def options(self, *names: str) -> tuple[str, ...]:
        """Options of another command that are those of the report."""
        return tuple(f"--{name}={self.given[name]}" for name in names)

    def serve(self) -> None:
        """Serve the roster and the manifest of the log, too."""
        self.site.served["/roster.note"] = self.panel.note
        self.site.served[MANIFEST] = (self.folder / "reference" / "manifest.json").read_bytes()


def log_of(little: Little) -> LittleLog:
    """The log in a bundle to be."""
    assert little.log is not None
    return little.log


def all_in_order(folder: Path, site: LogSite) -> Case:
    """Everything made, checked by the real commands, and their words saved."""
    panel = make_panel()
    with serving(folder) as audited:
        manifest = audited.write()
        compared = said("audit", "site", audited.url, "--manifest", manifest, "--json")
        audited.change["/"] = lambda status, headers, body: (status, headers, body + b" ")
        differs = said("audit", "site", audited.url, "--manifest", manifest, "--json", code=1)
    a, b = item(panel, FIRST), item(panel, LAST)
    log = LittleLog().with_rosters(panel.note)
    code, config = digest_of(manifest.read_bytes()), digest_of(b"config")
    more = (CodeReleased(code).to_bytes(), ConfigChanged(config).to_bytes())
    log = replace(log, entries=(*log.entries, *more))
    little = Little(panel, log.close(FIRST, a[0]).close(LAST, b[0]), items=(a, b))
    case = Case(folder, site, panel, little)
    case.given["policy"] = write_policy(folder)
    case.given["roots"] = case.put("roots", panel.roster.roots.to_bytes())
    case.given["bundle"] = case.put("bundle", case.bundle(little, code=0))
    case.given["site"] = case.put("site", compared)
    case.given["canaries"] = case.put("canaries", canaries(folder / "canaries", panel, lost=0))
    case.given["sentinel"] = case.put("sentinel", sentinel_of(*IN_ORDER))
    case.given["ledger"] = case.put("ledger", ledger(folder / "ledger", write(CLEARED), code=0))
    case.put("differs", differs).rename(folder / "site that differs")
    return case


def canaries(folder: Path, panel: Panel, lost: int, count: int = CANARIES) -> bytes:
    """What `intake audit canary check` says of last week's, once a reviewer has answered."""
    state = CanaryFolder(folder / f"{count} less {lost}")
    for _ in range(count):
        author = Author.fresh(LAST)
        canary = Canary(DEPLOYMENT, LAST, Way.FORM, author, os.urandom(32), None, Outcome.SENT)
        with state.locked():
            state.keep(canary)
    found = [canary.commit for canary in state.all()][lost:]
    signer = Signer("r1", Algorithm.ED25519, seed("signer 1"))
    text = CanaryAnswer.to(state.list_of(LAST), frozenset(found), signer.name).to_bytes()
    answer, roster = folder / "answer", folder / "roster"
    answer.write_bytes(Note(text, (signer.sign(text),)).to_bytes())
    roster.write_bytes(panel.note)
    words = ("--state", folder / f"{count} less {lost}", "--answer", answer, "--roster", roster)
    words = (*words, "--fingerprint", panel.roster.roots.fingerprint)
    return said("audit", "canary", "check", *words, "--json", code=int(lost > 0))


def sentinel_of(*places: Place) -> bytes:
    """What `intake doctor --sentinel` says of these places."""
    return sentinel.Report(DEPLOYMENT, Epoch.now(), places).to_json().encode()


FOUND = (*IN_ORDER, Place.looked_at("swap", [next(iter(Kind))]))
LEFT = (*IN_ORDER, Place.not_checked("backups", "no folder was given"))


def ledger(folder: Path, ledgers: dict[str, bytes], code: int) -> bytes:
    """What `intake audit ledger` says of these."""
    files = put(folder, ledgers)
    roots = folder / "roots"
    roots.write_text(VECTORS["roots"])
    words: list[object] = ["--roots", roots]
    for number, note in enumerate(VECTORS["rosters"]):
        (folder / f"roster{number}").write_text(note)
        words += "--roster", folder / f"roster{number}"
    return said("audit", "ledger", *files, *words, "--json", code=code)
