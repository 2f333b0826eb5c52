"""Tables. Knows neither Flask nor the portal; importing this package registers every table."""

from models.accounts import (
    Account,
    FormKey,
    PasswordHistory,
    PasswordRequest,
    RoleGrant,
    RoleGrantDecision,
    SignInAddress,
    WebSession,
)
from models.audit import AuditEvent, AuditHead
from models.awards import AwardRule, CertificateAward, CertificateAwardDecision
from models.base import Base
from models.calendar import CalendarDay, CalendarYear
from models.documents import DocumentCounter, IssuedDocument
from models.feedback import Feedback, FeedbackReply
from models.files import (
    CertificateFile,
    ExpenditureFile,
    OrganisationFile,
    PairingFile,
    PersonFile,
    StoredFile,
    WorkdayFile,
)
from models.funding import (
    Disbursement,
    DisbursementDecision,
    FundAccount,
    FundAllocation,
    FundAllocationDecision,
    FundIncome,
    FundYearTotal,
    LedgerEntry,
)
from models.imports import ImportBatch, ImportedAccount, ImportedRow
from models.jobs import Job, JobItem, JobResult, JobWorker
from models.maps import ApprovedMap
from models.months import MonthDeclaration
from models.organisations import Organisation
from models.outbox import OutboxMessage
from models.oversight import FundReview, FundReviewDecision
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
from models.programme import Allocation, PolicyParameter, Programme, WorkYear, WorkYearDecision
from models.regime import RegimeVersion
from models.saved_views import SavedView
from models.settlements import Settlement, SettlementDecision
from models.spending import (
    EligibilityRule,
    Expenditure,
    ExpenditureDecision,
    ExpenditureWorkday,
)
from models.totals import PairingMonthTotal, PairingYearTotal, PersonYearTotal
from models.transfers import FundTransfer, FundTransferDecision
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
    "AwardRule",
    "Base",
    "CalendarDay",
    "CalendarYear",
    "Certificate",
    "CertificateAward",
    "CertificateAwardDecision",
    "CertificateFile",
    "Disbursement",
    "DisbursementDecision",
    "DocumentCounter",
    "EligibilityRule",
    "Expenditure",
    "ExpenditureDecision",
    "ExpenditureFile",
    "ExpenditureWorkday",
    "Feedback",
    "FeedbackReply",
    "FormKey",
    "FundAccount",
    "FundAllocation",
    "FundAllocationDecision",
    "FundIncome",
    "FundReview",
    "FundReviewDecision",
    "FundTransfer",
    "FundTransferDecision",
    "FundYearTotal",
    "ImportBatch",
    "ImportedAccount",
    "ImportedRow",
    "IssuedDocument",
    "Job",
    "JobItem",
    "JobResult",
    "JobWorker",
    "KeyCounty",
    "LedgerEntry",
    "MonthDeclaration",
    "Organisation",
    "OrganisationFile",
    "OutboxMessage",
    "Pairing",
    "PairingDecision",
    "PairingException",
    "PairingFile",
    "PairingMonthTotal",
    "PairingYear",
    "PairingYearTotal",
    "PasswordHistory",
    "PasswordRequest",
    "Person",
    "PersonFile",
    "PersonYearTotal",
    "PolicyParameter",
    "Programme",
    "RegimeVersion",
    "Region",
    "RoleGrant",
    "RoleGrantDecision",
    "SavedView",
    "Settlement",
    "SettlementDecision",
    "SignInAddress",
    "StoredFile",
    "Township",
    "WebSession",
    "WorkYear",
    "WorkYearDecision",
    "Workday",
    "WorkdayDecision",
    "WorkdayFile",
]
