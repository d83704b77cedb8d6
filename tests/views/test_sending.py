"""What is made for one answer is gone when it has been sent: a list of people never stays in the system's folder."""

import tempfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.factories import Cast
from tests.signing import sign_in


@pytest.mark.parametrize(
    "address",
    [
        "/graduate/export/xlsx/",
        "/graduate/export/csv/",
        "/reports/registry.xlsx",
        "/journals/contracts.xlsx",
        "/directory/export/xlsx",
    ],
)
def test_nothing_is_left_of_a_file_that_was_sent(
    client: FlaskClient, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sign_in(client, cast.root)
    answer = client.get(address)
    assert (answer.status_code, len(answer.data) > 50) == (200, True)
    assert list(tmp_path.iterdir()) != []
    answer.close()
    assert list(tmp_path.iterdir()) == []
