"""帮助: one page a task, which rule is this, what is new, and the short tour of the first sign-in.

Words: a *topic* is one task and its page; *who* may do it comes from the policy table; a *rule* is
one parameter of the policy or one finding, with the words of the plan; a *picture* is taken by the
browser tests. Its only verb is dismiss_tour.
"""
