"""The directory, the own contacts in it, who serves which district, agreements that end."""

import re
from datetime import date, timedelta
from io import BytesIO

from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.audit import AccessEvent, AccessKind
from models.territory import Agency, AgencyDistrict, AgencyKind, Agreement, AgreementParty
from models.users import Role
from tests.conftest import TODAY
from tests.factories import Cast, make_agency, make_user
from tests.signing import sign_in
from views.extensions import db

Db = scoped_session[Session]
OWN = {"address": "г. Вологда, ул. Герцена, 1", "phone": "8 (8172) 72-10-10", "email": "service@example.ru"}


def names(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/agency/details/\?id=\d+">([^<]+)</a>', page)


def see(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


# -- The directory ---------------------------------------------------------------------------------------------------


def test_everybody_reads_participants_and_specialists_without_logins(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    cast.service.phone, cast.service.email = "8 (8172) 72-10-10", "service@example.ru"
    cast.service.responsible_name, cast.service.responsible_order = "Ольга Ответова", "№ 5 от 12.01.2026"
    cast.anna.position, cast.anna.phone = "психолог", "+7 921 000-00-01"
    make_user(session(), "zloy-login", "Игнат Закрытый", Role.CLERK, cast.service, is_locked=True)
    session.commit()
    sign_in(client, cast.vera)
    page = see(client, "/directory/")
    assert len(names(page)) == 5
    for text in (
        "Анна Клерк",
        "психолог",
        "tel:+79210000001",
        "tel:88172721010",
        "Ольга Ответова",
        "№ 5 от 12.01.2026",
    ):
        assert text in page
    assert "Закрытый" not in page
    assert "boris" not in page


def test_the_search_folds_letters_and_finds_specialists(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.boris)
    assert names(see(client, "/directory/?q=перекресток")) == ["Служба «Перекрёсток»"]
    assert names(see(client, "/directory/?q=ПЕРЕКРЁСТОК")) == ["Служба «Перекрёсток»"]
    assert names(see(client, "/directory/?q=вера чужая")) == ["Опека Тотемского округа"]
    assert "Никого не найдено" in see(client, "/directory/?q=нигде")


def test_it_is_narrowed_by_kind_and_by_the_district_served_today(client: FlaskClient, cast: Cast, session: Db) -> None:
    former = make_agency(session(), "former", AgencyKind.GUARDIANSHIP, short_name="Бывшая опека")
    former.served = [AgencyDistrict(district=cast.sokol, starts_on=date(2020, 1, 1), ends_on=date(2025, 12, 31))]
    closed = make_agency(session(), "closed", AgencyKind.GUARDIANSHIP, short_name="Закрытая опека")
    closed.is_active = False
    session.commit()
    sign_in(client, cast.anna)
    assert names(see(client, "/directory/?kind=guardianship")) == [
        "Бывшая опека",
        "Опека Сокольского округа",
        "Опека Тотемского округа",
    ]
    assert names(see(client, f"/directory/?district={cast.sokol.id}")) == ["Опека Сокольского округа"]
    assert len(names(see(client, "/directory/?kind=nothing&district=x&page=x&by=x"))) == 6


def test_by_districts_an_organisation_stands_under_each_of_its_own(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    cast.service.served = [
        AgencyDistrict(district=district, starts_on=date(2022, 1, 1)) for district in (cast.sokol, cast.totma)
    ]
    session.commit()
    sign_in(client, cast.anna)
    page = see(client, "/directory/?by=district")
    assert names(page).count("Служба «Перекрёсток»") == 2
    assert page.index("Сокольский</h2>") < page.index("Тотемский</h2>") < page.index("Без района")
    assert "Организаций: <strong>5</strong>" in page


def test_hundreds_of_organisations_come_page_by_page(client: FlaskClient, cast: Cast, session: Db) -> None:
    for number in range(120):
        make_agency(session(), f"college-{number}", AgencyKind.COLLEGE, short_name=f"Колледж {number:03}")
    session.commit()
    sign_in(client, cast.anna)
    seen, address = [], "/directory/?kind=college"
    while address:
        page = see(client, address)
        seen += names(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"Колледж {number:03}" for number in range(120)]


def test_the_file_has_what_is_shown_and_its_taking_is_noted(client: FlaskClient, cast: Cast, session: Db) -> None:
    cast.anna.phone = "=1+1"
    session.commit()
    sign_in(client, cast.anna)
    answer = client.get("/directory/export/xlsx?q=перекресток")
    rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))
    answer.close()
    told = [row for row in rows if row[8] in ("Анна Клерк", "Галина Главная", "Борис Опекин")]
    assert [row[8] for row in told] == ["Анна Клерк", "Галина Главная"]
    assert told[0][10] == "=1+1"
    taken = select(AccessEvent).where(AccessEvent.kind == AccessKind.EXPORTED, AccessEvent.subject == "agency")
    assert len(session.scalars(taken, bind_arguments={"bind": db.engines["access"]}).all()) == 1


# -- The own contacts ------------------------------------------------------------------------------------------------


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_contacts_that_nobody_checked_for_half_a_year_are_flagged(client: FlaskClient, cast: Cast, session: Db) -> None:
    cast.service.contacts_checked_on = TODAY - timedelta(days=183)
    cast.opeka.contacts_checked_on = TODAY - timedelta(days=184)
    session.commit()
    sign_in(client, cast.anna)
    stale = names(see(client, "/directory/?stale=1"))
    assert "Служба «Перекрёсток»" not in stale
    assert "Опека Сокольского округа" in stale
    assert "проверены давно: 31.03.2026" in see(client, "/directory/")


def test_an_organisation_corrects_its_own_contacts_and_only_those(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.boris)
    page = see(client, "/directory/own/")
    form = {**OWN, "name": "Чужое имя", "id": str(cast.service.id), "version": version(page)}
    assert client.post("/directory/own/", data=form).status_code == 303
    session.expire_all()
    assert (cast.opeka.phone, cast.opeka.contacts_checked_on) == ("8 (8172) 72-10-10", TODAY)
    assert cast.opeka.short_name == "Опека Сокольского округа"
    assert cast.service.phone == ""


def test_a_form_opened_before_another_correction_is_refused(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.galina)
    old = version(see(client, "/directory/own/"))
    assert client.post("/directory/own/", data={**OWN, "version": old}).status_code == 303
    answer = client.post("/directory/own/", data={**OWN, "phone": "другой", "version": old})
    assert answer.status_code == 422
    assert "запись изменилась" in answer.text
    session.expire_all()
    assert cast.service.phone == OWN["phone"]


def test_what_is_no_address_is_refused_with_a_sentence_at_its_field(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    sign_in(client, cast.anna)
    number = version(see(client, "/directory/own/"))
    answer = client.post("/directory/own/", data={**OWN, "email": "не адрес", "version": number})
    assert answer.status_code == 422
    assert "Адрес почты не читается" in answer.text
    answer = client.post("/directory/own/", data={"phone": "", "email": "", "version": number})
    assert "Укажите телефон или электронную почту." in answer.text
    answer = client.post("/directory/own/", data={**OWN, "address": "я" * 501, "version": number})
    assert "Не длиннее 500 знаков." in answer.text


def test_a_click_says_that_the_contacts_were_checked_today(client: FlaskClient, cast: Cast, session: Db) -> None:
    sign_in(client, cast.galina)
    page = see(client, "/directory/own/")
    client.post("/directory/own/checked", data={"version": version(page)})
    session.expire_all()
    assert cast.service.contacts_checked_on == TODAY
    assert "Контакты проверены 01.10.2026." in see(client, "/directory/own/")


# -- Territories -----------------------------------------------------------------------------------------------------


def cells(page: str, district: str) -> list[str]:
    row = re.search(rf'<th scope="row">{district}</th>(.*?)</tr>', page, re.DOTALL)
    assert row
    return [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", cell)).strip() for cell in row[1].split("</td>")[:-1]]


def test_gaps_and_overlaps_of_a_day_are_told_in_words(client: FlaskClient, cast: Cast, session: Db) -> None:
    new = make_agency(session(), "new-opeka", AgencyKind.GUARDIANSHIP, short_name="Новая опека")
    new.served = [AgencyDistrict(district=cast.sokol, starts_on=date(2026, 9, 1))]
    cast.other_opeka.served[0].ends_on = date(2026, 8, 31)
    session.commit()
    sign_in(client, cast.vera)
    page = see(client, "/territories/")
    assert "пропусков: 1" in page
    assert "пересечений: 1" in page
    assert cells(page, "Тотемский") == ["никого после 31.08.2026"]
    assert "сразу 2 организации" in cells(page, "Сокольский")[0]
    earlier = see(client, "/territories/?on=31.08.2026")
    assert "у каждого района один участник каждого вида" in earlier
    assert "Опека Тотемского округа" in cells(earlier, "Тотемский")[0]


def test_only_what_is_wrong_is_shown_on_request(client: FlaskClient, cast: Cast, session: Db) -> None:
    cast.other_opeka.served[0].ends_on = date(2026, 8, 31)
    session.commit()
    sign_in(client, cast.kira)
    page = see(client, "/territories/?faults=1")
    assert '<th scope="row">Сокольский</th>' not in page
    assert '<th scope="row">Тотемский</th>' in page
    assert "Пропусков и пересечений нет" in see(client, "/territories/?faults=1&on=2026-08-31")


def test_who_alone_serves_every_district_stands_apart_from_the_matrix(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    cast.centre.served = [
        AgencyDistrict(district=district, starts_on=date(2022, 1, 1)) for district in (cast.sokol, cast.totma)
    ]
    session.commit()
    sign_in(client, cast.anna)
    page = see(client, "/territories/")
    assert len(cells(page, "Сокольский")) == 1
    assert "Один участник на всю область" in page
    cast.centre.served[0].ends_on = TODAY - timedelta(days=1)
    session.commit()
    page = see(client, "/territories/")
    assert len(cells(page, "Сокольский")) == 2
    assert "Один участник на всю область" not in page


def test_a_day_that_cannot_be_read_is_told(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    answer = client.get("/territories/?on=завтра")
    assert answer.status_code == 400
    assert "Дата не читается" in answer.text


# -- Agreements ------------------------------------------------------------------------------------------------------


def agree(session: Db, number: str, ends_on: date | None, *parties: Agency) -> None:
    made = Agreement(number=number, signed_on=date(2026, 1, 12), starts_on=date(2026, 1, 12), ends_on=ends_on)
    made.parties = [AgreementParty(agency=agency) for agency in parties]
    session.add(made)
    session.commit()


def test_agreements_that_end_within_sixty_days_are_flagged_and_found(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    agree(session, "скорое", TODAY + timedelta(days=60), cast.service, cast.opeka)
    agree(session, "долгое", TODAY + timedelta(days=61), cast.service, cast.opeka)
    agree(session, "вечное", None, cast.service, cast.opeka)
    agree(session, "прошлое", TODAY - timedelta(days=1), cast.service, cast.opeka)
    sign_in(client, cast.anna)
    page = see(client, "/agreement/")
    assert page.count("истекает через 60 дней") == 1
    assert page.count("истекло") == 1
    soon = see(client, "/agreement/?f.soon=1")
    assert [number in soon for number in ("скорое", "долгое", "вечное", "прошлое")] == [True, False, False, False]
    rest = see(client, "/agreement/?f.soon=0")
    assert [number in rest for number in ("скорое", "долгое", "вечное", "прошлое")] == [False, True, True, True]


def test_the_directory_shows_ones_own_agreements_with_a_participant(
    client: FlaskClient, cast: Cast, session: Db
) -> None:
    agree(session, "77", TODAY + timedelta(days=5), cast.service, cast.opeka)
    sign_in(client, cast.anna)
    page = see(client, "/directory/?kind=guardianship")
    assert "№\xa077, до 06.10.2026" in page
    assert "истекает через 5 дней" in page
    sign_in(client, cast.vera)
    assert "№\xa077" not in see(client, "/directory/")
