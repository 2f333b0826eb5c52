"""The frame that every view stands in: one transaction a request, one declaration a view.

Load → check → act → commit. A view is a page, a form or a deed; it commits nothing itself: a POST
answered by a redirect is committed here, any other answer leaves the database as it was.
"""
