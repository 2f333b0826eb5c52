"""投诉建议: what people tell the administrators of the installation, and what they are answered.

Anybody may write, also without an account; whoever signed in finds the answers again. Verbs:
send_feedback, answer_feedback. Nobody is told who wrote about whom: the audit keeps no text.
"""
