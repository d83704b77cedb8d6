"""Jobs asked for by numbers and addresses that cannot be, and a long list of them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models.jobs import JobState
from tests.factories import Cast
from tests.jobs_factories import GRADUATES, kept
from tests.reports.statements import statements
from tests.signing import sign_in


@pytest.mark.parametrize("number", [2**31, 2**62, 2**63 - 1])
def test_a_number_past_all_is_no_job(client: FlaskClient, session: Session, cast: Cast, number: int) -> None:
    sign_in(client, cast.root)
    pages = (f"/jobs/{number}", f"/jobs/{number}/state", f"/jobs/{number}/file")
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert client.post(f"/jobs/{number}/cancel").status_code == 404
    assert client.get(f"/jobs/?before={number}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("http://evil.test/graduate/", "//graduate/", "/graduate/\n", "\\", "/" * 150, "?", "#"),
        *("/login", "/logout", "/jobs/", "/graduate/details/?id=1", "/graduate/new/", "/healthz", "/user/", "/нет/"),
    ],
)
def test_an_address_of_nothing_is_no_file(client: FlaskClient, session: Session, cast: Cast, path: str) -> None:
    sign_in(client, cast.anna)
    for kind in ("register", "report", "journal", "papers", "depersonalised"):
        answer = client.post("/jobs/", data=GRADUATES | {"kind": kind, "path": path})
        assert answer.status_code in (400, 422), kind


@pytest.mark.parametrize(
    "query", ["agency=opeka-sokol&on=2026-10-01", "agency=nobody", "on=0001-01-01", "agency=%00", "on=%D0", "a=" * 1000]
)
def test_a_foreign_report_is_no_file(client: FlaskClient, session: Session, cast: Cast, query: str) -> None:
    sign_in(client, cast.vera)
    asked = {"kind": "report", "path": "/reports/vologda-appendix-1", "type": "xlsx", "query": query}
    answer = client.post("/jobs/", data=asked)
    is_own = query in ("on=%D0", "a=" * 1000)
    assert answer.status_code in ((303, 422) if is_own else (422,))


def test_a_long_list_of_jobs_takes_no_statement_for_each(client: FlaskClient, session: Session, cast: Cast) -> None:
    sign_in(client, cast.root)

    def made() -> int:
        with statements() as found:
            assert client.get("/jobs/").status_code == 200
        return len(found)

    def more(count: int) -> None:
        for user in (cast.anna, cast.boris, cast.root):
            for _ in range(count):
                kept(session, user, JobState.QUEUED)

    more(1)
    few = made()
    more(9)
    assert made() <= few
