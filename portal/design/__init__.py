"""设计: every component of the pages with sample values, for authors and for pictures."""
