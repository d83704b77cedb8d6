"""That a card has a record of health or of an offence is told to nobody who may not read it, also beside a file."""

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from models.support import HealthRecord, OffenceRecord
from services.assessments import examinations
from services.files import subjects
from tests.conftest import NOW
from tests.factories import Cast
from tests.files import make_attachment
from tests.plans_factories import seen_by
from tests.signing import sign_in

Page = scoped_session[Session]
DAY = date(2026, 5, 17)


def secrets(session: Session, cast: Cast) -> dict[str, int]:
    """A record of each kind on Anna's card, written by the head."""
    own = {"graduate_id": cast.own.id, "recorded_on": DAY, "author_id": cast.galina.id}
    rows = {"health_record": HealthRecord(text="инвалидность", **own), "offence_record": OffenceRecord(text="x", **own)}
    session.add_all(rows.values())
    session.flush()
    told = {"graduate_id": cast.own.id, "agency_id": cast.service.id, "held_on": DAY, "number": "777"}
    made = examinations.record(session, by=seen_by(session, cast.galina), now=NOW, **told)  # type: ignore[arg-type]
    session.commit()
    return {"examination": made.id} | {name: row.id for name, row in rows.items()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("subject", ["examination", "health_record", "offence_record"])
def test_the_form_of_a_file_tells_of_no_secret_record(
    client: FlaskClient, session: Page, cast: Cast, subject: str
) -> None:
    number = secrets(session(), cast)[subject]
    address = f"/attachment/new/?graduate={cast.own.id}&subject={subject}&subject_id={number}"
    for who, may_know in ((cast.anna, False), (cast.root, False), (cast.galina, True)):
        page = sign_in(client, who).get(address).text
        assert ("К записи:" in page) is may_know
        assert ("17.05.2026" in page) is may_know
        by = seen_by(session(), who)
        wanted = {"subject": subject, "subject_id": number, "graduate_id": cast.own.id}
        assert (subjects.find(session(), by=by, **wanted) is not None) is may_know  # type: ignore[arg-type]


def test_the_author_of_a_secret_record_adds_files_to_it(session: Page, cast: Cast) -> None:
    number = secrets(session(), cast)["offence_record"]
    session.get_one(OffenceRecord, number).author_id = cast.anna.id
    by = seen_by(session(), cast.anna)
    assert subjects.find(session(), subject="offence_record", subject_id=number, graduate_id=cast.own.id, by=by)


def test_the_page_of_a_closed_file_does_not_tell_its_record(
    client: FlaskClient, session: Page, cast: Cast, tmp_path: Path
) -> None:
    more = {"subject": "offence_record", "subject_id": secrets(session(), cast)["offence_record"]}
    made = make_attachment(session(), tmp_path, cast.galina, cast.own, **more)
    for who, may_know in ((cast.anna, False), (cast.galina, True)):
        page = sign_in(client, who).get(f"/attachment/details/?id={made.id}").text
        assert ("К какой записи" in page) is may_know
