"""What jobs brings to the house."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.checks import Check, Fault
from portal.doors import Door
from portal.enrolment import Nightly, Room
from portal.jobs.commands import jobs
from portal.jobs.sweep_actions import drop_what_jobs_left
from portal.jobs.verification_queries import first_fault
from portal.jobs.views import blueprint


def _fault(session: Session) -> Fault | None:
    found = first_fault(session)
    return Fault(*found) if found else None


ROOM = Room(
    "jobs",
    blueprint=blueprint,
    further=(Door("后台任务", "jobs.list_jobs", "job.read"),),
    events={
        "job.asked": "提出后台任务",
        "job.cancelled": "取消后台任务",
        "job.retried": "重试后台任务",
    },
    subjects={
        "job": "后台任务",
    },
    checks=(Check("jobs", "后台任务没有停滞，结果文件齐全", _fault),),
    nightly=(Nightly("drop_what_jobs_left", drop_what_jobs_left),),
    commands=(jobs,),
)
