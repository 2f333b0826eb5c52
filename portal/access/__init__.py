"""准入: who is signed in, what a role may do, and how far a grant reaches.

Words: an *actor* is a signed-in account with its grants; a *permission* is a verb on a kind of
object; a *reach* is how far a role's permission goes inside its scope (policy.py is THE table);
a *loader* finds an object only inside the actor's reach, so foreign and missing look the same.
"""
