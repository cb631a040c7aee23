"""What stops a file on its way out is said in the language of the desk, with a way on."""

import re
from pathlib import Path

import pytest

from intake.review.log_policy import keep_policy
from intake.review.plan import LIMIT
from tests.little_log import POLICY
from tests.panel import Panel
from tests.review.desk.bench import Bench
from tests.review.desk.test_out import NEEDED, built, ready

_ALERT = re.compile(r'<div class="alert" role="alert">(.*?)</div>', re.DOTALL)
PLAN = 'form = "report"\npurpose = "publish"\nitems = []\n'


def told(page: str) -> str:
    """What a refusal says; all of it in Russian."""
    (alert,) = _ALERT.findall(page)
    assert 'lang="en"' not in alert
    assert '<p lang="ru">' in alert
    return alert


STOPPED: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"items": "{item} {item}", "form": "proof"}, "из одной записи", "Назовите одну запись"),
    ({"items": "zz"}, "записи с таким номером нет", "Номера стоят в списке"),
    ({"purpose": "stats"}, "статистика — это коды", "Выберите вид JSON"),
    ({"purpose": "stats", "form": "proof"}, "доказывать в ней нечего", "другое назначение"),
    ({"plan": "<b>no plan"}, "не на TOML", "intake review build --help"),
    ({"plan": f'{PLAN}colour = "red"\n'}, "ключ, которого не бывает", "Бывают: "),
    ({"plan": PLAN.replace("report", "poem")}, "чего не бывает", "Виды: "),
    ({"plan": "#" * (LIMIT + 1)}, f"план длиннее {LIMIT}", ""),
)


@pytest.fixture
def bench(panel: Panel, tmp_path: Path) -> Bench:
    return Bench.made(panel, tmp_path)


def test_what_cannot_be_built_says_so_in_russian(bench: Bench) -> None:
    ready(bench)
    keep_policy(bench.pair.first, POLICY)
    with bench.window() as window:
        window.post("/language", tag="ru", back="/")
        for given, said, way_on in STOPPED:
            asked = {**NEEDED, "items": "{item}", **given}
            form = {name: str(value).replace("{item}", bench.item) for name, value in asked.items()}
            status, page, _ = window.ask("POST", "/out", dict(form))
            assert status == 409, said
            assert said in told(page)
            assert way_on in told(page)


def test_a_proof_without_a_policy_says_where_one_comes_from(bench: Bench) -> None:
    ready(bench)
    with bench.window() as window:
        window.post("/language", tag="ru", back="/")
        form = {**NEEDED, "items": bench.item, "form": "proof", "purpose": "investigators"}
        status, page, _ = window.ask("POST", "/out", form)
        assert status == 409
        assert "какому журналу верить" in told(page)
        assert "keys/log.policy" in told(page)


def test_a_file_that_cannot_be_written_says_why_in_russian(bench: Bench) -> None:
    ready(bench)
    with bench.window() as window:
        where = built(bench, window)[2]
        window.get(where)
        assert window.post(f"{where}/sign") == 303
    bench.pair.sync(1)
    bench.pair.sync(2)
    taken = bench.pair.folder / "taken.txt"
    taken.write_text("mine")
    with bench.window(2) as window:
        window.post("/language", tag="ru", back="/")
        window.get(where)
        assert window.post(f"{where}/sign") == 303
        for path, said, way_on in (
            ("no/such/folder/x", "файл не удалось записать", "No such file or directory."),
            (str(bench.pair.second / "x"), "не место в папке дела", "Назовите другое место."),
            ("taken.txt", f"{taken} уже есть", "назовите другой файл"),
        ):
            status, page, _ = window.ask("POST", f"{where}/leave", {"path": path})
            assert status == 409
            assert said in told(page)
            assert way_on in told(page)
    assert taken.read_text() == "mine"
