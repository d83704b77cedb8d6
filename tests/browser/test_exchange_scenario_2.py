"""A crisis told in three days, as four organisations live through it: scenario 2, with its days, numbers and rows."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import Viewer
from models.circumstances import Address, AddressKind
from models.deadlines import Deadline
from models.graduates import Graduate
from models.support import Assignment, AssignmentKind, CategoryDecision, Problem
from models.territory import Agency, District
from models.users import User
from services.graduates import note_responsibility
from tests.browser.conftest import Trouble
from tests.browser.desk import Region, add_row, open_card, open_letter, save, words
from tests.browser.region import served_region
from tests.browser.site import Site
from tests.browser.test_support_scenarios import act, row_of, terms_of, told
from tests.clock import at
from views.extensions import db

CALL, NOTICE_DUE, LATE = date(2026, 3, 6), date(2026, 3, 10), date(2026, 3, 11)
SURVEY_DUE, APPLIED = date(2026, 3, 12), date(2026, 3, 10)
WEEKLY = (date(2026, 3, 13), date(2026, 3, 20), date(2026, 3, 27))
REVIEWED = date(2026, 4, 3)
ROOM = "Приозёрск, ул. Лесная, 4, комната 2"
HELPED = "Накормили, поселили в общежитие, юрист готовит заявление о паспорте."
# One for each direction: rights, housing, money, work.
MEASURES = (
    "Получение и восстановление документов",
    "Документы для жилья",
    "Пособия и социальный контракт",
    "Поиск работы",
)
SERVICE, SERVICE_HEAD = "sluzhba", "sluzhba.head"
SOCIAL, SOCIAL_HEAD, DEPARTMENT = "kcson", "kcson.head", "department"


@pytest.fixture(scope="module")
def region_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from served_region(tmp_path_factory.mktemp("region"))


@pytest.fixture
def region(browser: Browser, region_site: Site, trouble: Trouble) -> Iterator[Region]:
    region = Region(region_site, browser, trouble)
    yield region
    for context in region.opened:
        context.close()


# -- What people do again and again ----------------------------------------------------------------------------------


def a_card(session: Session, by: Viewer, name: str, born: date, since: date) -> Graduate:
    """Somebody of the district whom the service accompanies."""
    last_name, first_name, patronymic = name.split()
    lake = session.scalars(select(District).where(District.code == "lake")).one()
    person = Graduate(
        last_name=last_name, first_name=first_name, patronymic=patronymic, birth_date=born, agency_id=by.agency_id,
        created_by_id=by.user_id, created_at=at(since), updated_at=at(since),
    )  # fmt: skip
    person.addresses = [Address(kind=AddressKind.RESIDENCE, text=ROOM, district_id=lake.id, starts_on=since)]
    session.add(person)
    note_responsibility(person, on=since, ground="принят на сопровождение")
    session.flush()
    return person


def tab(page: Page, person: int, name: str) -> None:
    page.goto(f"/graduate/details/?id={person}&tab={name}")


def pick(page: Page, field: str, text: str, name: str) -> None:
    """Find an organisation of the directory by typing."""
    page.locator(f"#{field} ~ .ts-wrapper .ts-control").click()
    page.keyboard.type(text)
    expect(page.locator(f"#{field}-ts-dropdown .option.active")).to_have_text(name)
    page.keyboard.press("Enter")
    expect(page.locator(f"#{field} ~ .ts-wrapper .item")).to_contain_text(name)


def due_of(region: Region, person: int, code: str) -> list[tuple[date, date | None]]:
    """Until when, and when done, of the obligations of a rule about a person."""
    with region.site.app.app_context():
        d = Deadline
        query = select(d.due_on, d.done_on).where(d.graduate_id == person, d.rule_key.endswith(f"/{code}"))
        return [(due, done) for due, done in db.session.execute(query.order_by(d.due_on, d.id))]


def journal_rows(page: Page, code: str) -> list[str]:
    page.goto(f"/journals/{code}/?year=2026")
    return [re.sub(r"\s+", " ", row.inner_text()) for row in page.locator("tbody tr").all()]


def notice_row(page: Page, number: int) -> str:
    """A row of Ж-10 by its number."""
    return next(row for row in journal_rows(page, "notices") if row.startswith(f"{number} "))


def number_of(region: Region, person: int, code: str) -> int:
    """The only obligation of a rule about a person."""
    one = select(Deadline.id).where(Deadline.graduate_id == person, Deadline.rule_key.endswith(f"/{code}"))
    return int(region.ask(one))


def number_of_user(region: Region, login: str) -> str:
    return str(region.ask(select(User.id).where(User.login == login)))


# -- Scenario 2 ------------------------------------------------------------------------------------------------------


def _artem(session: Session, by: Viewer) -> None:
    since = date(2025, 9, 1)
    artem = a_card(session, by, "Морозов Артём Сергеевич", date(2005, 11, 21), since)
    artem.category_decisions = [
        CategoryDecision(
            category_code="stable",
            starts_on=date(2026, 1, 12),
            ground="учится, живёт в комнате",
            decided_by="консилиум",
        )
    ]
    artem.graduating_agency_id = session.scalars(select(Agency.id).where(Agency.code == "cpd-lake")).one()


def test_a_call_becomes_a_crisis(region: Region, trouble: Trouble) -> None:
    region.change(_artem, login=SERVICE, day=date(2026, 1, 12))
    artem = region.person("Морозов")

    page = region.sits(SERVICE, CALL)
    page.goto(f"/appeal/new/?graduate={artem}")
    page.locator("#received_time").fill("11:20")
    page.locator("#channel_code").select_option("phone")
    page.locator("#urgency").select_option("at_once")
    page.locator("#content").fill("Выселен из комнаты, утрачен паспорт, нет денег")
    save(page)
    told(page, "№ 1/2026")
    told(page, "06.03.2026")
    appeal = row_of(page, "appeals", "Морозов")
    for part in ("06.03.2026 11:20", "телефон", "Выселен из комнаты", "немедленно"):
        assert part in appeal

    open_card(page, artem)
    for kind, severity, description in (
        ("housing", "3", "Выселен из съёмной комнаты"),
        ("documents", "2", "Утрачен паспорт"),
        ("income", "3", "Нет денег на еду"),
    ):
        add_row(
            page, "problems", kind_code=kind, severity=severity, description=description,
            found_on="06.03.2026", source_code="message",
        )  # fmt: skip
    save(page)

    page.goto(f"/category/{artem}")
    expect(page.locator("#main")).to_contain_text("нет жилья")
    expect(page.locator("[name='decide-category_code']")).to_have_value("crisis")
    page.get_by_role("button", name="Записать решение").click()
    told(page, "кризисное с 06.03.2026")
    terms = terms_of(page, artem)
    for part in ("06.03.2026 скоро Экстренное извещение", "10.03.2026 скоро Извещение о выявленной нуждаемости"):
        assert part in terms
    assert due_of(region, artem, "T20") == [(CALL, None), (CALL, None)]  # Housing and income.
    assert due_of(region, artem, "T18") == [(NOTICE_DUE, None)]  # Documents: three days end on a day off.
    assert due_of(region, artem, "T19") == [(NOTICE_DUE, None)]
    assert due_of(region, artem, "C07")[-1] == (WEEKLY[0], None)
    review = f"/deadline/details/?id={number_of(region, artem, 'C04')}"
    page.goto(review)
    for day in ("05.04.2026", "06.04.2026", "03.04.2026"):
        expect(page.locator("#main")).to_contain_text(day)
    assert trouble == []


def test_the_notices_go_on_the_same_day(region: Region, trouble: Trouble) -> None:
    artem = region.person("Морозов")
    page = region.sits(SERVICE, CALL)
    tab(page, artem, "exchange")
    page.locator("#proposals").get_by_role("link", name="Экстренное извещение о нуждаемости").first.click()
    facts = page.locator(".compose-person").locator("input, textarea")
    assert [one.input_value() for one in facts.all()] == ["Морозов Артём Сергеевич", ROOM, ""]
    expect(page.get_by_label("КЦСОН Приозёрного округа")).to_be_checked()
    pick(page, "others", "Департамент", "Департамент соцзащиты")
    page.get_by_label("Что случилось").fill("Выселен, негде жить")
    page.get_by_role("button", name="Отправить", exact=True).click()
    told(page, "исх. № 1/2026 – КЦСОН Приозёрного округа")
    told(page, "исх. № 2/2026 – Департамент социальной защиты населения")
    expect(page.locator("#main")).to_contain_text("Ответ до 10.03.2026, осталось 4 дня")
    expect(page.locator("#letter")).to_contain_text("п. 4.4, Вологодский регламент")

    page.goto("/exchange/proposals/")
    for title in ("Экстренное извещение о нуждаемости", "Извещение о нуждаемости"):
        line = page.locator(".proposal-list > li").first
        expect(line.locator(".proposal-title")).to_have_text(title)
        line.get_by_role("button", name="Отправить", exact=True).click()
    told(page, "исх. № 4/2026 – КЦСОН Приозёрного округа")
    expect(page.locator("#main")).to_contain_text("Предлагать нечего")
    assert due_of(region, artem, "T20") == [(CALL, CALL), (CALL, CALL)]
    assert due_of(region, artem, "T18") == due_of(region, artem, "T19") == [(NOTICE_DUE, CALL)]

    social, department = region.sits(SOCIAL, CALL), region.sits(DEPARTMENT, CALL)
    expect(social.locator("#urgent-title")).to_contain_text("без подтверждения: 2")
    expect(department.locator("#urgent-title")).to_contain_text("без подтверждения: 1")
    for reader, times in ((social, 2), (department, 1)):
        for _ in range(times):
            reader.get_by_role("button", name=re.compile("Подтвердить получение")).first.click()
            told(reader, "Получение подтверждено")
        expect(reader.locator("#urgent-title")).to_have_count(0)
    page.goto("/")
    expect(page.locator("#urgent-title")).to_have_count(0)

    for number, (who, what, urgent, due) in enumerate((
        ("КЦСОН Приозёрного округа", "жильё: Выселен", "да", "06.03.2026"),
        ("Департамент социальной защиты", "жильё: Выселен", "да", "06.03.2026"),
        ("КЦСОН Приозёрного округа", "Нет денег на еду", "да", "06.03.2026"),
        ("КЦСОН Приозёрного округа", "документы: Утрачен паспорт", "нет", "10.03.2026"),
    ), start=1):  # fmt: skip
        notice = notice_row(page, number)
        for part in (
            f"{number} 06.03.2026",
            "Морозов Артём Сергеевич",
            what,
            f"{urgent} {due} {who}",
            f"06.03.2026, № {number}/2026",
        ):
            assert part in notice
    sent, got = journal_rows(page, "outgoing"), journal_rows(social, "incoming")
    assert [row.split("через")[1].strip() for row in sent] == ["«Маршрут» 10.03.2026"] * 3 + ["«Маршрут» 06.04.2026"]
    for row, parts in zip(
        got, (("1/2026", "№ 1/2026 от 06.03.2026"), ("2/2026", "№ 3/2026 от 06.03.2026")), strict=True
    ):
        assert row.startswith(parts[0])
        assert parts[1] in row
    # Of the man himself the social centre knows what the letters say: it has accepted none of them.
    assert social.request.get(f"/graduate/details/?id={artem}").status == 404
    assert trouble == []


def test_the_social_centre_helps_at_once(region: Region, trouble: Trouble) -> None:
    artem = region.person("Морозов")
    page = region.sits(SOCIAL, CALL)
    for number in (1, 3, 4):
        page.goto(f"/referral/details/?id={number}")
        act(page, "accept", "Принять", executor_id=number_of_user(region, SOCIAL))
        told(page, "Письмо принято")
        page.get_by_role("button", name="Взять в работу").click()
        told(page, "Письмо в работе")
    page.locator("#people").get_by_role("link", name="Морозов Артём Сергеевич").click()
    expect(page.locator("h1")).to_have_text("Морозов Артём Сергеевич")
    expect(page.get_by_role("link", name="Изменить", exact=True)).to_have_count(0)
    expect(page.locator("#main")).to_contain_text("Утрачен паспорт")

    page.goto(f"/urgent_act/new/?graduate={artem}")
    expect(page.locator("#main")).to_contain_text("без договора и без ИППСУ")
    page.locator("#reason").fill("Выселен, нет денег и документов")
    page.locator("#source").fill("извещение службы, вх. № 1/2026")
    page.locator("#services").fill("горячее питание\nвременное жильё\nюридическая помощь")
    page.locator("#is_signed").check()
    save(page)
    told(page, "№ 1/2026")
    for service in ("горячее питание срочные", "временное жильё срочные", "юридическая помощь срочные"):
        assert service in words(page)
    assert due_of(region, artem, "T54") == [(SURVEY_DUE, None)] * 3

    page = region.sits(SOCIAL, APPLIED)
    page.goto(f"/occurrence/new/?graduate={artem}")
    page.locator("#trigger").select_option("service.applied")
    page.get_by_role("button", name="Сохранить").first.click()
    told(page, "Решение о признании нуждающимся – до 17.03.2026")
    told(page, "до 24.03.2026")
    for number in (1, 3):
        page.goto(f"/referral/details/?id={number}")
        act(page, "answer", "Отправить ответ", outcome="partly", text=HELPED)
        told(page, "Ответ отправлен")
    department = region.sits(DEPARTMENT, APPLIED)
    department.goto("/referral/details/?id=2")
    act(department, "answer", "Отправить ответ", outcome="passed_on", text="Взято на контроль.")
    told(department, "Ответ отправлен")

    page = region.sits(SOCIAL, SURVEY_DUE)
    expect(page.locator("#today")).to_contain_text("Акт обследования условий жизни")
    page.goto(f"/housing_survey/new/?graduate={artem}")
    page.locator("#outcome").select_option("needs_work")
    page.locator("#recommendations").fill("Место в общежитии на три месяца")
    save(page)
    told(page, "№ 1/2026")
    assert due_of(region, artem, "T54") == [(SURVEY_DUE, SURVEY_DUE)] * 3
    assert due_of(region, artem, "C01") == [(date(2026, 3, 17), None)]
    assert due_of(region, artem, "C02") == [(date(2026, 3, 24), None)]

    clerk, head = region.sits(SERVICE, SURVEY_DUE), region.sits(SERVICE_HEAD, SURVEY_DUE)
    assert f"решено частично: {HELPED} 10.03.2026" in notice_row(clerk, 1)
    head.goto("/notifications/")
    expect(head.locator("#main")).not_to_contain_text("не подтверждено")  # Each was acknowledged in time.
    assert trouble == []


def test_a_plan_and_weekly_talks_follow(region: Region, trouble: Trouble) -> None:
    artem = region.person("Морозов")
    page = region.sits(SERVICE, CALL)
    page.goto(f"/plan/new/?graduate={artem}")
    page.locator("#starts_on").fill("06.03.2026")
    page.locator("#ends_on").fill("05.03.2027")
    save(page)
    plan = page.url
    page.get_by_role("link", name=re.compile("Добавить из перечня")).first.click()
    for title in MEASURES:
        page.get_by_label(title, exact=True).check()
    page.get_by_role("button", name="Добавить отмеченные").click()
    page.goto(plan)
    page.get_by_role("button", name="Передать на утверждение").click()
    head = region.sits(SERVICE_HEAD, CALL)
    head.goto(plan)
    act(head, "approve", "Утвердить", agreed_on="06.03.2026", approved_on="06.03.2026")
    told(head, "План утверждён, № 1/2026")
    for title in MEASURES:
        expect(head.locator("#main")).to_contain_text(title)

    for day in WEEKLY:
        assert due_of(region, artem, "C07")[-1] == (day, None)
        page = region.sits(SERVICE, day)
        page.goto(f"/consultation/new/?graduate={artem}")
        page.locator("#topic").fill("Как живёт в общежитии, что с паспортом")
        save(page)
        assert (day, day) in due_of(region, artem, "C07")
    assert due_of(region, artem, "C07")[-1] == (REVIEWED, None)
    assert trouble == []


def test_the_review_ends_the_crisis_and_the_control(region: Region, trouble: Trouble) -> None:
    artem = region.person("Морозов")
    social = region.sits(SOCIAL, REVIEWED)
    social.goto("/referral/details/?id=4")
    act(social, "answer", "Отправить ответ", outcome="resolved", text="Заявление о паспорте подано.")
    told(social, "Ответ отправлен")

    page = region.sits(SERVICE, REVIEWED)
    assert "Пересмотр кризисной категории" in terms_of(page, artem)
    open_card(page, artem)
    for place, resolution in ((0, "место в общежитии на три месяца"), (2, "назначено пособие")):
        row = page.locator("[data-inline-list=problems] [data-inline-row]").nth(place)
        row.locator("input[name$=-resolved_on]").fill("02.04.2026")
        row.locator("input[name$=-resolution]").fill(resolution)
    save(page)
    page.goto(f"/monitoring_card/new/?graduate={artem}")
    for number, points in enumerate((2, 1, 2, 2, 1, 2, 1)):
        page.locator("fieldset.score").nth(number).locator(f"input[type=radio][value='{points}']").check()
    save(page)
    expect(page.locator("#main")).to_contain_text("11")
    page.goto(f"/category/{artem}")
    expect(page.locator("#main")).to_contain_text("сумма мониторинга средняя: 11 баллов")
    expect(page.locator("[name='decide-category_code']")).to_have_value("active")
    page.get_by_role("button", name="Записать решение").click()
    told(page, "активное с 03.04.2026")
    assert due_of(region, artem, "C04") == [(date(2026, 4, 6), REVIEWED)]

    page.goto(f"/graduate/{artem}/route?kind=category&order=old")
    states = [re.sub(r"\s+", " ", row.inner_text()) for row in page.locator(".route-events tbody tr").all()]
    assert [state.split()[0] + " " + state.partition("Категория: ")[2].split()[0] for state in states[1:]] == [
        "12.01.2026 стабильное",
        "06.03.2026 кризисное",
        "03.04.2026 активное",
    ]

    for number in range(1, 5):
        page.goto(f"/referral/details/?id={number}")
        act(page, "close", "Закрыть", note="Жильё временное есть, паспорт оформляют")
        told(page, "Письмо закрыто")
    notices = journal_rows(page, "notices")
    assert [row.rstrip()[-21:] for row in notices] == ["10.03.2026 03.04.2026"] * 3 + ["03.04.2026 03.04.2026"]
    answers = [row.partition("«Маршрут» ")[2].rstrip() for row in journal_rows(page, "outgoing")]
    assert answers == [
        "10.03.2026 вх. № 1/2026 от 10.03.2026 решено частично",
        "10.03.2026 вх. № 3/2026 от 10.03.2026 передано",
        "10.03.2026 вх. № 2/2026 от 10.03.2026 решено частично",
        "06.04.2026 вх. № 4/2026 от 03.04.2026 решено",
    ]
    # The card stays open to the social centre for thirty days more.
    for day, status in ((date(2026, 5, 3), 200), (date(2026, 5, 4), 404)):
        assert region.sits(SOCIAL, day).request.get(f"/graduate/details/?id={artem}").status == status
    assert trouble == []


def _silent(session: Session, by: Viewer) -> None:
    volkov = a_card(session, by, "Волков Сергей Иванович", date(2006, 7, 2), date(2025, 9, 1))
    volkov.problems = [
        Problem(kind_code="documents", severity=2, description="Утрачен паспорт", found_on=CALL, source_code="own_work")
    ]


def test_without_a_letter_the_head_is_told_from_the_next_day_on(region: Region, trouble: Trouble) -> None:
    region.change(_silent, login=SERVICE, day=CALL)
    volkov = region.person("Волков")
    assert due_of(region, volkov, "T18") == [(NOTICE_DUE, None)]
    overdue = re.compile(r"Извещение о выявленной нуждаемости\s+Карточка №\s\d+, срок истёк 10.03.2026")

    region.night_before(NOTICE_DUE)
    head = region.sits(SERVICE_HEAD, NOTICE_DUE)
    head.goto("/notifications/")
    expect(head.locator("#main")).not_to_contain_text(overdue)
    assert "просрочено" not in terms_of(head, volkov)

    region.night_before(LATE)
    head = region.sits(SERVICE_HEAD, LATE)
    expect(head.locator("#overdue")).to_contain_text("Извещение о выявленной нуждаемости")
    head.locator(".bell").click()
    expect(head.locator("#main")).to_contain_text(overdue)
    assert "просрочено" in terms_of(head, volkov)
    assert trouble == []


# -- A transfer, a sitting, an emergency -----------------------------------------------------------------------------

OFFERED, TAKEN = date(2026, 5, 12), date(2026, 5, 14)


def _anna(session: Session, by: Viewer) -> None:
    anna = a_card(session, by, "Соколова Анна Павловна", date(2006, 3, 4), date(2025, 9, 1))
    zimina = session.scalars(select(User).where(User.login == SERVICE)).one()
    anna.assignments = [
        Assignment(kind=AssignmentKind.CURATOR, user_id=zimina.id, name=zimina.name, starts_on=date(2025, 9, 1))
    ]


def test_a_person_moves_to_another_service_and_its_curator(region: Region, trouble: Trouble) -> None:
    region.change(_anna, login=SERVICE, day=OFFERED)
    anna = region.person("Соколова")
    head = region.sits(SERVICE_HEAD, OFFERED)
    tab(head, anna, "exchange")
    head.locator("#letters").get_by_role("link", name=re.compile("Написать")).click()
    head.get_by_role("link", name="Передача выпускника другой организации").click()
    pick(head, "others", "Маяк", "Служба «Маяк»")
    head.get_by_role("button", name="Отправить", exact=True).click()
    told(head, "Служба сопровождения «Маяк»")
    letter = head.url

    clerk, other = region.sits("mayak", TAKEN), region.sits("mayak.head", TAKEN)
    clerk.goto(letter)
    expect(clerk.get_by_role("button", name="Принять выпускника")).to_have_count(0)  # That is for the head.
    open_letter(other, "Передача выпускника")
    act(other, "accept-transfer", "Принять выпускника", curator_id=number_of_user(region, "mayak"), order_number="17-к")
    told(other, "Передача принята: Соколова Анна Павловна")
    other.locator("#people").get_by_role("link", name="Соколова Анна Павловна").click()
    for part in ("Служба «Маяк»", "Гусева Вера Антоновна"):
        expect(other.locator("#main")).to_contain_text(part)
    expect(other.get_by_role("link", name="Изменить", exact=True)).to_have_count(1)

    former = region.sits(SERVICE, TAKEN)
    tab(former, anna, "facts")
    expect(former.locator("h1")).to_have_text("Соколова Анна Павловна")
    expect(former.get_by_role("link", name="Изменить", exact=True)).to_have_count(0)
    former.goto(f"/graduate/{anna}/route?kind=people&order=old")
    for part in ("01.09.2025 – 13.05.2026", "передача: Служба сопровождения «Перекресток»"):
        expect(former.locator(".route-events")).to_contain_text(part)
    assert trouble == []


MET, SENT_OUT, READ = date(2026, 5, 20), date(2026, 5, 21), date(2026, 5, 22)
COUNCIL = (  # Name, role, login of those who work here.
    ("Котов Илья Борисович", "chair", "sluzhba.head"),
    ("Зимина Ольга Сергеевна", "secretary", "sluzhba"),
    ("Беляев Кирилл Львович", "member", ""),
    ("Мохова Дина Олеговна", "member", ""),
)


def _egor(session: Session, by: Viewer) -> None:
    a_card(session, by, "Егоров Пётр Ильич", date(2006, 1, 9), date(2025, 9, 1))


def test_a_council_with_half_of_its_members_decides(region: Region, trouble: Trouble) -> None:
    region.change(_egor, login=SERVICE, day=OFFERED)
    egor = region.person("Егоров")
    officer = region.sits("opeka", OFFERED)
    officer.goto(f"/referral/new/?kind=vologda-2022/case-conference&graduate={egor}")
    officer.get_by_label("Служба сопровождения «Перекресток»", exact=True).check()
    officer.get_by_label("Суть случая").fill("Полгода не платит за комнату")
    officer.get_by_role("button", name="Отправить", exact=True).click()
    told(officer, "исх. № 1/2026")

    page = region.sits(SERVICE, TAKEN)
    page.goto("/body/")
    page.locator("a[href*='/body/new/']").first.click()
    page.locator("#name").fill("Совет службы по сложным случаям")
    save(page)
    for name, role, login in COUNCIL:
        more = {"user_id": number_of_user(region, login)} if login else {}
        page.locator("#action-seat summary").click()
        page.locator("[name='seat-name']").fill(name)
        act(page, "seat", "Ввести в состав", role=role, **more)
        told(page, f"В составе: {name}")
    expect(page.locator("#main")).to_contain_text("1/2 членов")
    page.get_by_role("link", name="Назначить заседание").click()
    page.locator("#topic").fill("Сложный случай: долг за комнату")
    page.locator("#held_on").fill("20.05.2026")
    page.locator("#place").fill("Служба, каб. 3")
    save(page)
    meeting = page.url
    page.get_by_role("link", name="Добавить вопрос").click()
    page.locator("#kind").select_option("complex_case")
    page.locator("#title").fill("Долг за комнату и риск выселения")
    case = page.locator("#referral_id option").filter(has_text="Приглашение на разбор случая")
    page.locator("#referral_id").select_option(case.get_attribute("value"))
    save(page)
    expect(page.locator("#agenda")).to_contain_text("Егоров Пётр Ильич")

    page = region.sits(SERVICE, MET)
    page.goto(meeting)
    page.get_by_role("link", name="Записать решение").click()
    page.locator("#text").fill("Составить график погашения долга и помочь с субсидией")
    pick(page, "addressee_id", "КЦСОН Приоз", "КЦСОН Приозёрного округа")
    page.locator("#due_on").fill("19.06.2026")
    save(page)

    page.locator(".attendee").filter(has_text=COUNCIL[0][0]).get_by_role("checkbox").check()
    page.get_by_role("button", name="Сохранить отметки").click()
    told(page, "Отмечено")
    act(page, "hold", "Провести")
    told(page, "Кворума нет: не хватает 1 члена (пришли 1 из 4, нужно 2)")
    page.goto(meeting)
    page.locator(".attendee").filter(has_text=COUNCIL[1][0]).get_by_role("checkbox").check()
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.locator("#quorum")).to_contain_text("2 из 4")
    act(page, "hold", "Провести")
    told(page, "протокол № 1/2026")

    page = region.sits(SERVICE, SENT_OUT)
    page.goto(meeting)
    page.get_by_role("button", name="Отправить решения").click()
    told(page, "Решения отправлены: 1 письмо")
    expect(page.locator("#decisions")).to_contain_text("ещё не прочитано")
    social = region.sits(SOCIAL, READ)
    open_letter(social, "Решение заседания")
    expect(social.locator("#main")).to_contain_text("Ответ до 19.06.2026")
    expect(social.locator("#main")).to_contain_text("Составить график погашения долга")
    page = region.sits(SERVICE, READ)
    page.goto(meeting)
    expect(page.locator("#decisions")).to_contain_text("прочитано 22.05.2026")
    assert [one for one in trouble if "422" not in one] == []  # One refusal was wanted.


URGENT_ON, NEXT_DAY = date(2026, 6, 1), date(2026, 6, 2)
UNCONFIRMED = "получение до сих пор не подтверждено"


def _ira(session: Session, by: Viewer) -> None:
    ira = a_card(session, by, "Титова Ирина Олеговна", date(2006, 9, 9), date(2025, 9, 1))
    ira.problems = [
        Problem(
            kind_code="housing", severity=3, description="Негде ночевать", found_on=URGENT_ON, source_code="own_work"
        )
    ]


def test_an_emergency_that_nobody_acknowledges_reaches_both_heads(region: Region, trouble: Trouble) -> None:
    region.change(_ira, login=SERVICE, day=URGENT_ON)
    page = region.sits(SERVICE, URGENT_ON)
    tab(page, region.person("Титова"), "exchange")
    page.locator("#proposals").get_by_role("link", name="Экстренное извещение о нуждаемости").click()
    page.get_by_label("Что случилось").fill("Негде ночевать")
    page.get_by_role("button", name="Отправить", exact=True).click()
    told(page, "КЦСОН Приозёрного округа")
    expect(page.locator("#main")).to_contain_text(re.compile("подтвердить получение до 0[12].06.2026"))
    for head in (SERVICE_HEAD, SOCIAL_HEAD):
        seen = region.sits(head, URGENT_ON)
        expect(seen.locator("#urgent-title")).to_contain_text("без подтверждения: 1")
        seen.goto("/notifications/")
        expect(seen.locator("#main")).not_to_contain_text(UNCONFIRMED)

    for login, is_told in ((SERVICE_HEAD, True), (SOCIAL_HEAD, True), (SERVICE, False), (SOCIAL, False)):
        seen = region.sits(login, NEXT_DAY)
        expect(seen.locator(".urgent-when")).to_contain_text("просрочено на")
        seen.locator(".bell").click()
        line = seen.locator(".notice-row").filter(has_text=re.compile(UNCONFIRMED, re.IGNORECASE))
        expect(line).to_have_count(1 if is_told else 0)
    social = region.sits(SOCIAL_HEAD, NEXT_DAY)
    social.get_by_role("button", name=re.compile("Подтвердить получение")).click()
    told(social, "Получение подтверждено")
    expect(social.locator("#urgent-title")).to_have_count(0)
    for login in (SERVICE, SERVICE_HEAD, SOCIAL):
        expect(region.sits(login, NEXT_DAY).locator("#urgent-title")).to_have_count(0)
    assert trouble == []
