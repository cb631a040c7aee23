"""What is not saved yet: kept over a crash, sealed, one reviewer's own, and on no stick."""

from pathlib import Path

import pytest

from intake.errors import MalformedError, ProofError, StoreError
from intake.review import drafts
from intake.review.destroying import destroy
from intake.review.record import Verdict
from intake.review.stick import FOLDER
from tests.panel import Panel
from tests.review.two_people import Pair
from tests.review.workroom import Room, sealed_item

WORD = "Мусхабов"


@pytest.fixture
def pair(room: Room, panel: Panel, tmp_path: Path) -> Pair:
    room.take(sealed_item(panel.roster))
    return Pair(panel, room.folder, tmp_path)


def test_a_draft_is_there_again_when_the_case_is_opened_again(pair: Pair) -> None:
    with pair.case(1) as case:
        (item,) = case.items()
        assert drafts.read(case, item, "redact") is None
        for value in ({"a": [1, WORD]}, {"a": [2, WORD]}):
            drafts.keep(case, item, "redact", value)
        drafts.keep(case, item, "code", [WORD])
    with pair.case(1) as case:
        assert drafts.read(case, item, "redact") == {"a": [2, WORD]}
        drafts.drop(case, item, "redact")
        drafts.drop(case, item, "redact")
        assert drafts.read(case, item, "redact") is None
        assert drafts.read(case, item, "code") == [WORD]


def test_it_is_sealed_to_the_items_key_and_goes_with_the_item(pair: Pair) -> None:
    with pair.case(1) as case:
        (item,) = case.items()
        drafts.keep(case, item, "code", WORD)
        path = case.files.path(item, "draft-code-r1")
        sealed = path.read_bytes()
        assert WORD.encode() not in sealed
        key = case.files.path(item, "key").read_bytes()
        case.files.path(item, "key").unlink()
        case.files.forget_key(item)
        with pytest.raises(StoreError):
            drafts.read(case, item, "code")
        case.files.path(item, "key").write_bytes(key)
        destroy(case, item, Verdict.ERASED)
        assert not path.exists()


def test_no_stick_carries_a_draft_and_the_other_reviewer_sees_none(pair: Pair) -> None:
    with pair.case(1) as case:
        (item,) = case.items()
        drafts.keep(case, item, "redact", WORD)
        name = case.files.path(item, "draft-redact-r1").name
    pair.sync(1)
    (offer,) = (pair.stick / FOLDER).iterdir()
    assert any(path.name == "original.age" for path in offer.rglob("*"))
    assert not [path for path in offer.rglob("*") if "draft" in path.name]
    assert b"draft" not in (offer / "list").read_bytes()
    pair.sync(2)
    with pair.case(2) as case:
        assert not [path for path in case.folder.rglob("*") if path.name == name]
        assert drafts.read(case, item, "redact") is None


def test_a_draft_under_another_name_is_not_taken_for_it(pair: Pair) -> None:
    with pair.case(1) as case:
        (item,) = case.items()
        drafts.keep(case, item, "code", WORD)
        source, target = (case.files.path(item, f"draft-{n}-r1") for n in ("code", "redact"))
        target.write_bytes(source.read_bytes())
        with pytest.raises(ProofError):
            drafts.read(case, item, "redact")
        drafts.drop(case, item, "redact")
        assert drafts.read(case, item, "redact") is None
        for step in ("", "../key", "Code", "code-0001"):
            with pytest.raises(MalformedError):
                drafts.keep(case, item, step, WORD)


def test_a_draft_that_cannot_be_read_is_set_aside_and_nothing_is_lost(pair: Pair) -> None:
    with pair.case(1) as case:
        (item,) = case.items()
        path = case.files.path(item, "draft-code-r1")
        assert drafts.taken_up(case, item, "code", str) is None
        assert drafts.aside(case, item, "code") == []
        broken = [b"age-encryption.org/v1\n\xff", b"", b"other"]
        for content in broken:
            path.write_bytes(content)
            assert drafts.taken_up(case, item, "code", str) is None
            assert not path.exists()
        assert [one.read_bytes() for one in drafts.aside(case, item, "code")] == broken
        drafts.keep(case, item, "code", WORD)
        assert drafts.taken_up(case, item, "code", str) == WORD
        # One of another shape is as little a draft as one that does not open.
        whole = path.read_bytes()
        assert drafts.taken_up(case, item, "code", _refuses) is None
        assert drafts.aside(case, item, "code")[-1].read_bytes() == whole
        assert drafts.aside(case, item, "redact") == []
        assert all(drafts.is_draft(one.name) for one in drafts.aside(case, item, "code"))
        drafts.forget_aside(case, item, "code")
        assert drafts.aside(case, item, "code") == []
        path.write_bytes(b"x")
        drafts.taken_up(case, item, "code", str)
        destroy(case, item, Verdict.ERASED)
        assert not list(case.folder.rglob("draft-*"))


def _refuses(value: object) -> str:
    raise MalformedError("a draft has another shape")


def test_without_the_items_key_no_draft_is_moved(pair: Pair) -> None:
    with pair.case(1) as case:
        (item,) = case.items()
        drafts.keep(case, item, "code", WORD)
        case.files.path(item, "key").unlink()
        case.files.forget_key(item)
        assert drafts.taken_up(case, item, "code", str) is None
        assert case.files.path(item, "draft-code-r1").exists()
