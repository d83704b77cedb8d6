"""Whether somebody lives successfully: criterion by criterion on the tab, and the specialist's own word."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.aid import SuccessVerdict
from models.audit import AuditEvent
from models.support import Assignment, AssignmentKind, OffenceRecord
from models.users import User
from services.assessments import verdicts
from services.errors import Refused
from tests.clock import load_law, viewer_of
from tests.conftest import NOW, TODAY
from tests.factories import Cast
from tests.kpi_factories import put_in_category, thrive
from tests.signing import sign_in
from tests.views.forms import fields_of

CLOSED = "Нет судимости, лишения свободы и правонарушений"


@pytest.fixture(autouse=True)
def _law(session: scoped_session[Session], cast: Cast) -> None:
    load_law(session())
    session.commit()


def tab(client: FlaskClient, cast: Cast) -> str:
    answer = client.get(f"/graduate/details/?id={cast.own.id}&tab=assessments")
    assert answer.status_code == 200
    return answer.text.split('id="success"', 1)[1].split("</section>", 1)[0]


def flourish(session: scoped_session[Session], cast: Cast) -> None:
    thrive(session(), cast.own, cast.service)
    session.commit()


def say(client: FlaskClient, cast: Cast, **fields: str) -> str:
    form = fields_of(client.get(f"/success/{cast.own.id}").text) | fields
    return client.post(f"/success/{cast.own.id}", data=form, follow_redirects=True).text


def test_the_rule_is_shown_criterion_by_criterion(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.galina)
    before = tab(client, cast)
    assert "пока не успешен" in before
    assert "Категория стабильная или высокий балл мониторинга" in before
    flourish(session, cast)
    after = tab(client, cast)
    assert "успешен</span> по признакам ниже" in after
    assert ">нет</span>" not in after


def test_of_offences_only_those_in_charge_learn(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    flourish(session, cast)
    session.add(OffenceRecord(graduate=cast.own, recorded_on=TODAY, text="протокол"))
    session.commit()
    sign_in(client, cast.anna)
    assert of(tab(client, cast), CLOSED) == "•••"
    assert of(tab(client, cast), "Нет зависимости") == "•••"
    sign_in(client, cast.galina)
    assert of(tab(client, cast), CLOSED) == "нет"
    appoint(session, cast, cast.anna)
    sign_in(client, cast.anna)
    assert of(tab(client, cast), CLOSED) == "нет"


def of(block: str, label: str) -> str:
    """The value beside a label of the block, without its marks."""
    import re

    value = block.split(f"{label}</dt>", 1)[1].split("</dd>", 1)[0]
    return re.sub(r"<[^>]*>", "", value).strip()


def appoint(session: scoped_session[Session], cast: Cast, user: User) -> None:
    curator = Assignment(kind=AssignmentKind.CURATOR, user_id=user.id, name=user.name, starts_on=TODAY)
    curator.graduate = cast.own
    session.add(curator)
    session.commit()


def test_a_specialist_decides_otherwise_with_a_reason_and_it_is_logged(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.anna)
    page = say(client, cast, is_successful="yes", reason="Живёт с мужем,\r\nпомощь не нужна")
    assert "Решение записано." in page
    assert "по решению специалиста от 01.10.2026" in page
    assert "Живёт с мужем, помощь не нужна" in page
    (verdict,) = session.scalars(select(SuccessVerdict))
    assert (verdict.agency_id, verdict.decided_on, verdict.created_by_id) == (cast.service.id, TODAY, cast.anna.id)
    logged = session.scalars(select(AuditEvent.subject).where(AuditEvent.subject == "success_verdict")).all()
    assert len(logged) == 1


def test_without_a_reason_nothing_is_saved_and_nothing_lost(
    client: FlaskClient, session: scoped_session[Session], cast: Cast
) -> None:
    sign_in(client, cast.anna)
    form = fields_of(client.get(f"/success/{cast.own.id}").text)
    answer = client.post(f"/success/{cast.own.id}", data=form | {"is_successful": "no", "reason": " "})
    assert answer.status_code == 422
    assert "Заполните это поле" in answer.text or "Обязательное поле" in answer.text
    assert fields_of(answer.text)["is_successful"] == "no"
    assert session.scalars(select(SuccessVerdict)).all() == []


def test_a_double_click_decides_once(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    sign_in(client, cast.anna)
    form = fields_of(client.get(f"/success/{cast.own.id}").text) | {"is_successful": "no", "reason": "Один"}
    for _ in range(2):
        assert client.post(f"/success/{cast.own.id}", data=form).status_code == 302
    assert len(session.scalars(select(SuccessVerdict)).all()) == 1


def test_only_the_responsible_organisation_may(session: scoped_session[Session], cast: Cast) -> None:
    by = viewer_of(cast.opeka, TODAY)
    with pytest.raises(Refused, match="ответственная за сопровождение"):
        verdicts.give(session(), graduate=cast.own, is_successful=True, reason="х", by=by, now=NOW)
    assert not verdicts.may_give(viewer_of(cast.service, TODAY), cast.local)


def test_the_newest_word_counts(client: FlaskClient, session: scoped_session[Session], cast: Cast) -> None:
    flourish(session, cast)
    put_in_category(session(), cast.own, "stable")
    session.commit()
    sign_in(client, cast.anna)
    say(client, cast, is_successful="no", reason="Всё не так")
    assert "пока не успешен" in tab(client, cast)
    say(client, cast, is_successful="yes", reason="Наладилось")
    assert "пока не успешен" not in tab(client, cast)
