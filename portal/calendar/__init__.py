"""日历: which dates are statutory working days. Stored, editable, never guessed in silence.

Words: a *rest day* is a date on which nobody is bound to work; a *makeup* day is a weekend moved
to work (调休). A year without an official notice falls back to Monday–Friday and says so.
"""
