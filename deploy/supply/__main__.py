"""`python -m deploy.supply`: what the targets `dist`, `wheelhouse`, `audit` of the Makefile run."""

import sys
from pathlib import Path

from deploy.supply import audit, wheelhouse

_USE = "python -m deploy.supply dist OUT | wheelhouse OUT [ARCHITECTURE] | audit [--offline]\n"


def main(words: list[str]) -> int:
    """Do what the words say; 1 where the audit found something, 2 for other words."""
    match words:
        case ["dist", out]:
            for kind in ("wheel", "sdist"):
                sys.stdout.write(f"{wheelhouse.build(kind, Path(out))}\n")
        case ["wheelhouse", out, *architecture] if len(architecture) < 2:
            wheelhouse.make(Path(out), *architecture)
            sizes = [path.stat().st_size for path in Path(out).rglob("*") if path.is_file()]
            sys.stdout.write(f"{out}: {len(sizes)} files, {sum(sizes) / 1e6:.1f} MB\n")
        case ["audit", *offline] if offline in ([], ["--offline"]):
            found = [*audit.offline(), *(() if offline else audit.databases())]
            sys.stdout.write("".join(f"{one}\n" for one in found) or "nothing was found\n")
            return int(bool(found))
        case _:
            sys.stderr.write(_USE)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
