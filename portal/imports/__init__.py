"""批量导入: every kind of record from a workbook (.xlsx) or a text file (.csv).

Words: a *kind* is what a file holds (kinds/, one file a kind); a *sheet* is its cells, read once
each however often they stand there; a *verdict* says of every row whether it is good, refused or
already there. A *staged* file waits for its second click.

Verbs: check, carry_out, stage, apply, withdraw. All rows are checked before any is written, by
the rules that the pages ask; then all is written in one transaction, or nothing.
"""
