"""Measures everything, prints a table, writes `results.json` beside this file."""

import json
import sys
from pathlib import Path

from benchmarks import (
    age_speed,
    coming_back,
    delivering,
    desk,
    finding,
    log_speed,
    pages,
    proving,
    reviewing,
    sending,
    submissions,
)


def main() -> None:
    """Run every measurement."""
    rows = [
        *age_speed.measure(),
        *submissions.measure(),
        *pages.measure(),
        *sending.measure(),
        *coming_back.measure(),
        *log_speed.measure(),
        *delivering.measure(),
        *reviewing.measure(),
        *desk.measure(),
        *finding.measure(),
        *proving.measure(),
    ]
    for row in rows:
        peers = ", ".join(f"{name} {value:,.0f}" for name, value in row["peers"].items())
        sys.stdout.write(
            f"{row['name']:<22}{row['value']:>12,.1f} {row['unit']:<18}{row['target']:<16}{peers}\n"
        )
    path = Path(__file__).with_name("results.json")
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
