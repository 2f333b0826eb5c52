"""后台任务: what outlives a request. Asked for in one transaction, done item by item in others.

Words: a *job* is what was asked for; an *item* is a part that is done as a whole or not at all; a
*claim* is the right to do one item for a while; a *kind* is the code of one sort of job, which its
room declares in ``jobs.py``; the *asker* is in whose name all of it happens, with the rights held
now. A *dead* item is one that will not be tried again by itself.

Verbs: ask, cancel, retry; of a worker: claim, renew, finish, put off, close.

rules           how often and how soon again, how long things are kept, what is refused: pure
actions         ask, cancel, retry: in the transaction of a deed
claim_actions   the conditional updates of a worker, on the clock of the database
kind            what a kind is, and what it is given to work with
worker_jobs     the worker: one item after the other, each in one transaction
result_store    the files that jobs made, sealed, kept for a week
"""
