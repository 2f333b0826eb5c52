"""Which room writes which table, read from the code.

A write is a row made (``Pairing(…)``), a statement (``sa.insert(Pairing)``, ``sa.update``,
``sa.delete``, by whatever function of such a name), a row deleted, and a column set on something
that is known to be a row: a parameter of that type, what a query of that class or a function that
returns it gave, or what was made here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import models
from models.base import Base

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS = ("insert", "update", "delete")


class Write(NamedTuple):
    """A table, written on a line of a module."""

    table: str
    module: str
    line: int

    @property
    def room(self) -> str:
        return ".".join(self.module.split(".")[:2])


@cache
def tables() -> dict[str, str]:
    """Return the tables by the names of their classes."""
    assert models.__all__
    return {one.class_.__name__: one.class_.__tablename__ for one in Base.registry.mappers}


def writes_in(folder: Path = ROOT / "portal") -> list[Write]:
    """Return all writes of the modules below a folder."""
    paths = sorted(folder.rglob("*.py"))
    trees = {path: ast.parse(path.read_text("utf-8")) for path in paths}
    returned = _what_functions_return(trees.values())
    found = []
    for path, tree in trees.items():
        module = ".".join(path.relative_to(folder.parent).with_suffix("").parts)
        own = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        found += [
            Write(tables()[name], module, line)
            for name, line in _writes(tree, returned)
            if name not in own
        ]
    return sorted(set(found))


def _what_functions_return(trees: Iterator[ast.Module]) -> dict[str, str]:
    """Return the classes of rows that functions return, by the names of the functions."""
    return {
        node.name: row
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.returns and (row := _row(node.returns))
    }


def _writes(tree: ast.Module, returned: dict[str, str]) -> Iterator[tuple[str, int]]:
    common = _rows_known_in(tree, returned)
    for scope in _scopes(tree):
        rows = common | _rows_known_in(scope, returned)
        for node in _own_nodes(scope):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in tables():
                    yield name, node.lineno
                case ast.Call(func=ast.Name(id=verb) | ast.Attribute(attr=verb), args=[*args]) if (
                    any(one in verb for one in STATEMENTS)
                ):
                    for arg in args:
                        if row := _meant_by(arg, rows):
                            yield row, node.lineno
                case ast.Assign(targets=targets):
                    yield from _columns_set(targets, rows)
                case ast.AugAssign(target=target):
                    yield from _columns_set([target], rows)
                case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=name), *_]) if (
                    name in rows
                ):
                    yield rows[name], node.lineno


def _columns_set(targets: list[ast.expr], rows: dict[str, str]) -> Iterator[tuple[str, int]]:
    for target in targets:
        for one in ast.walk(target):
            if (
                isinstance(one, ast.Attribute)
                and isinstance(one.ctx, ast.Store)
                and isinstance(one.value, ast.Name)
                and one.value.id in rows
            ):
                yield rows[one.value.id], one.lineno


def _meant_by(argument: ast.expr, rows: dict[str, str]) -> str | None:
    """Return the class that a statement is about: by itself, by a row, its table or a column."""
    match argument:
        case ast.Name(id=name):
            return name if name in tables() else rows.get(name)
        case ast.Attribute(value=ast.Name(id=name)) if name in tables():
            return name
        case ast.Call(func=ast.Name(id="cast"), args=[_, inner]):
            return _meant_by(inner, rows)
    return None


def _scopes(tree: ast.Module) -> Iterator[ast.Module | ast.FunctionDef]:
    yield tree
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a function or module, but not in a function inside."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef):
            yield child
            yield from _own_nodes(child)


def _rows_known_in(scope: ast.Module | ast.FunctionDef, returned: dict[str, str]) -> dict[str, str]:
    """Return the classes of the names that stand for rows."""
    rows = {}
    if isinstance(scope, ast.FunctionDef):
        for argument in [*scope.args.args, *scope.args.kwonlyargs]:
            if argument.annotation and (row := _row(argument.annotation)):
                rows[argument.arg] = row
    for node in _own_nodes(scope):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.NamedExpr(target=ast.Name(id=name), value=value)
                | ast.For(target=ast.Name(id=name), iter=value)
                | ast.comprehension(target=ast.Name(id=name), iter=value)
            ):
                if row := _given_by(value, returned):
                    rows[name] = row
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                if row := _row(annotation):
                    rows[name] = row
    return rows


def _given_by(value: ast.expr, returned: dict[str, str]) -> str | None:
    """Return the class of the row or rows that an expression gives."""
    for node in ast.walk(value):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in returned:
                return returned[name]
            case ast.Call(func=ast.Name(id=name)) if name in tables():
                return name
            case ast.Attribute(value=ast.Name(id=name), attr="__table__") if name in tables():
                return name
            case ast.Call(
                func=ast.Attribute(attr="select" | "get" | "get_one"), args=[ast.Name(id=name), *_]
            ) if name in tables():
                return name
    return None


def _row(annotation: ast.expr) -> str | None:
    """Return the class of rows that an annotation names, alone or of a list of them."""
    names = [node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)]
    found = [name for name in names if name in tables()]
    return found[0] if len(found) == 1 else None
