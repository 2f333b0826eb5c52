"""账号: who may sign in, as what, since when, and who said so.

Words: a *holder* is the person whose account it is; a worker's account must be that of the person
who is assigned. A *grant* waits until the security administrator confirms what the system
administrator proposed. A *deputy* (代理) holds a grant that its holder has lent, for some dates.
Verbs: actions.py, deputy_actions.py.
"""
