"""达标: what the plan asks of a pairing in a work year, what is there, and what can still be done.

Words: a *finding* is one requirement that is not met, with have, need, clause, evidence and the
click that mends it; a *gap* is a stretch of dates with too few people; the *forecast* says
whether the rest of the days still fits into the working days that are left.
"""
