"""A small page about one entity, made to be shown inside the window of another program."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup

from service.http.headers import FRAMED
from service.interop.reconcile.values import Entity, Named

_STYLE = (
    "body{font:14px/1.4 system-ui,sans-serif;margin:10px;color:#1a1a1a;background:#fff}"
    "h1{font-size:17px;margin:0}p{margin:2px 0 8px;color:#595959}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 10px;margin:0}dt{color:#595959}dd{margin:0}"
)

#: The one style above by its digest, and nothing else: no script, no picture, no form. Any page may frame it.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    f"base-uri 'none'; form-action 'none'; {FRAMED}"
)

_PAGE = Markup(
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title><style>{style}</style></head>\n'
    "<body><main><h1>{name}</h1><p>{description}</p><dl>{lines}</dl></main></body></html>\n"
)
_LINE = Markup("<dt>{}</dt><dd>{}</dd>")


def preview_page(entity: Entity) -> bytes:
    """Return the page as UTF-8 HTML; everything that is told of the entity is escaped."""
    lines = Markup("").join(_LINE.format(label, value) for label, value in entity.lines)
    page = _PAGE.format(name=entity.name, description=entity.description, lines=lines, style=Markup(_STYLE))  # noqa: S704 - our own constant
    return page.encode()


def flyout(what: Entity | Named) -> str:
    """Return a line of HTML about an entity, a type or a property."""
    return str(Markup("<p><strong>{}</strong></p><p>{}</p>").format(what.name, what.description))
