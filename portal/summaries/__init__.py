"""汇总: the national summary of a work year, for everybody inside what they may see, as page and file.

Words: a *line* is one pairing in the year (rules.PairingLine); an *area* is a receiving province or
the whole, with the sums of its lines and its key counties, a *sender* a sending province; *ready*
lines are read from the totals, *known* lines are what was known at the end of an earlier day
(``--as-of``); the *quota* is the task-allocation table beside what there is. ``verify`` checks the
books: audit chain, totals against rows, orphans, two-person rule, sealed values.
Verbs: summary_of, record_export; commands ``flask summary`` and ``flask verify``.
"""
