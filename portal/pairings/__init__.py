"""结对: one sending with one receiving organisation, for a county, between two dates.

Words: the *mode* follows from the two provinces; the *place* of an organisation in a work year is
taken by one partner; an *exception* is the province's approval of a second one. Verbs:
create_pairing, confirm_pairing, record_agreement, terminate_pairing.
"""
