"""The commands of the portal: text in Chinese for people, ``--json`` for machines.

Exit 0 on success, 1 on refusal or bad data, 2 on wrong usage. A command without ``--actor`` acts
as the operator of the server; it asks the same rules as the pages.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

import click
import flask
from flask.cli import with_appcontext

from models.database import Database
from portal.awards.local_actions import load_award_rules
from portal.changes.actions import load_shipped_years
from portal.checks import verify as run_checks
from portal.deeds import Deed, operator_deed
from portal.enrolment import House, house
from portal.jobs.commands import work_until_stopped
from portal.places.actions import load_places
from portal.programme.actions import load_programme
from portal.schema import upgrade_schema
from portal.serving import run_server
from portal.staffing.actions import review_incomplete_certificates
from portal.terminal import app_database, app_settings, say
from portal.totals.actions import fill_months, refresh_all
from portal.web.frame import declaration_of


def register_commands(app: flask.Flask, found: House) -> None:
    """Add every command to ``flask``: those of the installation, and what the rooms bring."""
    for command in (init, policy, schedule, serve, verify, *found.commands):
        app.cli.add_command(command)


@click.command("init", help="建立或升级数据库，并装入基础数据（可重复执行）。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@with_appcontext
def init(as_json: bool) -> None:
    counts = bring_up_to_date(app_database(), app_settings().now())
    words = house().audit_words.facts
    listed = "，".join(f"{words[name]} {count}" for name, count in counts.items())
    say(f"数据库已就绪；本次新装入：{listed}。", {"loaded": counts}, as_json=as_json)


def bring_up_to_date(database: Database, now: datetime) -> dict[str, int]:
    """Create or upgrade the schema and load the reference data; return what is new, by kind.

    What a former release added up is added up anew: this one may count otherwise.
    """
    was_former = upgrade_schema(database)
    with database.writing() as session:
        deed = operator_deed(session, now)
        counts = load_reference_data(deed)
        if was_former:
            review_incomplete_certificates(deed)
            refresh_all(session)
    return counts


def load_reference_data(deed: Deed) -> dict[str, int]:
    """Load what every installation needs; return how many rows of each kind are new.

    What follows from days that are already there is brought up to date: after an upgrade the days
    of a year whose calendar came with it, and ready totals that it has just laid a table for.
    """
    counts = {
        **load_places(deed),
        **load_shipped_years(deed),
        **load_programme(deed),
        **load_award_rules(deed),
    }
    if any(counts.values()):
        deed.record("reference.loaded", "installation", **counts)
    fill_months(deed.session)
    return counts


@click.command("policy", help="列出每个地址所需的权限。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@with_appcontext
def policy(as_json: bool) -> None:
    lines = policy_lines(flask.current_app)
    width = max(len(line["path"]) for line in lines)
    text = "\n".join(
        f"{line['method']:6} {line['path']:{width}} {line['permission']}" for line in lines
    )
    say(text, lines, as_json=as_json)


def policy_lines(app: flask.Flask) -> list[dict[str, str]]:
    """Return every endpoint and method with its permission and loader, in order of the path."""
    lines = []
    for rule in app.url_map.iter_rules():
        declaration = declaration_of(app, rule.endpoint)
        lines += [
            {
                "endpoint": rule.endpoint,
                "method": method,
                "path": rule.rule,
                "permission": declaration.permission,
                "loader": declaration.loader.name if declaration.loader else "",
            }
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
    return sorted(lines, key=lambda line: (line["path"], line["method"]))


@click.command(
    "schedule",
    help="运行定时任务和后台任务的独立进程（同 flask jobs work；可同时启动多个，每项只办一次）。",
)
@with_appcontext
def schedule() -> None:
    work_until_stopped()


@click.command("serve", help="启动服务（HOST、PORT 环境变量可改地址），含后台任务和定时任务。")
def serve() -> None:
    run_server()


@click.command("verify", help="核对账目：审计链、合计、引用、每日上限、双人原则、加密信息。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@with_appcontext
def verify(as_json: bool) -> None:
    with app_database().reading() as session:
        outcomes = list(run_checks(session, house().checks))
    faults = [
        {"check": check.code, "row": fault.row, "message": fault.sentence}
        for check, fault in outcomes
        if fault
    ]
    lines = [
        f"{'不符' if fault else '通过'}  {check.label}" + (f"：{fault.sentence}" if fault else "")
        for check, fault in outcomes
    ]
    ending = f"{len(faults)} 项不符。" if faults else f"{len(outcomes)} 项核对全部通过。"
    facts = {
        "ok": not faults,
        "checks": [check.code for check, _ in outcomes],
        "faults": faults,
    }
    click.echo(
        json.dumps(facts, ensure_ascii=False, indent=2) if as_json else "\n".join([*lines, ending])
    )
    sys.exit(1 if faults else 0)
