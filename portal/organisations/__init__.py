"""机构: who sends and who receives. Known by its unified social credit code.

Verbs: register_organisation, edit_organisation, reveal.
"""
