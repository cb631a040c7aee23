"""Looks through the tree for what must not be in it; run by `make check`."""

import re
import subprocess
import sys
from pathlib import Path

# A path of somebody's machine, a registry's address, a private key outside tests.
UNWANTED = re.compile(
    rb"/home/[a-z]+/|/root/"
    rb"|registry\.npmjs\.org|pypi\.org|pythonhosted\.org|deb\.debian\.org"
    rb"|AGE-SECRET-KEY-(PQ-)?1[02-9AC-HJ-NP-Z]{20}|BEGIN [A-Z ]*PRIVATE KEY"
)
ALLOWED = ("tests/", "LICENSE")


def main() -> int:
    """Print every unwanted place; 1 where there is one."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
    ).stdout
    found = 0
    for name in listed.decode().split("\0"):
        path = Path(name)
        if not name or name.startswith(ALLOWED) or not path.is_file():
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if UNWANTED.search(line):
                found += 1
                sys.stdout.write(f"{name}:{number}: a path, an address or a key\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
