"""计划: the programme, its work years, the dated policy and the allocation table.

Words: a *work year* is a row with dates; a *parameter* is one named number of the plan with its
clause. Verbs: add_parameter, close_work_year,
reopen_work_year, set_allocation, remove_allocation.
"""
