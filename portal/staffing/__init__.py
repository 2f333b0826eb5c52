"""选派: people assigned to a pairing, sent or received, and whether they meet the plan's rule.

Verbs: nominate, approve_assignment, reject_assignment, end_assignment, grant_exception.
"""
