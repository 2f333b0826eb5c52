"""变更: the doors of changes that several rooms follow, above all of them, with their pages.

Words: a *door* calls the verb of the room that a change belongs to, and then whoever *follows*, in
one transaction; who follows what is a list (follower_actions.py), a line each. Doors: change_day,
change_year, remove_year, load_shipped_years (calendar); change_parameter (policy); open_programme,
open_work_year, reopen_year; edit_person, record_certificate; terminate_pairing, decline_pairing,
decide_on_exception.
"""
