"""附件: files of a subject, outside of the database, sealed; a row of their subject names each.

A *shelf* is one kind of file of one kind of subject: the scan of a certificate, the photos of a
day. A new one is a table with the mixin (models/files.py), a line in ``rules`` and in ``queries``,
and the macro ``attachments`` in the page of the subject.

Verbs: judge_apart, attach, detach, disclose_file, sweep.
"""
