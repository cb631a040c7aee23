"""Runs the form under gunicorn: no word of a request in a log, no core dumps, one server to a site."""

import gc
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from intake.accept import Acceptor
from intake.age import self_test
from intake.dumps import refuse_dumps
from intake.errors import StoreError
from intake.keeping.standstill import held
from intake.store import Store
from intake.web import server_log
from intake.web.app import create_app
from intake.web.freed_memory import give_back
from intake.web.listening import Address, hand_over
from intake.web.refusing import refuse_unfit
from intake.web.rehearsal import rehearse
from intake.web.server_log import ServerLog
from intake.web.site import Site, today_in_utc
from intake.web.swapping import swap_in_use
from intake.web.worker import CONNECTIONS, THREADS, PatientWorker

_MEMORY = Path("/dev/shm")  # noqa: S108 - a worker's heartbeat file; no request ever comes near it
_FILES = 4 * CONNECTIONS


def run(site: Site, address: Address, workers: int) -> None:
    """Serve `site` at `address` until the process is ended.

    1. One server to a site: two would both sweep what they take for orphans; and a site that is fit.
    2. This machine's OpenSSL can seal.
    3. There is a roster, and it is not expired.
    4. Nothing else listens at the address.
    5. No host handed the site over; uploads that a crash left behind are removed.

    Raises an `IntakeError` where one of these does not hold.
    """
    refuse_dumps()
    _allow_files()
    os.umask(0o077)
    give_back()
    # (1)
    locks = [_held(folder) for folder in _folders(site)]
    refuse_unfit(site)
    # (2)
    self_test()
    # (3)
    site.current().roster.check_dates(today_in_utc())
    # (4)
    listeners = hand_over(address)
    # (5)
    store = _swept(site)
    server_log.install()
    settings = site.settings
    acceptor = Acceptor(
        store, site, settings.largest, settings.weekly_bytes, alarm=server_log.tell_of_budget
    )
    app = create_app(site, acceptor)
    server_log.warn_of_swap(swap_in_use())
    rehearse(app, site)
    gc.collect()
    gc.freeze()  # what all processes share, none of them looks through: that would copy it
    _Server(app, listeners, workers, store.forget_connections).run()
    for lock in locks:
        os.close(lock)


def _swept(site: Site) -> Store:
    store = Store.open(site.store_place)
    try:
        store.check_here()
        store.sweep()
    except StoreError:
        store.close()
        raise
    return store


def _allow_files() -> None:
    """Enough descriptors for every connection of a worker, and an answer that waits on each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, _FILES) if hard == resource.RLIM_INFINITY else min(max(soft, _FILES), hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _folders(site: Site) -> set[Path]:
    """The site's, and the one where its store's file really is: two sites may name one store."""
    return {site.folder.resolve(), site.store_path.resolve().parent}


def _held(folder: Path) -> int:
    descriptor = held(folder)
    if descriptor is None:
        raise StoreError("another server runs on this site already", "end that one first")
    return descriptor


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured from here and from nowhere else."""

    def __init__(
        self, app: Flask, listeners: list[str], workers: int, forked: Callable[[], None]
    ) -> None:
        self._app = app

        def end_at_once(_signal: int, _frame: object) -> None:
            os._exit(0)

        def post_fork(_arbiter: object, _worker: object) -> None:
            # Until a worker has handlers of its own, its parent's would swallow the word to end.
            for one in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
                signal.signal(one, end_at_once)
            forked()

        self._options: dict[str, Any] = {
            "bind": listeners,
            "workers": workers,
            "worker_class": PatientWorker,
            "threads": THREADS,
            "worker_connections": CONNECTIONS,
            "keepalive": 5,
            "preload_app": True,
            "worker_tmp_dir": str(_MEMORY) if _MEMORY.is_dir() else None,
            "umask": 0o077,
            # Nothing but the form answers: no control socket in somebody's home folder.
            "control_socket_disable": True,
            "post_fork": post_fork,
            "graceful_timeout": 10,
            # Nothing about a request is written.
            "logger_class": ServerLog,
            "accesslog": None,
            "errorlog": None,
            # Nobody before us is believed about where a request comes from, or goes to.
            "forwarder_headers": "",
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "proxy_allow_ips": "",
            # One parser everywhere, whatever else is installed.
            "http_parser": "python",
            "limit_request_fields": 64,
            "limit_request_field_size": 4094,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._app
