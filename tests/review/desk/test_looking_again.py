"""Names that the case knows, what is left for one last look, and the checklist: on the redaction page."""

import re

import pytest

from intake.review import destroying, gates
from intake.review.case import Case
from intake.review.finding.memory import OfItem
from intake.review.journal import Mark
from intake.review.progress import Progress
from intake.review.record import Verdict
from intake.review.remembering import Seen, names_of, seen_of
from intake.review.steps import Step
from intake.review.work import CHECKED
from tests.review.desk.conftest import STORY, Made, Window
from tests.review.desk.working import LONG, opened, own, read_through, working

__all__ = ["own", "read_through", "working"]

NAME = "narrative:0:13"  # Заур Мусхабов


def here(own: Made, name: str) -> str:
    return f"/item/{own.items[name]}/redact"


def case_of(window: Window) -> Case:
    assert window.desk.sitting is not None
    return window.desk.sitting.case


def proposed(page: str) -> list[str]:
    section = page.partition('id="proposed"')[2].partition("</section>")[0]
    return re.findall(r"<mark>(.*?)</mark>", section)


def left(page: str) -> dict[str, str]:
    section = page.partition('id="left"')[2].partition("</section>")[0]
    rows = re.findall(r'name="strings" value="([^"]*)">.*?<mark>(.*?)</mark>', section)
    return {words: place for place, words in rows}


def take_name_out(window: Window, own: Made) -> None:
    assert window.post(f"{here(own, 'story')}/mark", lines=NAME, reason="person") == 303
    assert window.post(f"{here(own, 'story')}/save") == 303


def test_a_name_that_was_taken_out_is_proposed_in_another_testimony_once_it_is_saved(
    working: Window, own: Made
) -> None:
    assert proposed(working.get(f"{here(own, 'long')}?propose=memory")) == []
    assert working.post(f"{here(own, 'story')}/mark", lines=NAME, reason="person") == 303
    assert proposed(working.get(f"{here(own, 'long')}?propose=memory")) == [], "it is a draft yet"
    assert working.post(f"{here(own, 'story')}/save") == 303
    page = working.get(f"{here(own, 'long')}?propose=memory")
    assert proposed(page) == ["Мусхабов", "МУСХАБОВА"]
    working.desk.lock()


def test_it_is_known_again_after_the_desk_was_locked_and_gone_with_its_testimony(
    working: Window, own: Made
) -> None:
    take_name_out(working, own)
    working.desk.lock()
    window = opened(own)
    try:
        assert window.post(f"/item/{own.items['long']}/open") == 303
        assert proposed(window.get(f"{here(own, 'long')}?propose=memory")) != []
        case = case_of(window)
        assert names_of(case).found(LONG) != []
        destroying.destroy(case, own.items["story"], Verdict.ERASED)
        assert names_of(case).found(LONG) == []
        assert window.desk.sitting is not None
        window.desk.sitting.read_again()
        window.read_all()
        assert proposed(window.get(f"{here(own, 'long')}?propose=memory")) == []
    finally:
        window.desk.lock()


def test_the_twin_whose_memory_outlives_its_testimony_is_noticed(
    working: Window, own: Made
) -> None:
    """As a cache of names beside the items would: what it knows is there after the item is gone."""
    take_name_out(working, own)
    case = case_of(working)
    kept = names_of(case)
    destroying.destroy(case, own.items["story"], Verdict.ERASED)
    assert kept.found(LONG) != []
    assert names_of(case).found(LONG) == []


def test_what_is_not_ticked_is_left_here_and_proposed_elsewhere_still(
    working: Window, own: Made
) -> None:
    take_name_out(working, own)
    long = here(own, "long")
    page = working.get(f"{long}?propose=memory")
    shown = re.findall(r'name="shown" value="([^"]*)"', page)
    first = re.findall(r'name="lines" value="(narrative:[^"]*=person)"', page)[0]
    form: dict[str, object] = {"shown": shown, "lines": first, "do": "leave"}
    assert working.ask("POST", f"{long}/mark", form)[0] == 303
    assert proposed(working.get(f"{long}?propose=memory")) == []
    assert working.post(f"{long}/move", how="undo") == 303
    assert len(proposed(working.get(f"{long}?propose=memory"))) == 2, "it can be undone"
    assert working.post(f"{long}/move", how="redo") == 303
    assert working.post(f"{long}/save") == 303
    assert proposed(working.get(f"{long}?propose=memory")) == [], "and holds once it is saved"
    case = case_of(working)
    container, redaction = case.read(own.items["long"])
    assert redaction is not None
    seen = seen_of(case, own.items["long"], redaction.envelope)
    assert seen.words(container) == ["МУСХАБОВА"]
    memory = OfItem(names_of(case), seen.words(container))
    assert [STORY[s.start : s.end] for s in memory.found(STORY)] == ["Заур Мусхабов"]


