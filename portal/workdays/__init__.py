"""工作日志: who worked when for which pairing, and who says that it counts.

Draft → submitted → confirmed by the own manager → approved by the county; a return needs a
reason; an approved day is changed only by a correction that is approved in its turn.
Verbs: log_workday, edit_workday, submit_workday, confirm_workdays, approve_workdays,
return_workday, delete_draft, correct_workday.
"""
