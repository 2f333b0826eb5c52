"""集体活动: a manager writes one activity for several people, each confirms the own day with one tap.

Written by log_activity as drafts in the people's names (portal/workdays/life_rules.py: proposed); until
the person confirms, nothing is submitted and nothing counts. accept_day hands it in, decline_day says
that it was not so, withdraw_days takes back what nobody has confirmed yet. Whoever wrote a day never
confirms it for the organisation.
"""
