"""What a command says it is for, read from its source: who lists all commands waits for none of them."""

from __future__ import annotations

import ast
import inspect
from importlib.abc import InspectLoader
from importlib.util import find_spec


def purpose(module: str, name: str) -> str:
    """Return the docstring of a function of a module, or the `help` of a Typer group, without loading the module.

    Raises `LookupError` where there is none of that name, or where it says nothing of itself.
    """
    for statement in ast.parse(_source(module)).body:
        if isinstance(statement, ast.FunctionDef) and statement.name == name:
            said = ast.get_docstring(statement)
        elif isinstance(statement, ast.Assign) and any(
            isinstance(to, ast.Name) and to.id == name for to in statement.targets
        ):
            said = _help(statement.value)
        else:
            continue
        if said:
            return inspect.cleandoc(said)
    detail = f"{module}.{name} does not say what it is for."
    raise LookupError(detail)


def _source(module: str) -> str:
    found = find_spec(module)
    source = found.loader.get_source(module) if found and isinstance(found.loader, InspectLoader) else None
    if source is None:
        detail = f"The source of {module} is not installed."
        raise LookupError(detail)
    return source


def _help(call: ast.expr) -> str | None:
    given = call.keywords if isinstance(call, ast.Call) else ()
    return next((ast.literal_eval(one.value) for one in given if one.arg == "help"), None)
