"""结对: one sending with one receiving organisation, for a county, between two dates.

Verbs: create_pairing, record_agreement, terminate_pairing.
"""
