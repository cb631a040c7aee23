"""Leaks to plant in a server, each with the places where it must be found and the kinds there."""

from intake.web.sentinel_words import Kind

# `plant_each` runs words before each request, with the folder of the test in `here`; `plant_kept`
# for each object that was kept, in its request's time, with the store's database in `kept`.
PLANTING = """
import base64, gzip, json, os, sqlite3, struct, time
from urllib.parse import urlencode
from flask import request
from intake.store import Store
here = Path(sys.argv[1]).parent
def plant_each(words):
    make = server.create_app
    def made(*some, **also):
        app = make(*some, **also)
        def leak():
            exec(words)
        app.before_request_funcs.setdefault(None, []).insert(0, leak)
        return app
    server.create_app = made
def plant_kept(words):
    keep = Store.keep
    def leaky(self, *some):
        done = keep(self, *some)
        kept = sqlite3.connect(self._database._path)
        exec(words)
        kept.commit()
        kept.close()
        return done
    Store.keep = leaky
"""
SAY = "print({}, file=sys.stderr, flush=True)"
WORDS = "request.form.get('narrative', '')"
PEER = """
from intake.web import worker
take = worker.Connection
def noisy(cfg, accepted, name):
    print("from", accepted.getpeername()[0], file=sys.stderr, flush=True)
    return take(cfg, accepted, name)
worker.Connection = noisy
"""
NAMED = """
from intake.accept import Acceptor
accept = Acceptor.accept
def noisy(self, head, *words):
    print("took", head.status.hex(), file=sys.stderr, flush=True)
    return accept(self, head, *words)
Acceptor.accept = noisy
"""
COLUMN = """
store = sqlite3.connect(Path(sys.argv[1]) / "store.sqlite")
store.execute("ALTER TABLE submission ADD COLUMN came")
store.close()
"""


def each(leak: str) -> str:
    return f"plant_each({leak!r})\n"


def kept(leak: str) -> str:
    return f"plant_kept({leak!r})\n"


LOG = "server log"
TEMPORARY = "temporary folder"
FOLDER = "the site's folder"
WAL = "store.sqlite-wal"
TABLES = "store.sqlite, its tables"
ALSO = "named with --also"
SWAP = "swap"
DUMPS = "core dumps"
SPOOL = "(here / 'temporary' / 'spool').write_bytes({}) if request.form else None"
POSTED = "urlencode(list(request.form.items())).encode()"
INTO_META = "kept.execute('INSERT OR REPLACE INTO meta VALUES (?, ?)', ('last', {}))"

