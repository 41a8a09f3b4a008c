"""Gap reports as documents over HTTP: the page and the PDF, for each reader what that reader may see."""

from __future__ import annotations

from service.documents import POLICY


def test_the_page_comes_with_a_strict_policy(sqlite_api):
    """It is HTML in UTF-8 that may show its own style and pictures and nothing else, and may stand in no frame."""
    sqlite_api.published(name="<b>Bondeni</b>")
    answer = sqlite_api.get("/v1/gap-reports?country=KE&f=html")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == f"{POLICY}; frame-ancestors 'none'"
    assert "&lt;b&gt;Bondeni&lt;/b&gt;" in answer.text
    assert "<b>Bondeni</b>" not in answer.text


def test_a_browser_gets_the_page_and_a_program_the_data(sqlite_api):
    """Whoever asks for HTML is given it; whoever takes anything gets JSON as before."""
    browser = sqlite_api.get("/v1/gap-reports", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser.headers["content-type"].startswith("text/html")
    assert sqlite_api.get("/v1/gap-reports").headers["content-type"] == "application/json"


def test_the_pdf_is_a_pdf(sqlite_api):
    """It is shown by the browser, and has a name when it is saved."""
    sqlite_api.published()
    answer = sqlite_api.get("/v1/gap-reports?f=pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="gap-report.pdf"'
    assert answer.content.startswith(b"%PDF-1.7")


def test_each_reader_gets_its_own_page(sqlite_api):
    """What is not published is on the page of a reviewer and not on that of the public."""
    sqlite_api.post("/v1/records", {**sqlite_api.absent, "consent": "internal"})
    assert "Bondeni" in sqlite_api.get("/v1/gap-reports?f=html", "reviewer").text
    public = sqlite_api.get("/v1/gap-reports?f=html").text
    assert "Bondeni" not in public
    assert "Absence of data is not absence of people." in public


def test_an_edition_is_a_document_that_cites_itself(sqlite_api):
    """A kept edition has its own sentence to cite it by on the page and in the PDF, and the same bytes every time."""
    sqlite_api.published()
    made = sqlite_api.post("/v1/gap-reports", {"country": "KEN", "public": True}, "reviewer").json()
    address = f"/v1/gap-reports/{made['id']}?edition=public&f="
    page = sqlite_api.get(f"{address}html")
    assert page.headers["content-security-policy"].startswith(POLICY)
    assert sqlite_api.get(f"{address}json").json()["cite"] in page.text
    assert "Bondeni" in page.text
    pdf = sqlite_api.get(f"{address}pdf")
    assert pdf.content.startswith(b"%PDF-1.7")
    assert pdf.content == sqlite_api.get(f"{address}pdf").content
