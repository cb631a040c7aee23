"""What finding costs: to load, for a first answer, for each kilobyte, in memory, and for a long text."""

# ruff: noqa: RUF001 - Cyrillic text is meant

import json
import subprocess
import sys
from typing import Any, Final

PARAGRAPH: Final = {
    "ru": (
        "Меня зовут Мовсар Хамидов, мне 34 года. В марте 2017 года, около трёх часов ночи, к нам во двор"
        " в Аргуне заехали две чёрные машины без номеров. Меня и моего брата Асланбека отвезли в подвал"
        " РОВД. Там нас держали восемнадцать дней, били трубой и спрашивали про соседа, который уехал в"
        " Германию. Старшего они называли Лордом. Потом отцу сказали принести 300 тысяч рублей.\n"
    ),
    "en": (
        "My name is Ruslan Khamidov and I am 34. In March 2017, at about three at night, two black cars"
        " without plates drove into our yard in Argun. They took me and my brother to the basement of the"
        " police station. We were held there for eighteen days, beaten with a pipe, and asked about a"
        " neighbour who had left for Germany. Later my father was told to bring 300,000 roubles.\n"
    ),
}

# In a process of its own: what was loaded before would make it look quick and large.
_MEASURED: Final = """
import json, sys, time
from benchmarks.high_water import most
paragraphs = json.loads(sys.argv[1])
def filled(language, size):
    one = paragraphs[language]
    return one * (size // len(one.encode()) + 1)
begin = time.process_time()
from intake.review.finding.find import find, load
load()
loading = time.process_time() - begin
def cost(text):
    taken = []
    for _ in range(3):
        begin = time.process_time()
        find(text)
        taken.append(time.process_time() - begin)
    return min(taken)
small = filled("ru", 5_000)
begin = time.process_time()
find(small)
first = time.process_time() - begin
found = {"loading": loading, "first": first}
for language in paragraphs:
    short, long = filled(language, 5_000), filled(language, 500_000)
    found[language] = len(long.encode()) / 1000 / cost(long)
    found["growth " + language] = cost(long) / len(long) / (cost(short) / len(short))
found["memory"] = most() / 1024
print(json.dumps(found))
"""


def measure() -> list[dict[str, Any]]:
    """Everything, in seconds of one processor: what else the machine does is not counted."""
    process = subprocess.run(
        [sys.executable, "-c", _MEASURED, json.dumps(PARAGRAPH)],
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(process.stdout)
    return [
        _row("find_load", found["loading"], "s", "<= 3"),
        _row("find_first_5kb", 1000 * found["first"], "ms", "<= 400"),
        _row("find_ru", found["ru"], "kB/s a core", ">= 25"),
        _row("find_en", found["en"], "kB/s a core", ""),
        _row("find_ru_growth", found["growth ru"], "of a kB at 5 kB", "<= 1.3"),
        _row("find_en_growth", found["growth en"], "of a kB at 5 kB", "<= 1.3"),
        _row("find_memory", found["memory"], "MiB", "<= 500"),
    ]


def _row(name: str, value: float, unit: str, target: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "target": target, "peers": {}}


if __name__ == "__main__":
    for row in measure():
        print(row["name"], round(row["value"], 2), row["unit"], row["target"])
