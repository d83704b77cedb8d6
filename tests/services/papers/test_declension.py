"""Names and positions in their cases: the rules, what they leave alone, what is kept and corrected by hand."""

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, scoped_session

from models.files import DeclinedForm, DeclinedKind
from models.graduates import Sex
from services.papers.declension import Declension, keep
from services.papers.spelling import CASES, PersonName, kind_of, name_forms, position_forms, split_name
from tests.factories import Cast, make_graduate
from views.extensions import db

M, F = Sex.MALE, Sex.FEMALE


@pytest.mark.parametrize(
    ("name", "sex", "genitive", "dative", "instrumental"),
    [
        ("Ёлкина Дарья Игоревна", F, "Ёлкиной Дарьи Игоревны", "Ёлкиной Дарье Игоревне", "Ёлкиной Дарьей Игоревной"),
        ("Сизов Пётр Ильич", M, "Сизова Петра Ильича", "Сизову Петру Ильичу", "Сизовым Петром Ильичом"),
        ("Черных Иван Петрович", M, "Черных Ивана Петровича", "Черных Ивану Петровичу", "Черных Иваном Петровичем"),
        ("Дюма Анна", F, "Дюма Анны", "Дюма Анне", "Дюма Анной"),
        ("Шевчук Мария Петровна", F, "Шевчук Марии Петровны", "Шевчук Марии Петровне", "Шевчук Марией Петровной"),
        ("Шевчук Иван Петрович", M, "Шевчука Ивана Петровича", "Шевчуку Ивану Петровичу", "Шевчуком Иваном Петровичем"),
        ("Сизов-Петров Лев", M, "Сизова-Петрова Льва", "Сизову-Петрову Льву", "Сизовым-Петровым Львом"),
        ("Сизова-Шевчук Любовь", F, "Сизовой-Шевчук Любови", "Сизовой-Шевчук Любови", "Сизовой-Шевчук Любовью"),
        ("Алиев Али Гасан оглы", M, "Алиева Али Гасан оглы", "Алиеву Али Гасан оглы", "Алиевым Али Гасан оглы"),
        ("Али Айгуль Гасан-кызы", F, "Али Айгуль Гасан-кызы", "Али Айгуль Гасан-кызы", "Али Айгуль Гасан-кызы"),
        ("Коваленко Марк", M, "Коваленко Марка", "Коваленко Марку", "Коваленко Марком"),
        ("Живаго Юрий", M, "Живаго Юрия", "Живаго Юрию", "Живаго Юрием"),
    ],
)  # fmt: skip
def test_a_name_is_declined(name: str, sex: Sex, genitive: str, dative: str, instrumental: str) -> None:
    parts = split_name(name)
    kind = kind_of(parts, sex)
    assert kind is not None
    forms = name_forms(parts, kind)
    assert (forms["genitive"], forms["dative"], forms["instrumental"]) == (genitive, dative, instrumental)


@pytest.mark.parametrize(
    ("text", "last", "kind", "initials"),
    [
        ("Петрова Анна Ивановна", "Петрова", DeclinedKind.WOMAN, "А.И. Петрова"),
        ("Анна Ивановна Петрова", "Петрова", DeclinedKind.WOMAN, "А.И. Петрова"),
        ("Анна Петрова", "Петрова", DeclinedKind.WOMAN, "А. Петрова"),
        ("Ахметова А.Р.", "Ахметова", DeclinedKind.WOMAN, "А.Р. Ахметова"),
        ("А. Р. Ахметова", "Ахметова", DeclinedKind.WOMAN, "А.Р. Ахметова"),
        ("Алиев Мамед Гасан оглы", "Алиев", DeclinedKind.MAN, "М.Г. Алиев"),
        ("Тихонов Марк", "Тихонов", DeclinedKind.MAN, "М. Тихонов"),
        ("Ким Саша", "Ким", None, "С. Ким"),
        ("Ли", "Ли", None, "Ли"),
        ("", "", None, ""),
    ],
)
def test_a_name_in_one_line_is_understood(text: str, last: str, kind: DeclinedKind | None, initials: str) -> None:
    parts = split_name(text)
    assert (parts.last, kind_of(parts) if text else None, parts.initials) == (last, kind, initials)


