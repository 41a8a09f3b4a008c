"""One page for each chapter of the API, read off its OpenAPI document by the reader that serves `/docs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from from_code.tables import code, plain, table
from service.api.openapi import document
from service.web.reference import Chapter, Field, Operation, chapters

_INDENT = "\u2003"  # an em space for each level that a member lies deeper


def pages() -> Mapping[str, str]:
    """Return the pages by name, such as `api-flags`."""
    return {f"api-{chapter.name.replace(' ', '-')}": _page(chapter) for chapter in chapters(document())}


def _page(chapter: Chapter) -> str:
    title = f"# API: {chapter.name}\n\n{plain(chapter.description)}\n"
    return "\n".join([title, *(_operation(one) for one in chapter.operations)])


def _operation(one: Operation) -> str:
    parts = [
        f"## {plain(one.summary)}\n",
        f"`{one.method} {one.path}` ({one.id}). {plain(one.access[0].upper() + one.access[1:])}.\n",
        "\n\n".join(plain(paragraph) for paragraph in one.description.split("\n\n")) + "\n",
        table(("parameter", "", "what it is"), (_row(each) for each in one.parameters)),
        _told("Body", table(("member", "", "what it is"), (_row(each) for each in one.body))),
        *(f"{plain(example.title)}:\n\n```\n{example.text.strip()}\n```\n" for example in one.examples),
        table(("answer", "says"), _answers(one)),
        _told(f"As {', '.join(map(code, one.formats))}", table(("member", "", "what it is"), map(_row, one.answer))),
    ]
    return "\n".join(part for part in parts if part.strip())


def _answers(one: Operation) -> Iterator[tuple[str, str]]:
    yield from ((status, plain(text)) for status, text in one.answers)
    for each in one.failures:
        yield each.status, f"[{plain(each.title)}](problems.md#{each.code})"


def _told(what: str, rows: str) -> str:
    return f"{what}:\n\n{rows}" if rows else ""


def _row(field: Field) -> tuple[str, str, str]:
    kind = f"{field.kind}, needed" if field.needed else field.kind
    return _INDENT * field.depth + code(field.name), plain(kind), plain(field.description)
