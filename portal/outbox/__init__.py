"""消息: what a person is told in the portal because something happened.

A message is a row, written in the transaction that caused it, under a key that lets nothing be told
twice. An item of a background job delivers it, and asks before whether it still holds: a returned
day that was handed in again meanwhile is not spoken of. Read again, the question is asked again.
On the first page a returned day stands once: among what its person has to do, not as a message too.

Verbs: tell_of_job, tell_of_return, tell_of_returns, tell_of_dispute, tell_of_deputy, dismiss.
"""
