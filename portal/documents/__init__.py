"""公文与报表: a document is described once, and rendered as page, PDF, Word and workbook.

Words: a *description* is what a document says, as frozen values (description_rules.Document); its
*parts* are facts, sections of text and tables, whose columns may stand under a common heading; a
*printed* column says how a table with more columns than paper has room for stands on paper. An
*issued* document has a number, frozen facts and their hash: it is never edited, only superseded.
Verbs: write_pdf, write_docx, write_xlsx; issue.
"""
