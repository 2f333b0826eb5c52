"""Tables. Knows neither Flask nor the portal; importing this package registers every table."""

from models.accounts import (
    Account,
    FormKey,
    PasswordHistory,
    RoleGrant,
    SignInAddress,
    WebSession,
)
from models.audit import AuditEvent, AuditHead
from models.base import Base
from models.calendar import CalendarDay, CalendarYear
from models.documents import DocumentCounter, IssuedDocument
from models.feedback import Feedback, FeedbackReply
from models.imports import ImportBatch
from models.maps import ApprovedMap
from models.organisations import Organisation
from models.pairings import (
    Assignment,
    AssignmentDecision,
    Pairing,
    PairingDecision,
    PairingException,
    PairingYear,
)
from models.people import Certificate, Person
from models.places import Authority, KeyCounty, Region, Township
from models.programme import Allocation, PolicyParameter, Programme, WorkYear
from models.regime import RegimeVersion
from models.saved_views import SavedView
from models.scheduling import SchedulerLease
from models.totals import PairingMonthTotal, PairingYearTotal, PersonYearTotal
from models.workdays import Workday, WorkdayDecision

__all__ = [
    "Account",
    "Allocation",
    "ApprovedMap",
    "Assignment",
    "AssignmentDecision",
    "AuditEvent",
    "AuditHead",
    "Authority",
    "Base",
    "CalendarDay",
    "CalendarYear",
    "Certificate",
    "DocumentCounter",
    "Feedback",
    "FeedbackReply",
    "FormKey",
    "ImportBatch",
    "IssuedDocument",
    "KeyCounty",
    "Organisation",
    "Pairing",
    "PairingDecision",
    "PairingException",
    "PairingMonthTotal",
    "PairingYear",
    "PairingYearTotal",
    "PasswordHistory",
    "Person",
    "PersonYearTotal",
    "PolicyParameter",
    "Programme",
    "RegimeVersion",
    "Region",
    "RoleGrant",
    "SavedView",
    "SchedulerLease",
    "SignInAddress",
    "Township",
    "WebSession",
    "WorkYear",
    "Workday",
    "WorkdayDecision",
]
