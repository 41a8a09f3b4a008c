"""One page: a template and what it tells, with our own styles and nothing else."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.caller import ANONYMOUS
from service.desk.words import count_words, distance_words
from service.http.answers import Answer, reply
from service.http.callers import the_context
from service.web.wording import day, number, percent, prose, verdict_words, yes

HERE = Path(__file__).parent
_HTML = "text/html; charset=utf-8"

#: Our own styles and pictures, nothing else; no scripts, no frames, no forms.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page(request: Request, template: str, values: dict[str, Any], *, headers: dict[str, str] | None = None) -> Response:
    """Return a page."""
    base = str(request.base_url).rstrip("/")
    known = {
        "base": base,
        "path": request.url.path,
        "login": request.app.state.desk is not None,
        "harm_contact": the_context(request).settings.harm_contact,
    }
    html = _templates().get_template(template).render(**values, **known)
    told = {"Content-Security-Policy": POLICY} | (headers or {})
    return reply(request, ANONYMOUS, Answer(html.encode(), _HTML, told))


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # put there by the extension
    environment.filters |= {
        "prose": prose,
        "percent": percent,
        "day": day,
        "verdict": verdict_words,
        "number": number,
        "yes": yes,
        "distance": distance_words,
        "counted": count_words,
    }
    environment.globals["version"] = version("uncounted")
    return environment
