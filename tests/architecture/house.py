"""The roles of modules, and the import contract that is written in them (pyproject.toml).

A module's name ends in its role: ``rules.py`` or ``life_rules.py``. So a contract covers all rules,
also those of a room that comes tomorrow. The wildcards of import-linter match whole names only and
would see the bare ones alone.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ROLES = {
    "rules": "decisions, and the values they are made of: pure",
    "words": "what is said to people: pure",
    "actions": "the verbs; they write and never commit",
    "queries": "reads for pages, exports and actions",
    "views": "HTTP only",
    "forms": "between a form and its rules: choices, first values, what was meant",
    "frame": "what stands around a request: sessions, cookies, headers, faults",
    "commands": "flask …",
    "jobs": "what happens by itself",
    "export": "rows in another form: a table, a picture, a paper, a file",
    "store": "bytes that no table holds: seals, sealed files, passwords",
    "apart": "work in a process of its own",
    "kind": "one kind of import or of job: what is particular to it, and the verb that writes it",
    "room": "what a room brings",
}

ROOMS_OF_ONE_ROLE = {
    "portal.imports.kinds": "kind",
    "portal.standards": "rules",
    "portal.web": "frame",
}
"""Packages whose modules are named by their subject alone; a suffix says otherwise."""

GROUND = {
    "portal.apart": "apart",
    "portal.asked": "rules",
    "portal.causes": "queries",
    "portal.checks": "queries",
    "portal.clock": "clock",
    "portal.commands": "commands",
    "portal.deeds": "deeds",
    "portal.doors": "queries",
    "portal.enrolment": "enrolment",
    "portal.finding": "queries",
    "portal.matching": "queries",
    "portal.paging": "queries",
    "portal.refusals": "rules",
    "portal.rooms": "room",
    "portal.schema": "store",
    "portal.serving": "commands",
    "portal.settings": "settings",
    "portal.stage": "queries",
    "portal.terminal": "commands",
}
"""What every room stands on. Four of them are a role of their own, to be allowed or not."""

EXCEPTIONS = {
    # Everybody knows them by these names; the contract of their role holds them all the same.
    "portal.access.actor": "rules",
    "portal.access.loading": "queries",
    "portal.access.policy": "rules",
    "portal.access.scope": "queries",
    "portal.audit.trail": "actions",
    "portal.personal_data.vault": "store",
    "portal.programme.policy": "rules",
}
"""Modules that bear another name than their role. The list may only shrink."""


def role_of(module: str) -> str | None:
    """Return the role of a module of the house, by its name; None if it has none."""
    if module in {**GROUND, **EXCEPTIONS}:
        return {**GROUND, **EXCEPTIONS}[module]
    ground = {"models.types": "enums", "models.database": "database", "models.triggers": "database"}
    if module in ground:
        return ground[module]
    floor, *path = module.split(".")
    if floor in {"models", "forms"}:
        return "models" if floor == "models" else "shapes"
    if floor != "portal":
        return None
    if module in ROOMS_OF_ONE_ROLE:
        return ROOMS_OF_ONE_ROLE[module]
    if len(path) < 2:
        return None
    suffix = path[-1].rpartition("_")[2]
    return suffix if suffix in ROLES else ROOMS_OF_ONE_ROLE.get(module.rpartition(".")[0])


class RoleContract(Contract):
    """Modules of some roles import modules of the roles named, and no other; neither what is ``never``.

    Each role is held by what it imports itself. What that imports is held in its turn, so nothing
    reaches rules by a roundabout way as long as rules import only what is pure.

        - roles:      of the importing modules
        - may_import: roles that they may import: of ROLES or GROUND, or shapes, models, enums, database
        - never:      libraries that they may not import
    """

    type_name = "role"

    roles = fields.ListField(subfield=fields.StringField())
    may_import = fields.ListField(subfield=fields.StringField(), required=False)
    never = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = [
            (importer, imported)
            for importer in sorted(graph.modules)
            if role_of(importer) in self.roles
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not self._may_import(imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _may_import(self, imported: str) -> bool:
        if imported.split(".", maxsplit=1)[0] in (self.never or []):
            return False
        role = role_of(imported)
        return role is None or role in [*self.roles, *(self.may_import or [])]

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(
                f"{importer} ({role_of(importer)}) must not import {imported}"
                f" ({role_of(imported) or 'a library'})",
                bold=False,
            )
