"""`make bench-redaction TEXTS=FOLDER`: what is found, a table for each set of texts, and `results.json`.

Each set is tried as it is and in small letters. Figures are on texts that no model in use saw: in five
folds, each with models trained on the other four, or on the held-out gold set, which alone is read here.
"""

import json
import sys
from pathlib import Path

from benchmarks.redaction.trying import ROWS, Try, tries

HEAD = ("set", "", "texts", "row", "tokens", "direct", "quasi", "precision", "per 1,000")


def main(folder: Path) -> None:
    """Measure everything, print it, keep it."""
    rows: list[dict[str, object]] = []
    print("{:<10}{:<7}{:>5} {:<8}{:>8}{:>8}{:>8}{:>10}{:>11}".format(*HEAD))
    for one in tries(folder):
        for name in ROWS:
            row = _row(one, name)
            rows.append(row)
            print(
                "{set:<10}{case:<7}{texts:>5} {row:<8}{token_recall:>8.3f}{direct:>8.3f}{quasi:>8.3f}"
                "{precision:>10.3f}{per_1000_words:>11.1f}".format(**row)
            )
        print("  " + "  ".join(f"{k} {v:.2f}" for k, v in _row(one, "ours")["labels"].items()))
    path = Path(__file__).with_name("results.json")
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _row(one: Try, name: str) -> dict[str, object]:
    score = one.scores[name]
    return {
        "set": one.set,
        "case": "cased" if one.cased else "lower",
        "texts": one.texts,
        "row": name,
        "token_recall": round(score.recall, 4),
        "direct": round(score.entity_recall("DIRECT"), 4),
        "direct_left": score.entities["DIRECT"][1] - score.entities["DIRECT"][0],
        "quasi": round(score.entity_recall("QUASI"), 4),
        "precision": round(score.precision, 4),
        "per_1000_words": round(score.burden, 1),
        "labels": {
            str(label): round(gone / due, 4)
            for label, (gone, due) in sorted(score.by_label.items())
        },
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
