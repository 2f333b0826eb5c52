"""工作日志: who worked when for which pairing, and who says that it counts.

Draft → submitted → confirmed by the own manager → approved by the county; a return needs a
reason; an approved day is changed only by a correction that is approved in its turn.
Verbs: log_workday, edit_workday, submit_workday, recall_workday, give_up_workday, delete_draft,
confirm_workdays, approve_workdays, return_workday (actions); correct_workday (corrections);
reverse_decision, by whoever decided a moment ago (reversals); what a changed calendar or policy
does to days already there (revaluation).
"""
