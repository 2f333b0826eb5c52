"""图表: where people would rather look than read, and every figure also stands in a table.

Words: a picture has a title, a sentence that says what it shows, a table and a file. All pictures
of a page are asked the same filters, which stand in the URL. They read ready rows alone: what a
page costs follows from its pairings, never from the number of days.
"""
