"""What `intake audit publication` says of a redacted testimony, alone and with the site's log."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import pytest

from intake.cli import run
from intake.opening import Opening, PublicHalf
from intake.publication import Publication
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import Blinded
from intake.tlog.proof import LogProof
from intake.tlog.tile_reader import TileReader
from tests.audit.holder import week_with
from tests.audit.log_site import BEGINNING, THIS, LogSite, closed, log_site, weeks_ago, write_policy
from tests.ports import free_port
from tests.publications import Logged, container, hidden_names, opening_of
from tests.tlog.logs import ORIGIN, WITNESSES

LAST = weeks_ago(1)
LIMITS = [
    "not proved: that what it says is true",
    (
        "not proved: that nothing that matters was left out, nor how much: "
        "the length of what is left out is blurred"
    ),
    "not proved: who wrote it",
    (
        "not proved: that words after a place that is left out answer the same question as those "
        "before it"
    ),
]
WEEK = "not proved: the week itself, which the log's operator wrote: give --url"


@dataclass
class Reader:
    """Somebody to whom a publication came, with a policy that came another way."""

    site: LogSite
    opening: Opening
    folder: Path
    policy: Path
    capsys: pytest.CaptureFixture[str]
    err: str = ""

    def published(self) -> Publication:
        """The publication out of what the site serves now."""
        index = self.site.entries.index(Blinded(self.opening.commit).to_bytes())
        signed = SignedCheckpoint.parse(self.site.served["/log/checkpoint"])
        reader = TileReader(
            lambda name: self.site.served.get(f"/log/{name}"),
            signed.checkpoint.size,
            signed.checkpoint.root,
        )
        proof = LogProof(index, reader.inclusion(index), signed)
        whole = Logged(container(), self.opening, tuple(self.site.entries), signed)
        return Publication(whole.disclosed(hidden_names()), PublicHalf.of(self.opening), proof)

    def check(self, data: bytes, *options: str, code: int) -> list[str]:
        """Check these bytes and expect an exit code; the lines on standard output."""
        file = self.folder / "publication"
        file.write_bytes(data)
        self.capsys.readouterr()
        words = ["audit", "publication", str(file), "--policy", str(self.policy), *options]
        assert run(words) == code
        said = self.capsys.readouterr()
        self.err = said.err
        return said.out.splitlines()


@pytest.fixture
def reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Reader]:
    """The testimony is entry 57: one of last week's sixteen."""
    with log_site(tmp_path / "site") as site:
        opening = replace(opening_of(container()), epoch=LAST)
        reader = Reader(site, opening, tmp_path, write_policy(tmp_path), capsys)
        site.publish([*BEGINNING, *week_with(Blinded(opening.commit).to_bytes(), LAST)])
        yield reader


def first(lines: list[str]) -> str:
    """The first line without its day."""
    return lines[0].rsplit(", last on ", 1)[0]


def test_what_holds_is_said_then_what_is_not_proved_then_the_text(reader: Reader) -> None:
    lines = reader.check(reader.published().to_bytes(), code=0)
    says = f"a testimony of week {LAST}: entry 57 of 69 in {ORIGIN}, cosigned by w1, w2"
    assert first(lines) == says
    assert lines[1] == (
        "every word shown stood in it, unaltered: 32 words; something is left out in 5 places"
    )
    assert lines[2] == "its author said yes to publish (c_publish.1, ru)"
    assert lines[3:8] == [*LIMITS, WEEK]
    assert lines[8:] == [
        "    ⟨left out⟩",
        "",
        "narrative",
        "    In March they took my cousin ⟨left out⟩ from the ⟨left out⟩",
        "",
        (
            "    He came back after 12 days. Они держали его в подвале,  и он слышал, как звали "
            "⟨left out⟩ The guard said: ⟨U+202E⟩gnihton⟨U+202C⟩ ⟨U+27E8⟩hidden⟩ <b>[person]</b> 🕊. "
            "⟨left out⟩"
        ),
    ]


def test_the_site_shows_that_it_stands_among_the_entries_of_its_week(reader: Reader) -> None:
    """Also when the log grew; and all of the log is asked for, whatever the publication is of."""
    data = reader.published().to_bytes()
    lines = reader.check(data, "--url", reader.site.url, code=0)
    assert lines[3:5] == [
        "the site's log of 69 entries continues it",
        f"the entry stands among those of {LAST}",
    ]
    assert lines[5:9] == LIMITS
    assert WEEK not in lines
    reader.site.publish([*reader.site.entries, *closed(THIS)])
    asked = len(reader.site.asked)
    assert f"the entry stands among those of {LAST}" in reader.check(
        data, "--url", reader.site.url, code=0
    )
    paths = [path for path in reader.site.asked[asked:] if "entries" in path]
    assert set(paths) == {f"/log/tile/entries/000.p/{len(reader.site.entries)}"}


