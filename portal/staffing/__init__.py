"""选派: people assigned to a pairing, sent or received, and whether they meet the plan's rule.

Words: a *nomination* is an assignment that waits for approval; a *check* is one requirement on a
sent person (certificate, months of service); an *exception* is the province's approval of somebody
who does not meet them. Verbs: nominate, withdraw_nomination, approve_assignments,
reject_assignment, end_assignment, replace_assignment, grant_exception, review_qualification.
"""
