"""更正: an approved day is changed only by a new entry that is approved in its turn.

The original stands, and counts, until then. Verbs: correct_workday; make_room, when the county
approves it; give_back, when it takes that back.
"""
