"""公文与报表: a document is described once, and rendered as page, PDF, Word and workbook.

Words: a *description* is what a document says, as frozen values (description_rules.Document); its
*parts* are facts, sections of text and tables, whose columns may stand under a common heading; a
*printed* column says how a table with more columns than paper has room for stands on paper. An
*issued* document has a number, frozen facts and their hash: it is never edited, only superseded.
A *report* is a document with notes (说明): each of its tables stands on a sheet that can be passed on
by itself. A *listing* is a list of some room that can leave the portal as such a report.
Verbs: write_pdf, write_docx, write_xlsx; issue; listing_answer (docs/decisions/0044).
"""
