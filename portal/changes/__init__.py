"""变更: the doors of changes that several rooms follow, above all of them.

Words: a *door* calls the verb of the room that a change belongs to, and then what follows for the
others, in one transaction. Verbs: open_programme, open_work_year. (What a changed calendar or
policy does to working days stands in portal/workdays/revaluation.py.)
"""
