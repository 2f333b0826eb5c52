"""异议: the other side's word on a day. Silence is consent.

The manager of the receiving organisation sees what the sending organisation's people have handed in
for their pairing, and the other way round, and may dispute a day with a reason: while it is not
approved, or within ``dispute_days`` working days after it was handed in. Steps of the day's own life
(portal/workdays/life_rules.py: disputed, dispute_withdrawn); until it is settled the county cannot approve
the day. It is settled by the disputing side, by handing the day in anew, or by the county, which calls it
groundless or upholds it and returns the day; both sides are told. Verbs: dispute_days, withdraw_disputes,
dismiss_dispute, uphold_dispute.
"""
