"""账号: who may sign in, as what, since when, and who said so.

Words: a *holder* is the person whose account it is; a worker's account must be that of the person
who is assigned. A *grant* waits until the security administrator confirms what the system
administrator proposed. The verbs stand in portal/access/actions.py.
"""
