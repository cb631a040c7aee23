"""What was sent under one code, and what its author allows by all of it: linked, never merged.

It decides, and reads nothing. Whose code it is nobody here knows: only that it is the same one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from intake.caps import Cap, caps, says_age
from intake.container import ASKED, Consent, Container, Kind, Level, Mode
from intake.epoch import Epoch

MARK_SIZE: Final = 16  # bytes


def mark_of(container: Container) -> bytes | None:
    """The 16 bytes that all items of one code share; None where an item has no address."""
    if container.reply is None:
        return None
    return sha256(container.reply.to.encode()).digest()[:MARK_SIZE]


@dataclass(frozen=True)
class Word:
    """A yes or a no to one use, and what tells which of several counts.

    `change`: not said with a testimony. `logged`: its item was seen in a log.
    """

    level: Level
    agreed: bool
    week: Epoch
    change: bool
    logged: bool

    @property
    def counts(self) -> bool:
        """A yes that no log has must let nothing out, as its item must not leave; a no counts at once."""
        return self.logged or not self.agreed or self.level is Level.MESSAGE

    @property
    def age(self) -> tuple[int, bool, bool]:
        """By which the newest is found.

        Within a week what was changed comes after what a testimony says, and a no after a yes.
        """
        return self.week.number, self.change, not self.agreed


def week_of(*, agreed: bool, sealed: Epoch, taken: Epoch) -> Epoch:
    """The week that a word counts for: a yes from when it was sealed, a no from when it was taken.

    `taken` is the opening's, which the log bears out; `sealed` the container's, up to 6 weeks
    before it. Who delays a letter (a server, a courier) could else bring an old yes after a newer
    no; whose clock is slow could else say no too early to count. Where the two are in doubt
    somebody says no who meant yes, and can say so again; never the other way round.
    """
    return sealed if agreed else taken


@dataclass(frozen=True)
class Said(Word):
    """One row of consent as it stands in an item, for the history.

    `question` is that which it answers, as `sha256:` and the hex of its note; empty for most.
    """

    item: str
    kind: Kind
    mode: Mode
    row: Consent
    question: str = ""


@dataclass(frozen=True)
class Sent:
    """One item of a code that was opened; `taken` is the week of its opening."""

    item: str
    container: Container
    taken: Epoch
    logged: bool

    @property
    def said(self) -> Iterator[Said]:
        """Its rows of consent."""
        box = self.container
        for row in box.consent:
            yield Said(
                level=row.level,
                agreed=row.agreed,
                week=week_of(agreed=row.agreed, sealed=box.epoch, taken=self.taken),
                change=box.kind is not Kind.TESTIMONY,
                logged=self.logged,
                item=self.item,
                kind=box.kind,
                mode=box.mode,
                row=row,
                question=box.answers.get(ASKED, "") if box.kind is Kind.CONSENT else "",
            )


@dataclass(frozen=True)
class Thread:
    """All that a case has of one code.

    `gone` are its items that were withdrawn, with the week in which each was taken; `unread` are
    ids of whatever cannot be read in this folder, and may be of the same code.
    """

    sent: tuple[Sent, ...]
    gone: tuple[tuple[str, Epoch], ...] = ()
    unread: tuple[str, ...] = ()

    @classmethod
    def of(cls, *sent: Sent) -> Self:
        """One of which nothing is missing."""
        return cls(sent)

    @property
    def said(self) -> list[Said]:
        """Every row of consent, oldest first."""
        every = (said for sent in self.sent for said in sent.said)
        return sorted(every, key=lambda said: (said.age, list(Level).index(said.level), said.item))

    @property
    def testimonies(self) -> list[Sent]:
        """What all else was added to."""
        return [sent for sent in self.sent if sent.container.kind is Kind.TESTIMONY]

    def caps_on(self, container: Container) -> set[Cap]:
        """What holds an item back: an addition, also whatever holds a testimony of its code.

        And one that says no age, also that another of its code is of somebody under 18.
        """
        ours = set(caps(container.answers))
        others = {cap for sent in self.testimonies for cap in caps(sent.container.answers)}
        if container.kind is Kind.ADDITION:
            return ours | others  # it does not say which of them it belongs to
        if not says_age(container.answers):
            ours |= others & {Cap.MINOR}
        return ours

    def newest(self, level: Level) -> Word | None:
        """The word that counts for a use: a `Said`, or that an item of the code was withdrawn."""
        return newest(level, self.words(level))

    def words(self, level: Level) -> list[Word]:
        """Every word on a use: what was said, and the no of what was withdrawn."""
        said = [one for one in self.said if one.level is level]
        return [*said, *gone_words(level, self.gone)]

    def taken_back(self, level: Level) -> Epoch | None:
        """The week in which a yes was taken back, None where there was none or it still holds."""
        last = self.newest(level)
        once = any(said.agreed and said.counts for said in self.said if said.level is level)
        return last.week if once and last is not None and not last.agreed else None


def newest(level: Level, words: Iterable[Word]) -> Word | None:
    """The one of these words that counts for a use."""
    ours = (word for word in words if word.level is level and word.counts)
    return max(ours, key=lambda word: word.age, default=None)


def gone_words(level: Level, gone: Iterable[tuple[str, Epoch]]) -> Iterator[Word]:
    """What a withdrawn item still says: no.

    It may have been the no to an older yes, too old to be withdrawn with it: taking everything
    back must not bring that to life.
    """
    for _, week in gone:
        yield Word(level, agreed=False, week=week, change=True, logged=True)