FAULTS = {
    "the words in a log": (
        each(SAY.format(WORDS)),
        {LOG: {Kind.WORDS, Kind.WRITTEN}},
    ),
    "paths in a log": (
        each(SAY.format("request.path")),
        {LOG: {Kind.WORDS, Kind.WRITTEN}},
    ),
    "user agents in a log": (
        each(SAY.format("request.user_agent.string")),
        {LOG: {Kind.AGENT, Kind.ANY_AGENT, Kind.WRITTEN}},
    ),
    "addresses in a log": (PEER, {LOG: {Kind.ADDRESS, Kind.ANY_ADDRESS, Kind.WRITTEN}}),
    "forwarded addresses in a log": (
        each(SAY.format("request.headers['Forwarded']")),
        {LOG: {Kind.ADDRESS, Kind.ANY_ADDRESS, Kind.WRITTEN}},
    ),
    "times in a log": (
        each(SAY.format("time.strftime('%d/%b/%Y:%H:%M:%S')")),
        {LOG: {Kind.TIME, Kind.WRITTEN}},
    ),
    "seconds in a log": (
        each(SAY.format("time.time()")),
        {LOG: {Kind.TIME, Kind.WRITTEN}},
    ),
    "an empty line for each request": (each(SAY.format("''")), {LOG: {Kind.WRITTEN}}),
    "names of objects in a log": (NAMED, {LOG: {Kind.OBJECT, Kind.WRITTEN}}),
    "a text in a temporary file": (
        each(SPOOL.format(f"{WORDS}.encode()")),
        {TEMPORARY: {Kind.WORDS}},
    ),
    "a request, as it is sent, in a temporary file": (
        each(SPOOL.format(POSTED)),
        {TEMPORARY: {Kind.WORDS}},
    ),
    "headers, in base64, in a temporary file": (
        each(SPOOL.format("base64.b64encode(str(request.headers).encode())")),
        {TEMPORARY: {Kind.WORDS, Kind.AGENT, Kind.ADDRESS}},
    ),
    "a counter in the site's folder": (
        each("(here / 'site' / 'visits').open('a').write('x')"),
        {FOLDER: {Kind.WRITTEN}},
    ),
    "drafts in the site's folder": (
        each(
            f"{WORDS} and (here / 'site' / 'draft').write_text({WORDS}, 'utf-16')",
        ),
        {FOLDER: {Kind.WORDS, Kind.WRITTEN}},
    ),
    "a packed copy in a backup": (
        each(
            "(here / 'backup' / 'forms.gz').write_bytes(gzip.compress("
            "json.dumps(request.form).encode())) if request.form else None"
        ),
        {ALSO: {Kind.WORDS}},
    ),
    "a database in a backup": (
        each(
            "db = sqlite3.connect(here / 'backup' / 'visits');"
            " db.execute('CREATE TABLE IF NOT EXISTS visit (at, id)');"
            " db.execute('INSERT INTO visit VALUES (?, ?)', (time.time(), os.urandom(16)));"
            " db.commit(); db.close()"
        ),
        {ALSO: {Kind.TIME}},
    ),
    "words in swap": (
        each(
            f"{WORDS} and (here / 'swapped').write_bytes("
            f"os.urandom(9999) + {WORDS}.encode('utf-16-le'))"
        ),
        {SWAP: {Kind.WORDS}},
    ),
    "a core dump": (
        each("(here / 'dumps' / 'core.1.zst').write_bytes(b'packed')"),
        {DUMPS: {Kind.WRITTEN}},
    ),
    "an address in a table": (
        kept(INTO_META.format("request.headers['X-Real-IP']")),
        {WAL: {Kind.ADDRESS, Kind.ANY_ADDRESS}, TABLES: {Kind.ADDRESS, Kind.ANY_ADDRESS}},
    ),
    "a user agent in a table": (
        kept(INTO_META.format("request.user_agent.string")),
        {WAL: {Kind.AGENT, Kind.ANY_AGENT}, TABLES: {Kind.AGENT, Kind.ANY_AGENT}},
    ),
    "a written time in a table": (
        kept(INTO_META.format("time.strftime('%Y-%m-%d %H:%M:%S')")),
        {WAL: {Kind.TIME}, TABLES: {Kind.TIME}},
    ),
    "a date in a table": (
        kept(INTO_META.format("time.strftime('%Y-%m-%d')")),
        {TABLES: {Kind.TIME}},
    ),
    "seconds in a column": (
        kept("kept.execute('UPDATE submission SET leaf = ?', (int(time.time()),))"),
        {TABLES: {Kind.TIME}},
    ),
    "microseconds in a column": (
        kept("kept.execute('UPDATE submission SET leaf = ?', (time.time_ns() // 1000,))"),
        {TABLES: {Kind.TIME}},
    ),
    "a time as bytes": (
        kept("kept.execute('UPDATE submission SET status = ?', (struct.pack('>d', time.time()),))"),
        {TABLES: {Kind.TIME}},
    ),
    "a column more": (
        COLUMN + kept("kept.execute('UPDATE submission SET came = ?', (time.time(),))"),
        {TABLES: {Kind.COLUMN, Kind.TIME}},
    ),
    "a column more, with nothing in it": (COLUMN, {TABLES: {Kind.COLUMN}}),
    "a row that was deleted and is left in the log of changes": (
        kept(
            f"{INTO_META.format('request.referrer')};"
            " kept.commit(); kept.execute('DELETE FROM meta WHERE key = ?', ('last',))"
        ),
        {WAL: {Kind.WORDS}},
    ),
    "a row that was deleted and is left in a free page": (
        kept(
            "kept.execute('PRAGMA secure_delete = OFF');"
            f" {INTO_META.format('request.referrer')};"
            " kept.commit(); kept.execute('DELETE FROM meta WHERE key = ?', ('last',));"
            " kept.commit(); kept.execute('PRAGMA wal_checkpoint(TRUNCATE)')"
        ),
        {"store.sqlite": {Kind.WORDS}},
    ),
}
