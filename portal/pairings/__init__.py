"""结对: one sending with one receiving organisation, for a county, between two dates.

Words: the *mode* follows from the two provinces; the *place* of an organisation in a work year is
taken by one partner; an *exception* is a second one, asked for and granted by somebody else of the
province of that side. Until every province concerned has said yes, a pairing is *proposed*: people
may be named for it, nothing else (life_rules.py). Verbs: create_pairing, confirm_pairing,
decide_on_exception, decline_pairing, record_agreement, terminate_pairing.
"""
