"""合计: the days and heads of a pairing and work year, kept in the transaction of their rows.

One definition (queries.py: person_sums, tallies; as it was known before an instant: known_queries.py)
serves three askers: the refresh of what a change touched, ``flask verify``, which recomputes
everything, and ``--as-of``, which reads the decisions known by a date. A summary reads only the
ready rows.
"""
