"""显示设置: theme and density of the pages, a choice of the browser that needs no account; rows a page
and columns of lists, a choice of a person at a browser (portal/web/lists.py)."""
