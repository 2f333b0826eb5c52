"""``flask jobs work``: a process that does background jobs, beside those of the server."""

from __future__ import annotations

import signal
from typing import Any

import click
import flask
from flask.cli import with_appcontext

from portal.jobs.worker_jobs import Worker
from portal.terminal import app_database, app_settings


@click.group("jobs", help="后台任务：导出、导入、消息和每夜清理。")
def jobs() -> None:
    pass


@jobs.command(
    "work", help="办理后台任务的独立进程（可同时启动多个）；收到 SIGTERM 后办完手头一项再停。"
)
@with_appcontext
def work() -> None:
    work_until_stopped()


def work_until_stopped() -> None:
    """Do background jobs in this process, until a signal asks it to end after the item at hand."""
    kinds = flask.current_app.extensions["qianshou_job_kinds"]
    worker = Worker(app_database(), app_settings(), kinds)

    def stop(_signal: int, _frame: Any) -> None:
        worker.stop.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.run()