def test_what_is_left_is_listed_once_and_goes_or_stays_wherever_it_stands(
    working: Window, own: Made
) -> None:
    long = here(own, "long")
    rows = left(working.get(long))
    assert {"Ахмед", "Мусхабов", "МУСХАБОВА", "Иса", "Axmed", "12", "24"} <= rows.keys()
    assert "взяли" not in rows
    assert list(rows)[-1] in {"Уезжай", "Брат", "Меня", "Потом"}, (
        "what only opens sentences is last"
    )
    form: dict[str, object] = {"strings": [rows["Иса"], rows["Axmed"]], "reason": "person"}
    assert working.ask("POST", f"{long}/look", form)[0] == 303
    page = working.get(long)
    assert not {"Иса", "Axmed"} & left(page).keys()
    assert page.count("[person]") >= 2
    stays: dict[str, object] = {"strings": [rows["24"]], "reason": ""}
    assert working.ask("POST", f"{long}/look", stays)[0] == 303
    assert "24" not in left(working.get(long))
    assert "24 года" in working.get(long)
    assert working.post(f"{long}/save") == 303
    version = case_of(working).redactions(own.items["long"])
    again: dict[str, object] = {"strings": [rows["Уезжай"]], "reason": ""}
    assert working.ask("POST", f"{long}/look", again)[0] == 303
    assert working.post(f"{long}/save") == 303
    assert "Уезжай" not in left(working.get(long))
    assert case_of(working).redactions(own.items["long"]) == version, "nothing that is seen changed"


def test_words_of_another_text_are_no_words_that_were_left(working: Window, own: Made) -> None:
    case, item = case_of(working), own.items["long"]
    gates.leave(case, item, Seen(bytes(32), (("narrative", 0, 4),)))
    assert seen_of(case, item, case.entry(item).opening.envelope).places == ()
    working.get(here(own, "long"))


def test_only_its_first_reader_may_leave_words(working: Window, own: Made) -> None:
    case, item = case_of(working), own.items["waiting"]
    with pytest.raises(Exception, match="it was not read"):
        gates.leave(case, item, Seen(case.entry(item).opening.envelope, ()))


def test_the_checklist_is_asked_on_the_page_for_each_version_anew(
    working: Window, own: Made
) -> None:
    page = working.get(here(own, "story"))
    assert "Save a version first" in page
    assert "a.dialogue" not in page
    take_name_out(working, own)
    page = working.get(here(own, "story"))
    assert page.count('type="radio" name="a.dialogue"') == 2
    about = re.findall(r'name="about" value="([^"]*)"', page)
    assert about == ["1 r1"]
    step = f"/item/{own.items['story']}/step/checklist"
    given = {f"a.{name}": "absent" for name in CHECKED} | {"about": "1 r1", "do": "done"}
    short = {name: text for name, text in given.items() if name != "a.body"}
    status, page, _ = working.ask("POST", step, dict(short))
    assert status == 422
    assert working.ask("POST", step, {**given, "about": "7 r1"})[0] == 409
    assert working.ask("POST", step, dict(given))[0] == 303
    case = case_of(working)
    assert Progress.of(case, own.items["story"]).done[Step.CHECKLIST] == Mark(1, "r1")
    assert "Answered for version 1 by r1" in working.get(here(own, "story"))
    assert working.post(f"{here(own, 'story')}/mark", lines="narrative:17:30=place") == 303
    assert working.post(f"{here(own, 'story')}/save") == 303
    assert "Answered for version" not in working.get(here(own, "story"))
    assert Step.CHECKLIST not in Progress.of(case, own.items["story"]).done
