"""显示设置: theme and density of the pages, a choice of the browser that needs no account."""
