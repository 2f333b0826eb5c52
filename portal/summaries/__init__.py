"""汇总: the national summary of a work year, for everybody inside what they may see, as page and file.

Words: a *line* is one pairing in the year (rules.PairingLine); an *area* is a province or the
whole, with the sums of its lines and its key counties; *ready* lines are read from the totals,
*known* lines are what was known at the end of an earlier day (``--as-of``). ``verify`` checks the
books: audit chain, totals against rows, orphans, two-person rule, sealed values.
Verbs: summary_of, record_export; commands ``flask summary`` and ``flask verify``.
"""
