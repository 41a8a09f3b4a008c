"""Any of: the condition that a column holds one of some texts, of which any number is one parameter.

Written out, the text of the statement would change with their number, and be read and planned again for each.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ColumnElement, String, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY


def any_of(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition for a dialect of SQLAlchemy; `name` is the parameter, a list of texts."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(String)))
    each = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
    return column.in_(select(each.c.value))