@pytest.mark.parametrize(
    ("position", "genitive", "accusative"),
    [
        ("директор", "директора", "директора"),
        ("Директор МБУ «Центр «Радуга»", "Директора МБУ «Центр «Радуга»", "Директора МБУ «Центр «Радуга»"),
        (
            "заместитель директора по воспитательной работе",
            "заместителя директора по воспитательной работе",
            "заместителя директора по воспитательной работе",
        ),
        ("социальный педагог", "социального педагога", "социального педагога"),
        ("педагог-психолог", "педагога-психолога", "педагога-психолога"),
        ("главный специалист-эксперт", "главного специалиста-эксперта", "главного специалиста-эксперта"),
        ("заведующая отделением", "заведующей отделением", "заведующую отделением"),
        ("заведующий отделом опеки", "заведующего отделом опеки", "заведующего отделом опеки"),
        ("исполняющая обязанности директора", "исполняющей обязанности директора", "исполняющую обязанности директора"),
        ("медицинская сестра", "медицинской сестры", "медицинскую сестру"),
        ("глава администрации", "главы администрации", "главу администрации"),
        ("директор, главный врач", "директора, главного врача", "директора, главного врача"),
        ("и.о. директора", "и.о. директора", "и.о. директора"),
        ("зам. директора", "зам. директора", "зам. директора"),
        ("врио начальника", "врио начальника", "врио начальника"),
        ("тьютор", "тьютор", "тьютор"),  # the dictionary does not know the word
        ("ГБУ СО КЦСОН", "ГБУ СО КЦСОН", "ГБУ СО КЦСОН"),
        ("", "", ""),
    ],
)
def test_a_position_is_declined_by_its_head_word(position: str, genitive: str, accusative: str) -> None:
    forms = position_forms(position)
    assert (forms["genitive"], forms["accusative"]) == (genitive, accusative)


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_text_has_all_its_cases_and_is_never_lost(text: str) -> None:
    parts = split_name(text)
    forms = [position_forms(text), *(name_forms(parts, kind) for kind in (DeclinedKind.MAN, DeclinedKind.WOMAN))]
    assert all(set(cases) == set(CASES) for cases in forms)
    assert all(bool(form.strip()) == bool(text.strip()) for form in forms[0].values())
    assert len(str(parts)) <= len(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("директор Петрова Анна Ивановна", "директора Петровой Анны Ивановны|директор|Петрова Анна Ивановна"),
        ("директор, Петрова А.И.", "директора Петровой А.И.|директор|Петрова А.И."),
        ("директор А. И. Петрова", "директора А.И. Петровой|директор|А. И. Петрова"),
        (
            "заместитель директора МБУ «Центр» Сизов-Петров Пётр Ильич",
            "заместителя директора МБУ «Центр» Сизова-Петрова Петра Ильича|заместитель директора МБУ «Центр»|"
            "Сизов-Петров Пётр Ильич",
        ),
        ("директора Петровой Анны Ивановны", "директора Петровой Анны Ивановны||"),
        ("и.о. директора Петровой А.И.", "и.о. директора Петровой А.И.||"),
        ("Петрова", "Петрова||"),
        ("", "||"),
    ],
)
def test_who_signs_is_put_into_the_genitive(session: scoped_session[Session], text: str, told: str) -> None:
    assert "|".join(Declension(session()).signatory(text)) == told


def rows(session: scoped_session[Session]) -> list[DeclinedForm]:
    return list(session.scalars(select(DeclinedForm).order_by(DeclinedForm.id)))


def test_forms_are_kept_once_and_read_from_then_on(session: scoped_session[Session], cast: Cast) -> None:
    forms = Declension(session())
    assert forms.person(cast.own).dative == "Ёлкиной Дарье Игоревне"
    assert forms.position("директор").genitive == "директора"
    assert forms.person(cast.own) is forms.person(cast.own)
    keep(session(), forms.made)
    keep(session(), forms.made)  # Somebody printed the same name at the same time.
    assert {row.nominative for row in rows(session)} == {"Ёлкина Дарья Игоревна", "директор"}
    again = Declension(session())
    assert again.person(cast.own).genitive == "Ёлкиной Дарьи Игоревны"
    assert again.made == {}


def test_a_form_corrected_by_hand_is_what_papers_print(session: scoped_session[Session], cast: Cast) -> None:
    row = DeclinedForm(kind=DeclinedKind.POSITION, nominative="тьютор", genitive="тьютора", dative="тьютору")
    row.accusative, row.instrumental = "тьютора", ""
    session.add(row)
    session.flush()
    found = Declension(session()).position(" тьютор ")
    assert (found.genitive, found.instrumental) == ("тьютора", "тьютор")  # An empty case: the word itself.


def test_the_same_name_of_a_man_and_of_a_woman_is_kept_twice(session: scoped_session[Session]) -> None:
    forms = Declension(session())
    for sex in (M, F):
        forms.person(make_graduate(session(), "Шевчук Женя", sex=sex))
    keep(session(), forms.made)
    assert {row.genitive for row in rows(session)} == {"Шевчука Жени", "Шевчук Жени"}


def test_a_name_of_unknown_sex_stays_and_is_not_kept(session: scoped_session[Session]) -> None:
    forms = Declension(session())
    assert set(vars(forms.name("Ким Саша")).values()) == {"Ким Саша"}
    assert set(vars(forms.name(PersonName(""))).values()) == {""}
    assert forms.made == {}


def test_a_form_longer_than_its_column_is_not_kept(session: scoped_session[Session]) -> None:
    forms = Declension(session())
    long = "директор " + "очень " * 90
    assert forms.position(long).genitive.startswith("директора очень")
    keep(session(), forms.made)
    assert rows(session) == []


@pytest.fixture
def committed(app: Flask) -> Iterator[Flask]:
    """A real database, without the outer transaction of a test; what is left there is taken away."""
    yield app
    with app.app_context():
        db.session.execute(delete(DeclinedForm))
        db.session.commit()


def test_many_who_print_the_same_name_at_once_keep_it_once(committed: Flask) -> None:
    start, faults = Barrier(6), []

    def print_it() -> None:
        with committed.app_context():
            try:
                forms = Declension(db.session())
                forms.name("Петрова Анна Ивановна")
                db.session.rollback()
                start.wait()
                keep(db.session(), forms.made)
                db.session.commit()
            except Exception as error:
                faults.append(error)

    threads = [Thread(target=print_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with committed.app_context():
        assert db.session.scalar(select(func.count(DeclinedForm.id))) == 1
