"""消息: what a person is told in the portal because something happened.

A message is a row, written in the transaction that caused it, under a key that lets nothing be told
twice. An item of a background job delivers it, and asks before whether it still holds: of a verdict
that was taken back meanwhile nothing is said. Read again, the question is asked again. A returned day
is no message: it stands with its reason among what its person has to do.

Verbs: tell_of_job, tell_of_dispute, tell_of_deputy, dismiss.
"""
