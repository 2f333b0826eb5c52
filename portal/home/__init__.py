"""首页: what must I do now (tasks), and how are we doing (queries)?

A task is counted from the state that causes it, so it vanishes with that state; nothing is
ticked off. People are listed by name, never ranked.
"""
