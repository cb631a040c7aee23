"""What a person has to fetch before they can write, and until it is sent."""

import gzip
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.serving import site_with
from intake.accept import Acceptor
from intake.store import Store
from intake.web.app import create_app
from intake.web.headers import STYLE_FILE
from tests.web.follow import Visitor, in_process
from tests.web.weight import bytes_of, way_without_script


def measure() -> list[dict[str, Any]]:
    """The figures `page_bytes_noscript`, `page_requests_noscript` and `script_bytes`."""
    with tempfile.TemporaryDirectory() as folder:
        site, _ = site_with(Path(folder), reviewers=3)
        store = Store.open(site.store_path)
        app = create_app(site, Acceptor(store, site))
        pages = way_without_script(Visitor(in_process(app)), "ru")
        store.close()
    weights = [bytes_of(page) for page in pages]
    script = len(gzip.compress((STYLE_FILE.parent / "seal.js").read_bytes(), mtime=0))
    return [
        {
            "name": "page_bytes_noscript",
            "value": sum(weights),
            "unit": "bytes",
            "target": "<= 56000",
            "peers": {"OnionShare": 33_000, "SecureDrop": 113_000, "Hush Line": 128_000},
            "note": f"Russian, landing, form, check, sent: {', '.join(map(str, weights))}",
        },
        {
            "name": "page_requests_noscript",
            "value": len(pages),
            "unit": "requests",
            "target": "<= 4",
            "peers": {"OnionShare": 5, "Hush Line": 7, "SecureDrop": 17},
            "note": "from landing to sent; the others' until one can type (decision 2)",
        },
        {
            "name": "script_bytes",
            "value": script,
            "unit": "bytes, compressed",
            "target": "<= 110000",
            "peers": {"Hush Line": 300_000, "GlobaLeaks": 1_017_000},
            "note": "in the background; 0 to the first key press",
        },
    ]
