"""The web server: gunicorn with threads, in this process."""

from __future__ import annotations

import logging
import os
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from portal.jobs.worker_jobs import Worker
from portal.schema import BEHIND, COMMAND, is_behind

log = logging.getLogger("qianshou")


class Server(BaseApplication):
    """Two workers with eight threads each: database drivers block, keep-alive helps."""

    def load_config(self) -> None:
        host = os.environ.get("HOST", "127.0.0.1")
        port = os.environ.get("PORT", "8000")
        settings: dict[str, Any] = {
            "bind": f"{host}:{port}",
            "worker_class": "gthread",
            "workers": int(os.environ.get("WORKERS", "2")),
            "threads": 8,
            "timeout": 60,
            "control_socket_disable": True,
            "accesslog": None,
            "post_worker_init": _start_jobs,
            "worker_exit": _stop_jobs,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # By name: the app stands above this room and is never imported from below.
        return import_app("app:create_app()")


def _start_jobs(worker: Any) -> None:
    """Start a worker of background jobs in every process of the server.

    Say first where the database waits for its upgrade: every page will say so too.
    """
    extensions = worker.wsgi.extensions
    if is_behind(extensions["qianshou_database"]):
        log.error("the database is of a former release; run: %s", COMMAND)
        extensions[BEHIND] = True
    settings, kinds = extensions["qianshou_settings"], extensions["qianshou_job_kinds"]
    worker.jobs = Worker(extensions["qianshou_database"], settings, kinds)
    worker.jobs.start()


def _stop_jobs(_server: Any, worker: Any) -> None:
    """Let the item at hand be finished; gunicorn ends what takes longer than 30 seconds.

    Another worker takes it over when its claim runs out.
    """
    if hasattr(worker, "jobs"):
        worker.jobs.end()


def run_server() -> None:
    """Serve until stopped. Each worker builds its own app, so no connection crosses a fork."""
    Server().run()