def test_a_week_that_the_entry_does_not_stand_in_is_found_out(reader: Reader) -> None:
    """Its operator wrote another week into it: the paper alone cannot tell, the site's log can."""
    lying = replace(reader.opening, epoch=weeks_ago(2))
    reader.site.publish([*BEGINNING, *week_with(Blinded(lying.commit).to_bytes(), LAST)])
    reader.opening = lying
    data = reader.published().to_bytes()
    assert f"week {weeks_ago(2)}" in reader.check(data, code=0)[0]
    lines = reader.check(data, "--url", reader.site.url, code=1)
    assert lines[-1] == f"epoch: the entry does not stand among those of {weeks_ago(2)}"
    assert not any("In March" in line for line in lines)


def test_a_proof_of_the_same_entry_in_another_week_is_found_out(reader: Reader) -> None:
    """It stands twice: what the file proves is not the entry of the week that it names."""
    leaf = Blinded(reader.opening.commit).to_bytes()
    early = [*BEGINNING[:19], *week_with(leaf, weeks_ago(2))]
    reader.site.publish([*early, *week_with(leaf, LAST)])
    data = reader.published().to_bytes()
    lines = reader.check(data, "--url", reader.site.url, code=1)
    assert lines[-1] == f"epoch: the entry does not stand among those of {LAST}"


def test_a_log_that_forgot_it_is_found_out(reader: Reader) -> None:
    data = reader.published().to_bytes()
    reader.site.publish([*BEGINNING, *closed(LAST)])
    lines = reader.check(data, "--url", reader.site.url, code=1)
    assert lines[-1] == "fork: the site's log does not begin with the publication's 69 entries"
    reader.site.publish(BEGINNING)
    lines = reader.check(data, "--url", reader.site.url, code=1)
    assert lines[-1] == "rollback: the site gives 52 entries, the publication is of 69"


def test_of_what_does_not_hold_no_word_is_shown(reader: Reader) -> None:
    """One letter, a policy of others, a file that is none: each with its reason, exit 1."""
    publication = reader.published()
    data = publication.to_bytes()
    altered = data.replace(b"In March", b"In April")
    assert reader.check(altered, code=1) == [
        "receipt: the words are not those that the opening names"
    ]
    few = replace(
        publication.proof,
        signed=reader.site.sign(publication.proof.signed.checkpoint, WITNESSES[:1]),
    )
    assert reader.check(replace(publication, proof=few).to_bytes(), code=1) == [
        "receipt: quorum 'q' is not met: no cosignature of 'w2', 'w3'"
    ]
    assert reader.check(data[:-1], code=1) == []
    assert "one spelling" in reader.err
    assert "a messenger may have changed it" in reader.err
    assert reader.check(b" " * (4 << 20) + data, code=1) == []
    assert "at most 4194304 bytes" in reader.err


def test_as_one_json_object(reader: Reader) -> None:
    data = reader.published().to_bytes()
    (text,) = reader.check(data, "--json", code=0)
    told = json.loads(text)
    assert text.isascii()
    assert (told["kind"], told["week"], told["words"], told["left_out"]) == (
        "testimony",
        str(LAST),
        32,
        5,
    )
    assert told["findings"] == []
    assert told["text"][0] == {
        "field": "narrative",
        "left_out_before": True,
        "text": "In March they took my cousin",
    }
    (text,) = reader.check(data.replace(b"In March", b"In April"), "--json", code=1)
    told = json.loads(text)
    assert told["findings"] == [
        {"fault": "receipt", "phrase": "the words are not those that the opening names"}
    ]
    assert told["holds"] == []
    assert told["text"] is told["kind"] is told["week"] is None
    assert "cousin" not in text


def test_a_site_that_cannot_be_asked_is_exit_2(reader: Reader) -> None:
    data = reader.published().to_bytes()
    lines = reader.check(data, "--url", f"http://127.0.0.1:{free_port()}", code=2)
    assert lines == []
    assert "intake: error:" in reader.err


def test_wrong_arguments(reader: Reader, tmp_path: Path) -> None:
    assert run(["audit", "publication"]) == 2
    assert run(["audit", "publication", str(reader.policy)]) == 2
    assert run(["audit", "publication", "--policy", str(reader.policy)]) == 2
    page = str(tmp_path / "no.html")
    assert run(["audit", "publication", "--page", page, "--url", "http://a.test"]) == 2


def test_the_page_is_the_same_for_everybody(reader: Reader, tmp_path: Path) -> None:
    """It is written whole, alone or beside a check, and never over another file."""
    page = tmp_path / "page.html"
    assert run(["audit", "publication", "--page", str(page)]) == 0
    content = files("intake").joinpath("audit", "publication.html").read_bytes()
    assert page.read_bytes() == content
    assert run(["audit", "publication", "--page", str(page)]) == 1
    other = tmp_path / "other.html"
    reader.check(reader.published().to_bytes(), "--page", str(other), code=0)
    assert other.read_bytes() == content
