"""``flask demo``."""

from __future__ import annotations

import click
import flask
from flask.cli import with_appcontext

from portal.access.demo_account_rules import DEMO_ACCOUNTS, DEMO_PASSWORD
from portal.deeds import operator_deed
from portal.demo import rules
from portal.demo.actions import load_demo
from portal.enrolment import house
from portal.jobs.worker_jobs import Worker
from portal.refusals import Refused, refuse_if
from portal.terminal import app_database, app_settings, refuse, say
from portal.web.signing import passwords


@click.command("demo", help="装入演示数据（仅限空库，可重复执行）。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@with_appcontext
def demo(as_json: bool) -> None:
    try:
        # The passwords of its accounts stand in the source of the portal: anybody knows them.
        refuse_if(rules.refusals_for_demo(is_production=app_settings().is_production))
        hashed = passwords().hash(DEMO_PASSWORD)
        with app_database().writing() as session:
            counts = load_demo(
                operator_deed(session, app_settings().now()), hashed, house().demonstrate
            )
        if counts:
            # What it asks for in the background: so the result is there to be seen.
            kinds = flask.current_app.extensions["qianshou_job_kinds"]
            Worker(app_database(), app_settings(), kinds).work()
    except Refused as refused:
        refuse(refused, as_json=as_json)
    listed = "\n".join(f"  {one.login:24}{one.role.label}" for one in DEMO_ACCOUNTS)
    done = (
        f"演示数据已装入：结对 {counts['pairings']}，工作日志 {counts['workdays']}。"
        if counts
        else "演示数据此前已装入，没有改动。"
    )
    say(
        f"{done}\n演示账号（密码均为 {DEMO_PASSWORD}）：\n{listed}",
        {"loaded": counts},
        as_json=as_json,
    )
