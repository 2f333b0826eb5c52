"""确认与核准: who says that a day counts.

The own organisation's manager confirms, the county approves, both may return with a reason. No one
decides on an own entry, no one takes both steps. Verbs: confirm_workdays, approve_workdays,
return_workday, return_workdays; effect_of, what a decision would do; reverse_decision, within ten minutes.
"""
