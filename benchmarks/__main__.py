"""Measures everything, or what `--only` names; prints a table, writes `results.json` beside this file.

What is measured takes the place of its own rows there, and leaves the others as they were.
`postgres_hosts` needs root and is measured only where it is named.
"""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

# Each module of this package by the figures that it gives, in the order of the table. A module gives
# all of its figures in one run: what stands side by side was measured side by side.
FIGURES: dict[str, tuple[str, ...]] = {
    "age_speed": ("seal_10mb", "open_10mb", "seal_2kb_3r", "open_2kb_3r"),
    "load.rates": (
        "submit_script_cpu",
        "submit_noscript_cpu",
        "submit_script_rate",
        "submit_noscript_rate",
        "submit_p95_script",
        "errors_64_clients",
        "server_memory",
    ),
    "load.files": ("server_memory_files", "file_60mb_store"),
    "load.growth": ("growth_100k", "growth_form_100k", "growth_1m", "growth_form_1m"),
    "load.slowness": ("slow_clients_p95",),
    "pages": ("page_bytes_noscript", "page_requests_noscript", "script_bytes"),
    "sending": ("send_ms", "send_ms_jitless"),
    "coming_back": ("board_256_ms", "stretch_ms", "stretch_ms_jitless"),
    "log_speed": ("leaf_append", "leaf_audit", "hash_million_vs_go", "log_memory"),
    "delivering": ("deliver_10k", "withdraw_nothing_cpu"),
    "reviewing": ("open_2cores", "import_10k", "import_10k_memory"),
    "desk": ("desk_list_10k", "desk_search_10k", "desk_memory_10k", "desk_memory_finding"),
    "finding": (
        "find_load",
        "find_first_5kb",
        "find_ru",
        "find_en",
        "find_ru_growth",
        "find_en_growth",
        "find_memory",
    ),
    "proving": ("proof_bytes", "proof_cpu"),
    "postgres_hosts": ("postgres_two_hosts",),
}
# What needs root, and the kernel's cpu controller: measured where it is named.
BY_NAME = ("postgres_hosts",)
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    """Run the measurements that were asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="\n".join(f"{module}: {', '.join(names)}" for module, names in FIGURES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only",
        nargs="+",
        metavar="NAME",
        help="figures or modules; all of a module's are measured",
    )
    asked = parser.parse_args().only
    everything = [module for module in FIGURES if module not in BY_NAME]
    modules = everything if asked is None else _modules(parser, asked)
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    rows = []
    for module in modules:
        found: list[dict[str, Any]] = import_module(f"benchmarks.{module}").measure()
        if sorted(row["name"] for row in found) != sorted(FIGURES[module]):
            raise SystemExit(f"{module} gives other figures than are listed here")
        rows += found
    for row in rows:
        sys.stdout.write(said(row))
    write(_among(before, rows))


def said(row: dict[str, Any]) -> str:
    """One line of the table."""
    peers = ", ".join(f"{name} {value:,.0f}" for name, value in row["peers"].items())
    return f"{row['name']:<22}{row['value']:>12,.1f} {row['unit']:<18}{row['target']:<16}{peers}\n"


def write(rows: list[dict[str, Any]]) -> None:
    """Make these the results."""
    RESULTS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _modules(parser: argparse.ArgumentParser, asked: list[str]) -> list[str]:
    """The modules that these names are of, or are, in the order of the table."""
    unknown = set(asked) - set(FIGURES) - {name for names in FIGURES.values() for name in names}
    if unknown:
        parser.error(f"no such figure: {', '.join(sorted(unknown))}")
    return [module for module, names in FIGURES.items() if {module, *names} & set(asked)]


def _among(before: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results as they were, with these rows in the place of their namesakes."""
    order = [name for names in FIGURES.values() for name in names]
    kept = {row["name"]: row for row in (*before, *rows)}
    return [kept[name] for name in order if name in kept]


if __name__ == "__main__":
    main()
