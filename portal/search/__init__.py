"""搜索: finding a county, an organisation, a pairing, a person or a page, within the own scope.

Words: what was *asked* are the words of the query; a *hit* is one line of the answer, of a *kind*,
with what it is; a hit is *exact* if its code is what was typed; *recent* are the objects opened
last in this browser by this account. Its only verb is to search: it writes nothing.
"""
