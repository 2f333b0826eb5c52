"""人员: who works, since when, with which certificate. Known by the ID number, which nobody sees.

Verbs: register_person, edit_person, record_certificate, reveal.
"""
