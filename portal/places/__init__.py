"""区划: provinces, prefectures, counties, townships, the key counties and the authorities.

Words: a *region* has a code of GB/T 2260; a *withdrawn* one is kept for old ID numbers and papers.
A *key county* (国家乡村振兴重点帮扶县) is in the list between two dates, an *authority* (主管部门) has
its name between two dates. Verb: load_places.
"""
