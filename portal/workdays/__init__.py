"""工作日志: who worked when for which pairing, and how each day stands.

Draft → submitted → confirmed → approved; returned with a reason on the way. This room has the
person's side of it: log_workday, edit_workday, submit_workday, recall_workday, give_up_workday,
delete_draft; what a day is worth (rules), whether it counts (reckoning_rules), what a changed
calendar or policy does to days already there (revaluation_actions). Deciding on them stands in
portal/confirmations, changing an approved one in portal/corrections.
"""
