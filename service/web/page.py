"""One page: a template and what it tells, in the reader's language, with our own styles and nothing else."""

from __future__ import annotations

from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.callers.caller import ANONYMOUS
from service.desk.words import count_words, distance_words
from service.http.answers import Answer, reply
from service.http.callers import the_context
from service.web.speech import COOKIE, LANGUAGES, PSEUDO, chosen, language
from service.web.speech.sentences import told
from service.web.speech.writing import filters
from service.web.wording import prose

HERE = Path(__file__).parent
_HTML = "text/html; charset=utf-8"
_YEAR_S = 31_536_000

#: Our own styles and pictures, nothing else; no scripts, no frames, no forms.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: Of a page with forms: they go to this service alone, which has to see that they come from here (`Origin`).
FORMS = {
    "Content-Security-Policy": POLICY.replace("form-action 'none'", "form-action 'self'"),
    "Referrer-Policy": "same-origin",
}
#: Of a page that is for one reader.
PRIVATE = FORMS | {"Cache-Control": "private, no-store"}


def page(request: Request, template: str, values: dict[str, Any], *, headers: dict[str, str] | None = None) -> Response:
    """Return a page."""
    spoken = chosen(request)
    known = {
        "base": str(request.base_url).rstrip("/"),
        "path": request.url.path,
        "lang": spoken.code,
        "dir": spoken.direction,
        "languages": [(code, name, _in(request, code)) for code, name in LANGUAGES.items()],
        "login": request.app.state.desk is not None,
        "harm_contact": the_context(request).settings.harm_contact,
    }
    html = _templates(spoken.code).get_template(template).render(**known | values)
    vary = {"Vary": "Accept, Accept-Language, Authorization, X-API-Key, Cookie", "Content-Language": spoken.code}
    told = {"Content-Security-Policy": POLICY} | vary | (headers or {})
    answer = reply(request, ANONYMOUS, Answer(html.encode(), _HTML, told))
    asked = request.query_params.get("lang")
    if asked in LANGUAGES or asked == PSEUDO:
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, spoken.code, max_age=_YEAR_S, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


def _in(request: Request, code: str) -> str:
    """Return the address of this page in another language; one that begins with two slashes would be another host's."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"/{request.url.path.lstrip('/')}?{urlencode([*kept, ('lang', code)])}"


@cache
def _templates(code: str) -> Environment:
    """Return the templates in a language."""
    spoken = language(code)
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    messages = spoken.messages
    environment.install_gettext_callables(messages.gettext, messages.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {"prose": prose, "distance": distance_words, "counted": count_words, **filters(spoken)}
    environment.filters["told"] = partial(told, spoken)
    environment.globals["version"] = version("uncounted")
    return environment
