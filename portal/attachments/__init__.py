"""The pages of attached files, above the rooms on whose subjects they hang.

What they do stands in portal/files, below those rooms.
"""
