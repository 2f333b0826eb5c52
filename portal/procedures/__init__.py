"""办理: the life of whatever has states, declared once in the ``rules.py`` of its room.

Words: a *life* is the states of a kind of subject and its *steps* and *reviews*; a *step* leads from
some states to one, by somebody who holds a permission and is not one of those that its *bars* name;
a *review* is open during a state, and each *party* gives its *opinion* once a round; an *offer* is a
step as a page shows it, with the reason where it cannot be taken now; what *follows* is written by
the room for what happened elsewhere. Verbs: take, take_all, follow, give_opinion, reverse, note.
"""
