"""The marked texts that finding is trained and tried on, read into one shape.

TAB: Pilán et al. 2022, arXiv 2202.00443, MIT. factRuEval-2016: dialogue-evaluation, MIT. Neither is
part of this project: whoever has them says where.
"""

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.redaction import gold as marked

TRAINING: Final = Path(__file__).with_name("training")
TAB: Final = "tab_train_dev.jsonl"
FACTRU: Final = "factrueval2016_devset.tar.gz"
_NAMES: Final = {
    "name": "PERSON",
    "surname": "PERSON",
    "patronymic": "PERSON",
    "nickname": "PERSON",
    "loc_name": "LOC",
    "org_name": "ORG",
}


@dataclass(frozen=True)
class Mention:
    """Code points `start` to `end`; `entity` names who or what it is in this text.

    `weight` is DIRECT, QUASI or NO_MASK, as in TAB.
    """

    start: int
    end: int
    label: str
    weight: str
    entity: str

    @property
    def masked(self) -> bool:
        """Whether it has to be taken out."""
        return self.weight != "NO_MASK"


NAMES_ONLY: Final = frozenset(_NAMES.values())
"""All that factRuEval marks."""


@dataclass(frozen=True)
class Document:
    """A text, what is marked in it, and its language; `names_only` says that nothing but names is."""

    name: str
    text: str
    mentions: tuple[Mention, ...]
    language: str
    names_only: bool = False

    @property
    def masked(self) -> tuple[Mention, ...]:
        """What has to be taken out."""
        return tuple(mention for mention in self.mentions if mention.masked)


def tab(folder: Path) -> list[Document]:
    """The judgments of TAB in `folder`."""
    found: list[Document] = []
    with (folder / TAB).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            mentions = tuple(
                Mention(
                    m["start_offset"],
                    m["end_offset"],
                    m["entity_type"],
                    m["identifier_type"],
                    m["entity_id"],
                )
                for m in row["entities"]
            )
            found.append(Document(f"tab-{number}", row["text"], mentions, "en"))
    return found


def factru(folder: Path) -> list[Document]:
    """The news of factRuEval in `folder`: the parts of names of persons, places, organisations."""
    found: list[Document] = []
    with tarfile.open(folder / FACTRU) as archive:
        members = {member.name: member for member in archive.getmembers()}
        for name in sorted(members):
            if not name.endswith(".txt"):
                continue
            text = _read(archive, members[name])
            spans = _read(archive, members[name.removesuffix(".txt") + ".spans"])
            found.append(
                Document(Path(name).stem, text, tuple(_names(spans)), "ru", names_only=True)
            )
    return found


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = archive.extractfile(member)
    if file is None:
        raise FileNotFoundError(member.name)
    return file.read().decode("utf-8")


def _names(spans: str) -> Iterator[Mention]:
    for line in spans.splitlines():
        fields = line.split("#")[0].split()
        if len(fields) >= 4 and fields[1] in _NAMES:
            start, length = int(fields[2]), int(fields[3])
            yield Mention(start, start + length, _NAMES[fields[1]], "QUASI", fields[0])


def biographies(language: str) -> list[Document]:
    """The invented lives beside this file, in one language."""
    path = Path(__file__).with_name(f"biographies-{language}.txt")
    return [_document(one) for one in marked.load(path)]


def more(language: str) -> list[Document]:
    """More invented texts, to train with and to measure nothing on; Russian mixed with Chechen is with the Russian."""
    languages = (language, "ce") if language == "ru" else (language,)
    paths = sorted(path for one in languages for path in TRAINING.glob(f"*-{one}.txt"))
    return [_document(one) for path in paths for one in marked.load(path)]


def accounts(part: str, language: str) -> list[Document]:
    """Accounts by quite different voices, `fresh` or `unseen`, to measure on and never to train on.

    Rules were mended after the fresh ones were looked at; nobody who works on the finder reads the others.
    """
    path = Path(__file__).with_name(f"{part}-{language}.txt")
    return [_document(one) for one in marked.load(path)]


def gold(part: str, language: str) -> list[Document]:
    """The invented testimonies of `dev` or `held` in one language."""
    path = marked.FOLDER / f"{part}-{language}.txt"
    return [_document(one) for one in marked.load(path)]


def _document(one: marked.Testimony) -> Document:
    """Mentions that are written alike are of one entity."""
    mentions = tuple(
        Mention(
            mark.start,
            mark.end,
            mark.label,
            "DIRECT" if mark.directness is marked.Directness.DIRECT else "QUASI",
            f"{mark.label} {one.text[mark.start : mark.end].lower()}",
        )
        for mark in one.marks
    )
    return Document(one.name, one.text, mentions, one.language)


def lowered(document: Document) -> Document:
    """The same without capitals; letters whose lower case is longer stay, so that places hold."""
    text = "".join(c.lower() if len(c.lower()) == 1 else c for c in document.text)
    return replace(document, text=text)
