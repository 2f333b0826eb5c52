"""首页: what must I do now (inbox), and how are we doing (one file a group of roles)?

rules      how far a side is against its plan, ages, what comes next: pure
heat_map   a worker's year as months of days: pure
inbox      what waits for somebody, one line a cause
worker     today, the own year, the forecast
pairings   the pairings within reach: explained one by one, by finding, the slowest first
team       who of the own organisation works, month by month
administrators   accounts, jobs and the trail; no business

A task vanishes with its cause; nothing is ticked off. People are listed by name, never ranked.
"""
