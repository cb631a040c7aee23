"""What the tests of the reviewers' side share: sealed items, bundles of them, and a case.

Everything is made by the real sealer, bundler and importer.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from intake.age import HybridIdentity, encrypt_bytes
from intake.author import Author, Holder
from intake.bundle import Bundle, Contents, Item
from intake.completeness import Checked, examine
from intake.container import Consent, Container, Form, Kind, Level, Mode, Reply
from intake.epoch import Epoch
from intake.opening import Opening
from intake.review.case import Case
from intake.review.importing import Report, import_items, make_case
from intake.review.standing import known_by
from intake.review.thread import Sent, Thread
from intake.roster import Roster
from intake.seal import reply_of, seal
from intake.testimony import Testimony
from intake.tlog.note import Signer
from tests.little_log import POLICY, Little, LittleLog
from tests.panel import Panel

TODAY = dt.datetime.now(dt.UTC).date()
NOW = Epoch.of(TODAY)
MARKER = "Заур Мусхабов из Ачхой-Мартана"

ADDRESS = Reply(bytes(32), "age1pq1" + "q" * 1952)

Sealed = tuple[Opening, bytes]


def weeks(count: int) -> Epoch:
    """The epoch that many weeks from now."""
    return Epoch.of(TODAY + dt.timedelta(weeks=count))


def sealed_item(roster: Roster, narrative: str = MARKER, **answers: str) -> Sealed:
    """A testimony as the server's form seals it, agreed to every use it asks about."""
    everything = {"narrative": narrative, **answers}
    agreed = {"stats", "publish", "investigators", "courts"}
    testimony = Testimony.from_answers("ru", everything, agreed)
    letter = seal(testimony, roster, mode=Mode.SERVER, today=TODAY, author=Author.fresh(NOW))
    return letter.head.opening, letter.sealed


def container(
    *fields: tuple[str, str],
    agreed: Sequence[Level] = tuple(Level),
    roster: Roster | None = None,
    kind: Kind = Kind.TESTIMONY,
    mode: Mode = Mode.SERVER,
    epoch: Epoch = NOW,
) -> Container:
    """A container as no form would make it, for what only a hostile or later sealer sends."""
    rows = [Consent(level, level in agreed, f"c_{level}.1", "ru") for level in Level]
    return Container(
        kind=kind,
        mode=mode,
        form=Form("minimal", 2, "ru"),
        deployment=roster.deployment if roster else "test-abcdefgh",
        roster=roster.digest if roster else "sha256:" + "0" * 64,
        epoch=epoch,
        consent=() if kind in {Kind.DECOY, Kind.ADDITION} else tuple(rows),
        fields=fields,
        seed=bytes(16),
        withdraw=bytes(32),
        reply=ADDRESS if kind in {Kind.ADDITION, Kind.CONSENT} else None,
    )


def under(holder: Holder, box: Container, **rows: bool) -> Container:
    """A container sent under somebody's code, with just these rows of consent."""
    said = tuple(
        Consent(Level(level), agreed, f"c_{level}.1", "ru") for level, agreed in rows.items()
    )
    return replace(box, reply=reply_of(holder), consent=said)


def alone(box: Container) -> Thread:
    """The thread of a logged item of whose code there is nothing else."""
    return Thread.of(Sent("0" * 12, box, box.epoch, logged=True))


def opening_for(sealed: bytes, box: Container, epoch: Epoch = NOW) -> Opening:
    """The opening that fits a sealed container."""
    return Opening(
        epoch=epoch,
        redact=box.redact_root,
        salt=bytes(32),
        envelope=sha256(sealed).digest(),
        roster=box.roster,
        withdraw_commit=box.withdraw,
        salt2=bytes(32),
    )


def seal_container(box: Container, roster: Roster, epoch: Epoch = NOW) -> Sealed:
    """A container sealed to a roster, with the opening that fits it."""
    sealed = encrypt_bytes(box.to_bytes(), roster.recipients)
    return opening_for(sealed, box, epoch), sealed


def renamed(item: Sealed, sealed: bytes) -> Sealed:
    """The item with other bytes and an opening that names them, as a lying server would do."""
    return replace(item[0], envelope=sha256(sealed).digest()), sealed


def contents_of(
    panel: Panel, items: Sequence[Sealed], notes: Sequence[bytes] = (), deployment: str = ""
) -> tuple[Contents, list[bytes]]:
    """A bundle's manifest without a log, and the objects in its order."""
    rows = sorted(((o.to_bytes(), o, data) for o, data in items), key=lambda row: row[0])
    contents = Contents(
        deployment=deployment or panel.roster.deployment,
        epoch=NOW,
        rosters=(panel.note, *notes),
        items=tuple(Item(opening, len(data)) for _, opening, data in rows),
    )
    return contents, [data for *_, data in rows]


def unchecked(contents: Contents) -> Checked:
    """As if a bundle had passed every check: for what stands behind them and must hold alone."""
    return Checked(contents, None, (), (), frozenset(), frozenset(), {})


def bundle_bytes(
    panel: Panel, *items: Sealed, notes: Sequence[bytes] = (), unlogged: Sequence[Sealed] = ()
) -> bytes:
    """A bundle of these items and rosters with its log, sealed to the panel."""
    log = LittleLog().with_rosters(panel.note, *notes)
    for epoch in sorted({opening.epoch for opening, _ in items}):
        log = log.close(epoch, *(opening for opening, _ in items if opening.epoch == epoch))
    return Little(panel, log, tuple(items), tuple(unlogged), notes=tuple(notes)).to_bytes()


@dataclass(frozen=True)
class Room:
    """One reviewer with a case folder."""

    panel: Panel
    folder: Path
    identities: tuple[HybridIdentity, ...]

    def bundle(self, *items: Sealed, notes: Sequence[bytes] = (), deployment: str = "") -> Bundle:
        """A bundle that was opened. Its 16 MiB of padding and its age file are other tests'."""
        contents, objects = contents_of(self.panel, items, notes, deployment)
        return Bundle(BytesIO(b"".join(objects)), contents, 0)

    def take(self, *items: Sealed, notes: Sequence[bytes] = (), processes: int = 0) -> list[Report]:
        """Import these items, into a new case if there is none; the bundle's checks are not made."""
        with self.bundle(*items, notes=notes) as bundle:
            if not Case.exists(self.folder):
                make_case(self.folder, bundle, self.panel.roster.roots, self.identities)
            with self.case(writing=True) as case:
                checked = unchecked(bundle.contents)
                return list(import_items(case, bundle, checked, processes))

    def take_whole(self, little: Little) -> list[Report]:
        """Import this bundle once all its checks hold."""
        with little.bundle() as bundle:
            if not Case.exists(self.folder):
                make_case(self.folder, bundle, self.panel.roster.roots, self.identities)
            with self.case(writing=True) as case:
                findings, checked = examine(bundle, known_by(case, bundle, POLICY))
                assert checked is not None, [str(finding) for finding in findings.first]
                return list(import_items(case, bundle, checked))

    @contextmanager
    def case(
        self, *, writing: bool = False, signers: Sequence[Signer] | None = None
    ) -> Iterator[Case]:
        keys = self.panel.signers if signers is None else signers
        with Case.opened(self.folder, self.identities, writing=writing, signers=keys) as case:
            yield case

    def item(self, sealed: bytes) -> str:
        return sha256(sealed).hexdigest()[:12]
