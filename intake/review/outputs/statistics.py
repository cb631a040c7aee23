"""Counts of accounts for anybody: two ways at most, none under 5, and none from which one follows."""

import json
from typing import Final

from intake.review.outputs.counting import Name, Table, tables
from intake.review.outputs.material import Material
from intake.review.outputs.pictures import line_name
from intake.review.outputs.refusing import K
from intake.review.outputs.sheets import sheet
from intake.review.outputs.wording import say, signed

FORMAT: Final = "testimony-intake/outputs/statistics/v1"
PUBLISHED: Final = (Name.MONTH_ACT, Name.PLACE_AFFILIATION, Name.RELATION_ACT)


def statistics(material: Material) -> dict[str, bytes]:
    """Each table as a sheet, and all of them as JSON."""
    counted = tables(material.counted, material.register, inside=False)
    files = {f"{name}.csv": _sheet(counted[name], material) for name in PUBLISHED}
    value = {
        "format": FORMAT,
        "deployment": material.deployment,
        "week": str(material.week),
        "caption": say("caption", material.lang),
        "n": len(material.counted),
        "k": K,
        "one_person_signed": material.alone,
        "tables": [_value(counted[name]) for name in PUBLISHED],
    }
    files["statistics.json"] = json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
    return files


def _value(table: Table) -> dict[str, object]:
    return {
        "name": table.name.value,
        "rows": list(table.rows),
        "columns": list(table.columns),
        "cells": [[table.cells[row, column] for column in table.columns] for row in table.rows],
        "row_totals": [table.row_totals[row] for row in table.rows],
        "column_totals": [table.column_totals[column] for column in table.columns],
        "suppressed": table.suppressed,
    }


def _sheet(table: Table, material: Material) -> bytes:
    """Codes beside labels; a hidden number says so, n and the caption stand below."""
    width, lang = len(table.columns) + 3, material.lang

    def padded(*cells: str) -> tuple[str, ...]:
        return (*cells, *("" for _ in range(width - len(cells))))

    head = [line_name(table.name, one, lang, column=True) for one in table.columns]
    rows: list[tuple[str, ...]] = [
        ("code", say(f"head_{table.name}", lang), *head, say("total", lang))
    ]
    for row in table.rows:
        cells = (*(table.cells[row, column] for column in table.columns), table.row_totals[row])
        name = line_name(table.name, row, lang, column=False)
        rows.append((row, name, *(_number(cell, lang) for cell in cells)))
    sums = [_number(table.column_totals[column], lang) for column in table.columns]
    rows.append(("", say("total", lang), *sums, ""))
    rows.append(padded("n", str(table.n)))
    rows.append(padded("suppressed", str(table.suppressed)))
    rows.append(padded("caption", say("caption", lang)))
    rows.append(padded("signed", signed(material.alone, lang)))
    return sheet(rows)


def _number(value: int | None, lang: str) -> str:
    return say("hidden", lang) if value is None else str(value)
