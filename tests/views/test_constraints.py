"""What the database refuses is told in Russian, at its field, without a value of the row."""

import re

import pytest
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from models import Model
from models.dictionaries import LegalStatus
from models.graduates import Graduate
from models.people import Contact
from models.territory import Agency, District
from models.users import User
from tests.factories import Cast, make_district, make_user
from views.constraints import CHECKS, UNIQUE, message_for, sentence
from views.logs import describe

TABLES = {
    str(rule.name): table
    for table in Model.metadata.sorted_tables
    for rule in (*table.constraints, *(index for index in table.indexes if index.unique))
    if isinstance(rule, CheckConstraint | UniqueConstraint | Index)
}
NAMES = sorted(TABLES)


@pytest.mark.parametrize("name", NAMES)
def test_every_check_and_unique_has_a_russian_sentence(name: str) -> None:
    told = sentence(name)
    assert told is not None
    assert re.fullmatch(r"[А-ЯЁ].*\.", told[1])


@pytest.mark.parametrize("name", NAMES)
def test_the_field_of_a_sentence_is_a_column_of_its_table(name: str) -> None:
    told = sentence(name)
    assert told is not None
    assert told[0] is None or told[0] in TABLES[name].columns


def test_no_sentence_is_kept_for_a_constraint_that_is_gone() -> None:
    assert all(any(name.endswith(f"_{rule}") for name in NAMES) for rule in CHECKS)
    assert set(UNIQUE) <= set(NAMES)


def refused(session: scoped_session[Session], statement: object) -> IntegrityError:
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        session.execute(statement)  # type: ignore[call-overload]
    return error.value


def test_a_taken_code_is_told_at_its_field(session: scoped_session[Session]) -> None:
    make_district(session(), "sokol", "Сокольский")
    session.flush()
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        make_district(session(), "sokol", "Другой")
    assert message_for(error.value) == ("code", "Район с таким кодом уже есть.")


def test_a_taken_login_is_told_at_its_field(cast: Cast, session: scoped_session[Session]) -> None:
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        make_user(session(), "anna", "Другая Анна", cast.anna.role, cast.service)
    assert message_for(error.value) == ("login", "Такой логин уже занят.")


def test_a_code_of_a_dictionary_that_is_there_already_is_told(session: scoped_session[Session]) -> None:
    code = session.scalars(select(LegalStatus.code)).first()
    error = refused(session, insert(LegalStatus).values(code=code, label="Ещё раз"))
    assert message_for(error) == ("code", "Такой код уже есть.")


def test_a_record_in_use_cannot_be_deleted_and_the_sentence_says_why(
    cast: Cast, session: scoped_session[Session]
) -> None:
    for model, row in ((Agency, cast.service), (District, cast.sokol)):
        error = refused(session, delete(model).where(model.id == row.id))
        assert message_for(error)[1] == "На эту запись ссылаются другие, поэтому удалить её нельзя."


def test_a_choice_that_is_gone_is_told(cast: Cast, session: scoped_session[Session]) -> None:
    row = {"graduate_id": cast.own.id, "kind_code": "pigeon", "value": "сизый"}
    field, told = message_for(refused(session, insert(Contact).values(row)))
    assert told == "Выбранной записи больше нет. Обновите страницу и выберите другую."
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    assert field == ("kind_code" if on_postgresql else None)  # SQLite does not say which link broke.


def test_a_missing_value_is_told_at_its_field(cast: Cast, session: scoped_session[Session]) -> None:
    row = {"graduate_id": cast.own.id, "kind_code": None, "value": "1"}
    assert message_for(refused(session, insert(Contact).values(row))) == ("kind_code", "Заполните это поле.")


def test_neither_the_sentence_nor_the_log_carries_a_value_of_the_row(
    cast: Cast, session: scoped_session[Session]
) -> None:
    update = Graduate.__table__.update().where(Graduate.id == cast.own.id).values(snils="999")
    error = refused(session, update)
    assert "999" not in message_for(error)[1]
    logged = describe(type(error), error, error.__traceback__)
    assert "999" not in logged  # PostgreSQL's own message quotes the whole row.
    assert "ck_graduate_snils_has_11_digits" in logged


def test_a_login_of_another_case_is_refused_on_both_databases(cast: Cast, session: scoped_session[Session]) -> None:
    error = refused(session, User.__table__.update().where(User.id == cast.anna.id).values(login="Анна"))
    assert message_for(error)[0] == "login"


def test_a_login_with_a_hyphen_is_lower_case(cast: Cast, session: scoped_session[Session]) -> None:
    session.execute(User.__table__.update().where(User.id == cast.anna.id).values(login="anna-klerk.2"))
    assert session.scalar(select(User.login).where(User.id == cast.anna.id)) == "anna-klerk.2"
