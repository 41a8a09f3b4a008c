"""The certificate of a finding over HTTP: whole for who works with the record, for others as if there were none."""

from __future__ import annotations

import json

import pytest

from matchers.certificates.certificate import canonical
from service.api.answers_certificate import CertificateShown
from service.replay import replay_certificate


@pytest.fixture
def sent(api):
    """Send an absent community and return its record."""
    answer = api.post("/v1/records", api.absent)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_finding_tells_how_it_was_searched(sent):
    """The answer to a posted record says which names were looked for, how far, and which preconditions held."""
    (finding,) = sent["findings"]
    search = finding["search"]
    assert (search["names"], search["entries"], search["prior"]) == (["Bondeni"], 9, 0.1)
    assert search["radius_m"] > 100
    assert set(search["preconditions"].values()) == {None}
    assert finding["probability_alone"] == finding["probability"] > 0.95
    assert len(finding["parameters"]) == 64


@pytest.mark.parametrize("who", ["contributor", "reviewer", "admin"])
def test_a_certificate_is_canonical_and_can_be_replayed(api, sent, who):
    """Who works with the record reads the declared shape, in the bytes that a replay makes again."""
    answer = api.get(f"/v1/findings/{sent['findings'][0]['id']}/certificate", who)
    assert answer.status_code == 200, answer.text
    CertificateShown.model_validate_json(answer.content)
    saved = json.loads(answer.content)
    assert canonical(saved) == answer.content
    assert replay_certificate(api.context, saved).reproduced
    assert saved["finding"]["verdict"] == sent["verdict"]
    assert saved["smallest_changes"][0]["sentence"].startswith("Had the record ")


def test_a_certificate_is_not_published(api):
    """To people from outside, even of a published flag, no certificate exists; the words are those for no finding."""
    flag_id = api.published()
    (finding,) = api.get(f"/v1/flags/{flag_id}", "admin").json()["findings"]
    assert api.get(f"/v1/flags/{flag_id}").json()["findings"] == []
    nothing = api.get("/v1/findings/0123/certificate")
    for who in (None, "stranger"):
        hidden = api.get(f"/v1/findings/{finding['id']}/certificate", who)
        assert hidden.status_code == nothing.status_code == 404
        assert hidden.json()["detail"].replace(finding["id"], "0123") == nothing.json()["detail"]


def test_a_closed_record_keeps_its_certificate_from_reviewers(api):
    """Of a record that only its organisation may see, a reviewer is told there is no such finding."""
    sent = api.post("/v1/records", {**api.absent, "sensitivity": "closed"}).json()
    path = f"/v1/findings/{sent['findings'][0]['id']}/certificate"
    assert [api.get(path, who).status_code for who in ("reviewer", "contributor")] == [404, 200]


def test_a_certificate_is_not_sent_again_to_who_has_it(api, sent):
    """The same bytes have the same ETag, so that a second reading is answered 304."""
    path = f"/v1/findings/{sent['findings'][0]['id']}/certificate"
    first = api.get(path, "admin")
    assert api.get(path, "admin", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_a_certificate_about_a_group_repeats_no_resented_name(sqlite_api):
    """What was searched for, and everything else, names the group as it wants to be named."""
    body = {"name": "Gypsies", "country": "KEN", "kind": "ethnic group", "location": {"lat": 0.536, "lon": 35.0}}
    sent = sqlite_api.post("/v1/records", body).json()
    certificate = sqlite_api.get(f"/v1/findings/{sent['findings'][0]['id']}/certificate", "contributor")
    assert certificate.status_code == 200
    assert "yps" not in certificate.text + json.dumps(sent["findings"])
    assert certificate.json()["search"]["names"] == ["Roma"]
