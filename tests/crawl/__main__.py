"""The thorough crawl: a canary for every combination, on a database of its own; writes docs/crawl.md.

Run: make crawl, or python -m tests.crawl. Ends with 1 where anything leaked, failed or was never seen.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from service.context import open_context
from service.http import evenly
from service.running import logs
from service.store.migrate import upgrade
from tests.crawl.canaries import Maker, every
from tests.crawl.ground import SPENT, crawl_of, named_in, pages_of, planted, settings_of
from tests.crawl.lists import publish
from tests.crawl.walking import Told

PAGE = Path(__file__).resolve().parents[2] / "docs" / "crawl.md"
MOST = 100  # of all identifiers, asked of one operation by one audience
_BEGIN, _END = "<!-- crawl -->\n", "<!-- /crawl -->"


def main() -> int:
    """Crawl, keep the numbers on the page, and return what the process ends with."""
    evenly.EVERY_S = 0.0001  # what is said is looked at here, not when
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_of(Path(folder))
        upgrade(settings.database)
        context = open_context(settings)
        publish(context)
        maker = Maker()
        canaries = every(maker)
        with planted(context, canaries, maker) as (client, world):
            logs.configure("info", as_json=True)
            document = client.app.openapi()
            pages = pages_of(client.app, document, named_in(world, 12))
            told = crawl_of(client, world, breadth=4, most=MOST).walk(document, pages)
    wrong = [
        *map(str, told.leaks),
        *told.failures,
        *told.unfillable,
        *(f"never seen: {one}" for one in told.unanswered if one not in SPENT),
    ]
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    PAGE.write_text(f"{before}{_BEGIN}\n{numbers(told, len(canaries))}\n{_END}{after}", encoding="utf-8")
    for one in wrong:
        print(one)  # noqa: T201 - a command that says what it found
    requests = sum(told.requests.values())
    print(f"{requests:,} requests in {time.monotonic() - began:.0f} s: {len(told.leaks)} leaks.")  # noqa: T201 - as above
    return 1 if wrong else 0


def numbers(told: Told, canaries: int) -> str:
    """Return what a crawl came to, as tables."""
    whole = (
        ("canaries", canaries),
        ("operations and pages", len(told.operations)),
        ("of these never answered well", len(told.unanswered)),
        ("requests", sum(told.requests.values())),
        ("answers 5xx", len(told.failures)),
        ("leaks", len(told.leaks)),
    )
    by_audience = {str(audience): number for audience, number in told.requests.items()}
    parts = (
        _table("what", dict(whole)),
        _table("audience", by_audience),
        _table("format", dict(told.formats.most_common())),
    )
    return "\n".join(parts)


def _table(of: str, rows: Mapping[str, int]) -> str:
    lines = [f"| {of} | number |", "| --- | --- |", *(f"| {name} | {number:,} |" for name, number in rows.items())]
    return "\n".join(lines) + "\n"


sys.exit(main())
