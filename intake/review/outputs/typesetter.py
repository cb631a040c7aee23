"""The process that typesets: a document as JSON on standard input, a PDF on standard output.

It is started by `typesetting` alone, limits itself before it reads anything, and says nothing of why it
failed: a message could quote a testimony.
"""

import datetime as dt
import json
import resource
import sys
import tempfile
from importlib.resources import files
from pathlib import Path


def main() -> int:
    """Typeset once; the exit status says whether there is a file.

    The arguments are the most bytes of address space and seconds of processor time, of all threads.
    """
    memory, seconds = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))
    import typst

    from intake.review.outputs.typesetting import FACES, fonts

    document = sys.stdin.buffer.read()
    template = (files("intake.review.outputs") / "page.typ").read_bytes()
    year, month, day = json.loads(document)["day"]
    with tempfile.TemporaryDirectory() as folder:
        # Only the faces that are used, so that no other font of the package can step in.
        for face in FACES:
            (Path(folder) / face).symlink_to(fonts() / face)
        loaded = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        )
        compiler = typst.Compiler(template, font_paths=loaded, root=folder)
    try:
        content = compiler.compile(
            format="pdf",
            sys_inputs={"document": document.decode()},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=dt.datetime(year, month, day, tzinfo=dt.UTC),
        )
    except (typst.TypstError, RuntimeError):
        return 1
    if not isinstance(content, bytes):
        return 1
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
