"""计划: the programme, its work years, the dated policy and the allocation table.

Words: a *work year* is a row with dates; a *parameter* is one named number of the plan with its
clause. Verbs: add_programme, close_programme, add_work_year, close_work_year, reopen_work_year,
add_parameter, set_allocation, remove_allocation.
"""
