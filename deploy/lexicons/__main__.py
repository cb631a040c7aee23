"""Writes the built lists into the package, or into a folder that is named."""

import sys
from pathlib import Path

from deploy.lexicons.building import HERE, built


def main() -> None:
    """Write every list; the sizes go to standard output."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for name, data in built().items():
        (folder / name).write_bytes(data)
        sys.stdout.write(f"{name}: {len(data):,} bytes\n")


if __name__ == "__main__":
    main()
