"""What the browser tests begin with: Debian's Chromium, one for each file, and a service that runs.

`--screenshots` writes the pictures of the documentation to docs/images; nothing else does.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from service.context import close, open_context
from tests.browser.ground import Site, served
from tests.crawl.ground import settings_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

#: Drawn by the processor, since machines that test have no graphics; nothing of the browser's own is asked for.
_FLAGS = ["--disable-background-networking", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
_SCREEN = {"width": 1280, "height": 900}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--screenshots` where these tests are named: pytest tests/browser -k screenshots --screenshots."""
    parser.addoption("--screenshots", action="store_true", help="write the pictures of the documentation anew")


@pytest.fixture(scope="module")
def site(sqlite_databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a service with villages on its map, of which nothing is undone by a test; its threads end with the file."""
    directory = tmp_path_factory.mktemp("site")
    context = open_context(settings_of(directory, sqlite_databases.fresh(directory)))
    with served(context) as running:
        yield running
    close(context)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Give what drives browsers; while it does, `asyncio.run` is refused in its thread, so it ends with its file."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Give a browser."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed. On Debian: apt-get install chromium")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS, chromium_sandbox=False)
    yield browser
    browser.close()


@pytest.fixture
def visitor(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    """Give a browser with nothing in it, which fails the test where a page asked anybody else or a script broke."""
    context = chromium.new_context(base_url=site.address, viewport=_SCREEN, locale="en-GB")
    strangers: list[str] = []
    broken: list[str] = []
    context.on("request", lambda asked: None if asked.url.startswith(site.address) else strangers.append(asked.url))
    context.on("weberror", lambda wrong: broken.append(str(wrong.error)))
    context.on("console", lambda said: broken.append(said.text) if _refused(said.text) else None)
    yield context
    context.close()
    assert strangers == []
    assert broken == []


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    """Give an empty page."""
    return visitor.new_page()


def _refused(text: str) -> bool:
    """Return whether a browser says that the policy of a page kept something out."""
    return "Content Security Policy" in text
