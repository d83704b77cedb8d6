"""The words of the cells, from plain values."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.graduates import Sex
from reports import wording
from reports.wording import (
    birth_date_text,
    education_text,
    employment_text,
    family_text,
    housing_text,
    names_exactly,
    period_text,
    problems_text,
    sex_of,
)
from services.importing import wordings as import_wordings
from services.importing.dates import parse_date, parse_periods
from services.importing.studies import parse_study
from services.importing.values import employment_status, family, housing_status, problem_list

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # A busy machine is no failure.
DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
MARITAL = {
    "single": ("холост", "не замужем"),
    "married": ("женат", "замужем"),
    "partnership": ("фактические брачные отношения", "фактические брачные отношения"),
    "divorced": ("разведён", "разведена"),
    "widowed": ("вдовец", "вдова"),
    "unknown": ("нет сведений", "нет сведений"),
}
EMPLOYMENT = {
    "studying": "обучается",
    "employed": "работает",
    "informal": "работает неофициально",
    "self_employed": "самозанятый, предприниматель",
    "employment_centre": "состоит на учете в центре занятости",
    "military": "военная служба",
    "childcare_leave": "отпуск по уходу за ребёнком",
    "academic_leave": "академический отпуск",
    "disabled": "инвалидность, не работает",
    "imprisoned": "в местах лишения свободы",
    "none": "безработный",
    "unknown": "нет сведений",
}
HOUSING = {
    "owned": "имеет в собственности",
    "assigned": "закреплено",
    "waiting_list": "состоит на учете в качестве нуждающихся в жилых помещениях",
    "special_lease": "предоставлено по договору найма специализированного жилого помещения",
    "payment": "выплата на приобретение жилья",
    "social_lease": "социальный найм",
    "dormitory": "общежитие",
    "rented": "снимает жильё",
    "relatives": "живёт у родственников или в бывшей замещающей семье",
    "institution": "временно в организации",
    "social_hotel": "социальная гостиница",
    "homeless": "без жилья",
    "not_in_need": "не нуждается",
    "unknown": "нет сведений",
}


def employed(organisation: str, position: str) -> str:
    return employment_text(
        wording="", status="employed", label="работает", organisation=organisation, position=position
    )


def married(status: str, children: int, sex: Sex) -> str:
    label, label_female = MARITAL[status]
    return family_text(wording="", status=status, label=label, label_female=label_female, children=children, sex=sex)


def housed(label: str, **fields: object) -> str:
    values = {"wording": "", "status": "waiting_list", "dwelling": "", "queued_on": None, "queue_number": "", **fields}
    return housing_text(label=label, **values)  # type: ignore[arg-type]


def studied(sex: Sex = Sex.FEMALE, **fields: object) -> str:
    values = {"wording": "", "level": "", "level_label": "", "status": "", "organisation": "", "course": None, **fields}
    return education_text(sex=sex, **values)  # type: ignore[arg-type]


def test_dates_stand_as_the_notes_of_the_form_write_them() -> None:
    assert birth_date_text(date(1998, 5, 23)) == "23.05.1998г"
    assert period_text(date(2008, 4, 23), date(2016, 5, 23)) == "23.04.2008 г-23.05.2016"
    assert period_text(date(2008, 4, 23), None) == "23.04.2008 г-по настоящее время"


def test_the_words_of_the_office_stand_before_ours() -> None:
    assert (
        employment_text(wording="трудится в лесу", status="none", label="", organisation="", position="")
        == "трудится в лесу"
    )
    assert studied(wording="9 кл.", level="secondary", level_label="среднее общее") == "9 кл."
    assert housed("закреплено", wording="закр. за ней") == "закр. за ней"


@pytest.mark.parametrize(
    ("organisation", "position", "printed"),
    [
        ("ООО «Северный лес»", "разнорабочий", "ООО «Северный лес», разнорабочий"),
        ("«Северный лес»", "", "«Северный лес»"),
        ("Северный лес", "инженер", "работает: Северный лес, инженер"),
        ("", "продавец", "работает: продавец"),
        ("", "", "работает"),
    ],
)
def test_a_place_of_work_is_printed_with_the_position(organisation: str, position: str, printed: str) -> None:
    assert employed(organisation, position) == printed
    assert employment_status(printed).code == "employed"


def test_education_is_the_level_and_the_place_of_study() -> None:
    printed = studied(
        level="basic", level_label="основное общее", status="studying", organisation="БПОУ ВО «Колледж»", course=2
    )
    assert printed == "основное общее; обучается БПОУ ВО «Колледж», 2 курс"
    assert studied(level="basic", level_label="основное общее") == "основное общее образование"
    assert studied(status="completed", organisation="БПОУ ВО «Колледж»") == "окончила БПОУ ВО «Колледж»"
    assert studied(Sex.UNKNOWN, status="expelled", organisation="ПУ № 5") == "отчислен(а) из ПУ № 5"
    assert studied(Sex.MALE, status="leave") == "в академическом отпуске"
    assert studied(level="higher", level_label="высшее", status="none") == "высшее образование"


def test_family_words_agree_with_the_sex() -> None:
    assert married("single", 0, Sex.FEMALE) == "не замужем, детей нет"
    assert married("married", 1, Sex.MALE) == "женат, 1 ребенок"
    assert married("married", 2, Sex.FEMALE) == "замужем, 2 детей"
    assert married("married", 0, Sex.UNKNOWN) == "в браке, детей нет"
    assert married("unknown", 0, Sex.MALE) == "нет сведений"


def test_the_patronymic_tells_the_sex_where_the_card_does_not() -> None:
    assert sex_of(Sex.UNKNOWN, "Игоревна") is Sex.FEMALE
    assert sex_of(Sex.UNKNOWN, "Ильинична") is Sex.FEMALE
    assert sex_of(Sex.UNKNOWN, "Ильич") is Sex.MALE
    assert sex_of(Sex.UNKNOWN, "Мамед оглы") is Sex.MALE
    assert sex_of(Sex.UNKNOWN, "") is Sex.UNKNOWN
    assert sex_of(Sex.MALE, "Игоревна") is Sex.MALE


def test_housing_names_the_dwelling_and_the_place_in_the_queue() -> None:
    assert housed("закреплено", dwelling="г. Сокол, ул. Лесная, д. 1") == "закреплено (г. Сокол, ул. Лесная, д. 1)"
    queue = housed("состоит на учете", queued_on=date(2021, 3, 1), queue_number="45")
    assert queue == "состоит на учете, с 01.03.2021, № 45"
    elsewhere = housed("общежитие", status="dormitory", queued_on=date(2021, 3, 1))
    assert elsewhere == "общежитие; состоит на учете с 01.03.2021"


@pytest.mark.parametrize(
    ("statement", "still_open"),
    [
        ("Злоупотребляет алкоголем", ["Злоупотребляет алкоголем"]),
        ("1. Долг. 2. Нет жилья", ["Нет жилья", "Долг"]),
        ("Отсутствие работы; конфликты с роднёй", ["отсутствие работы", "конфликты с родней"]),
        ("Долг Жильё", ["Долг", "Жильё"]),
        ("нет", []),
        ("Проблем не выявлено.", []),
    ],
)
def test_the_text_of_the_office_is_kept_while_it_names_what_is_open(statement: str, still_open: list[str]) -> None:
    assert problems_text(statement, still_open) == statement


@pytest.mark.parametrize(
    ("statement", "still_open", "printed"),
    [
        ("Долг; нет жилья", ["Долг"], "Долг"),
        ("Долг", ["Долг", "Нет работы"], "Долг; Нет работы"),
        ("Долг", [], "нет"),
        ("нет", ["Долг"], "Долг"),
        ("", [], "нет"),
        ("долг; долг по ЖКУ", ["долг"], "долг"),
    ],
)
def test_what_is_open_replaces_a_text_that_is_no_longer_true(
    statement: str, still_open: list[str], printed: str
) -> None:
    assert problems_text(statement, still_open) == printed


def test_both_directions_agree_on_what_means_no_problem() -> None:
    assert wording.NO_PROBLEMS.pattern == import_wordings.NO_PROBLEMS.pattern


# -- What we print, our own import reads ------------------------------------------------------------------------------


@CALM
@given(DAYS, DAYS)
def test_printed_dates_and_periods_are_read_back(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert parse_date(birth_date_text(first)) == first
    printed = f"{period_text(first, last)}; {period_text(last, None)}"
    assert parse_periods(printed).stays == ((first, last), (last, None))
    assert not parse_periods(printed).unread


@CALM
@given(st.sampled_from(sorted(MARITAL)), st.integers(0, 20), st.sampled_from(Sex))
def test_a_printed_family_is_read_back(status: str, children: int, sex: Sex) -> None:
    found = family(married(status, children, sex))
    assert (found.status, found.children, found.doubts) == (status, children, ())


@pytest.mark.parametrize("status", EMPLOYMENT)
def test_a_printed_employment_is_read_back(status: str) -> None:
    printed = employment_text(wording="", status=status, label=EMPLOYMENT[status], organisation="", position="")
    assert employment_status(printed).code == status


@pytest.mark.parametrize("status", HOUSING)
def test_a_printed_housing_is_read_back(status: str) -> None:
    assert housing_status(housed(HOUSING[status])).code == status
    if status in ("owned", "assigned", "waiting_list"):
        printed = housed(HOUSING[status], status=status, dwelling="г. Сокол, ул. Лесная, д. 5")
        assert housing_status(printed).code == status


@CALM
@given(
    st.sampled_from(["studying", "completed", "expelled", "leave"]),
    st.sampled_from(["БПОУ ВО «Вологодский колледж сервиса»", "ПОО «Приозёрский колледж»"]),
    st.none() | st.integers(1, 5),
    st.sampled_from(Sex),
)
def test_a_printed_study_is_read_back(status: str, organisation: str, course: int | None, sex: Sex) -> None:
    found = parse_study(
        studied(sex, status=status, organisation=organisation, course=course, level_label="среднее общее")
    )
    assert found is not None
    assert (found.organisation, found.course) == (organisation, course)
    assert (found.level, found.status) == ("secondary", status)


@CALM
@given(
    st.lists(st.text("абвгд еж", min_size=3).map(str.strip).filter(lambda text: len(text) > 2), max_size=4, unique=True)
)
def test_printed_problems_are_read_back(descriptions: list[str]) -> None:
    descriptions = [" ".join(text.split()) for text in descriptions]
    printed = problems_text("", descriptions)
    assert problem_list(printed) == descriptions
    assert names_exactly(printed, descriptions)
