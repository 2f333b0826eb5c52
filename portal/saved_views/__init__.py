"""我的视图: the filters and the order of a list, kept under a name.

Words: a *page* is a list by its endpoint; a view's *query* is what stands in the list's URL, only
the filters and the order, never where one had turned to. A view may be *shared* with one of the
owner's roles: then those see it who hold that role over the same scope. It stores what was asked,
not what was found; each reader sees it within the own scope. Its verbs: save, delete.
"""
