import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.importing.studies import ParsedStudy, parse_study
from services.importing.values import employer_and_position, employment_status, family, housing_status, problem_list

EMPLOYMENT = [
    ("безработный", "none"),
    ("не работает, учится", "studying"),
    ("состоит на учете в центре занятости", "employment_centre"),
    ("ООО «Северный лес», разнорабочий", "employed"),
    ("не работает", "none"),
    ("б/р", "none"),
    ("студент", "studying"),
    ("армия", "military"),
    ("служит в ВС РФ", "military"),
    ("служит в армии по призыву, в/ч 12345", "military"),
    ("декрет", "childcare_leave"),
    ("в отпуске по уходу за ребенком до 1,5 лет", "childcare_leave"),
    ("инв. 2 гр.", "disabled"),
    ("инвалид 3 группы, не работает", "disabled"),
    ("инвалид 3 группы, работает дворником", "employed"),
    ("самозанятая", "self_employed"),
    ("подрабатывает неофициально", "informal"),
    ("работает неофициально на пилораме", "informal"),
    ("осужден", "imprisoned"),
    ("осуждён условно, не работает", "none"),
    ("СИЗО", "imprisoned"),
    ("отбывает наказание в ИК-5", "imprisoned"),
    ("не состоит на учёте в ЦЗН, не работает", "none"),
    ("не учится, не работает", "none"),
    ("безработная, на учёте в ЦЗН", "employment_centre"),
    ("ИП Сидоров А.А., продавец", "employed"),
    ("ИП", "self_employed"),
    ("продавец, магазин «Магнит»", "employed"),
    ("работает продавцом", "employed"),
    ("академический отпуск", "academic_leave"),
    ("учится заочно, работает в ООО «Лес»", "employed"),
    ("нет сведений", "unknown"),
    ("нет", "none"),
    ("БПОУ ВО «Колледж», 2 курс", "studying"),
    ("обучается в школе, 11 класс", "studying"),
    ("трудоустроен официально", "employed"),
    ("не трудоустроена", "none"),
    ("временные заработки", "informal"),
    ("контракт с МО РФ, СВО", "military"),
    ("студентка, подрабатывает", "studying"),
    ("МУП «Водоканал», слесарь", "employed"),
    ("уволился, ищет работу", "none"),
    ("ухаживает за бабушкой", "unknown"),
    ("работает в армянском кафе", "employed"),
    ("Не работает (отпуск по уходу за ребёнком)", "childcare_leave"),
    ("снята с учёта в ЦЗН", "none"),
    ("работает по контракту в полиции", "employed"),
    ("ЦЗН", "employment_centre"),
    ("индивидуальный предприниматель", "self_employed"),
    ("уборщица", "employed"),
    ("вахта, г. Москва", "employed"),
    ("работает вахтовым методом", "employed"),
    ("безработный, подработки", "informal"),
    ("не работает, состоит на учете в ЦЗН", "employment_centre"),
    ("призван в армию", "military"),
    ("учится и не работает", "studying"),
    ("отчислена, не работает", "none"),
    ("окончил колледж, не трудоустроен", "none"),
    ("КЦСОН, социальный работник", "employed"),
    ("Безработный.", "none"),
    ("НЕ РАБОТАЕТ", "none"),
    ("учится, 2 курс", "studying"),
    ("работает (официально)", "employed"),
    ("не работает, в декрете", "childcare_leave"),
]
FAMILY = [
    ("женат, 1 ребенок", "married", 1),
    ("холост", "single", 0),
    ("холост, детей нет", "single", 0),
    ("не замужем, 1 ребёнок", "single", 1),
    ("замужем, 2 детей", "married", 2),
    ("не замужем", "single", 0),
    ("гражданский брак", "partnership", 0),
    ("разведена, двое детей", "divorced", 2),
    ("вдова", "widowed", 0),
    ("не замужем, один сын", "single", 1),
    ("сожительствует, дочь 2020 г.р., сын 2022 г.р.", "partnership", 2),
    ("замужем, ребенок 2 года", "married", 1),
    ("не замужем, ребёнок 2024 г.р.", "single", 1),
    ("замужем, дети: 2", "married", 2),
    ("незамужняя, детей - 3", "single", 3),
    ("мать-одиночка, 2-е детей", "single", 2),
    ("не женат, дети есть", "single", 1),
    ("многодетная мать, замужем", "married", 3),
    ("замужем, двойня", "married", 2),
    ("в браке не состоит", "single", 0),
    ("состоит в браке, имеет 2-х детей", "married", 2),
    ("холост/детей нет", "single", 0),
    ("женат. Трое детей", "married", 3),
    ("замужем, 1 реб.", "married", 1),
    ("разведён, сын", "divorced", 1),
    ("не замужем, две дочери", "single", 2),
    ("семья", "unknown", 0),
    ("холост, без детей", "single", 0),
    ("живёт с парнем, беременна", "partnership", 0),
    ("замужем (муж Иванов И.И.), 1 сын и 1 дочь", "married", 2),
    ("не замужем, имеет ребенка", "single", 1),
    ("замужем, 2 несовершеннолетних детей", "married", 2),
    ("одинокая мать, 1 реб", "single", 1),
    ("женат, детей не имеет", "married", 0),
    ("вдовец, 1 ребёнок (5 лет)", "widowed", 1),
    ("замужем, сын 3 года, дочь 1 год", "married", 2),
    ("брак не зарегистрирован, проживает с отцом ребенка", "partnership", 1),
]
HOUSING = [
    ("имеет в собственности", "owned"),
    ("состоит на учете в качестве нуждающихся в жилых помещениях", "waiting_list"),
    ("закреплено", "assigned"),
    ("общежитие", "dormitory"),
    ("жилье получено по договору спецнайма", "special_lease"),
    ("договор найма специализированного жилого помещения", "special_lease"),
    ("сертификат", "payment"),
    ("снимает", "rented"),
    ("у бабушки", "relatives"),
    ("закреплённое жильё", "assigned"),
    ("нет", "homeless"),
    ("в списке на получение", "waiting_list"),
    ("не закреплено, состоит на учёте", "waiting_list"),
    ("закреплено, на учёте не состоит", "assigned"),
    ("включена в список", "waiting_list"),
    ("стоит на очереди", "waiting_list"),
    ("квартира в собственности, 1/2 доля", "owned"),
    ("проживает в приемной семье", "relatives"),
    ("съёмное жильё", "rented"),
    ("детский дом", "institution"),
    ("социальная гостиница", "social_hotel"),
    ("соцнайм", "social_lease"),
    ("не нуждается", "not_in_need"),
    ("не имеет жилья", "homeless"),
    ("не обеспечена", "homeless"),
    ("получила квартиру в 2024 г.", "special_lease"),
    ("предоставлено жилое помещение", "special_lease"),
    ("БОМЖ", "homeless"),
    ("с мужем у свекрови", "relatives"),
    ("комната в общежитии колледжа", "dormitory"),
    ("право пользования сохранено", "assigned"),
    ("собственное жильё", "owned"),
    ("живет у друзей", "unknown"),
    ("обеспечен жильём", "special_lease"),
    ("закреплено жилое помещение по адресу: г. Сокол", "assigned"),
    ("очередник", "waiting_list"),
    ("нет сведений", "unknown"),
    ("имеет", "assigned"),
    ("не состоит на учёте", "homeless"),
    ("состоит в списке детей-сирот, подлежащих обеспечению жильём", "waiting_list"),
    ("найм", "rented"),
    ("исключен из списка, получил жильё", "special_lease"),
]


@pytest.mark.parametrize(("text", "code"), EMPLOYMENT)
def test_employment_is_read_from_its_wording(text: str, code: str) -> None:
    assert employment_status(text).code == code
    assert employment_status(text.upper()).code == code


@pytest.mark.parametrize(("text", "status", "children"), FAMILY)
def test_family_is_read_from_its_wording(text: str, status: str, children: int) -> None:
    understood = family(text)
    assert (understood.status, understood.children) == (status, children)


@pytest.mark.parametrize(("text", "code"), HOUSING)
def test_housing_is_read_from_its_wording(text: str, code: str) -> None:
    assert housing_status(text).code == code
    assert housing_status(text.upper()).code == code


def test_an_unknown_wording_is_told_from_a_statement_that_nothing_is_known() -> None:
    assert employment_status("нет сведений").recognised
    assert not employment_status("тыр-пыр").recognised
    assert not housing_status("тыр-пыр").recognised
    assert family("тыр-пыр").doubts


def test_children_that_are_not_counted_are_doubtful() -> None:
    assert family("замужем, есть дети").doubts
    assert family("многодетная мать, замужем").doubts
    assert not family("замужем, двое детей").doubts


@pytest.mark.parametrize(
    ("text", "employer", "position"),
    [
        ("ООО «Северный лес», разнорабочий", "ООО «Северный лес»", "разнорабочий"),
        ("продавец, магазин «Магнит»", "магазин «Магнит»", "продавец"),
        ("ООО «Рога, копыта и Ко» - слесарь", "ООО «Рога, копыта и Ко»", "слесарь"),
        ("работает: ООО «Лес» – вальщик", "ООО «Лес»", "вальщик"),
        ("ИП Сидоров А.А., продавец", "ИП Сидоров А.А.", "продавец"),
        ('ООО "Лес" (разнорабочий)', 'ООО "Лес"', "разнорабочий"),
        ("работает продавцом", "", "продавцом"),
        ("АО «Литейный завод»", "АО «Литейный завод»", ""),
        ("вахта, г. Москва", "вахта", "г. Москва"),
    ],
)
def test_employer_and_position_are_told_apart(text: str, employer: str, position: str) -> None:
    assert employer_and_position(text, status="employed") == (employer, position)


def test_who_does_not_work_has_no_employer() -> None:
    assert employer_and_position("безработный, ранее ООО «Лес»", status="none") == ("", "")


@pytest.mark.parametrize(
    ("text", "study"),
    [
        (
            "среднее общее; обучается БПОУ ВО «Приозёрский колледж», 4 курс",
            ParsedStudy("secondary", "studying", "БПОУ ВО «Приозёрский колледж»", 4),
        ),
        ("окончил(а) БПОУ ВО «Приозёрский колледж»", ParsedStudy("", "completed", "БПОУ ВО «Приозёрский колледж»")),
        ("основное общее образование", ParsedStudy("basic")),
        (
            "имеет основное общее образование, обучается БПОУ ВО «Приозёрский колледж, 2 курс",
            ParsedStudy("basic", "studying", "БПОУ ВО «Приозёрский колледж»", 2),
        ),
        (
            "9 классов, Приозёрский техникум, 2-й курс",
            ParsedStudy("basic", "studying", "Приозёрский техникум", 2),
        ),
        ("среднее профессиональное", ParsedStudy("vocational")),
        ("высшее", ParsedStudy("higher")),
        ("отчислен из БПОУ ВО «Колледж» со 2 курса", ParsedStudy("", "expelled", "БПОУ ВО «Колледж»", 2)),
        (
            "обучается в колледже по специальности «Повар, кондитер», II курс",
            ParsedStudy("", "studying", "", 2, "Повар, кондитер"),
        ),
        (
            "академический отпуск, «Приозёрский колледж», 2 курс",
            ParsedStudy("", "leave", "«Приозёрский колледж»", 2),
        ),
        ("коррекционная школа VIII вида", ParsedStudy("special", "", "", None)),
        ("нет", ParsedStudy("none")),
        ("тыр-пыр", None),
    ],
)
def test_education_is_taken_apart(text: str, study: ParsedStudy | None) -> None:
    assert parse_study(text) == study


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("нет", []),
        ("Нет.", []),
        ("проблем нет", []),
        ("не выявлено", []),
        ("отсутствуют", []),
        ("-", []),
        ("нет жилья", ["нет жилья"]),
        ("Отсутствие работы; конфликты с родственниками", ["Отсутствие работы", "конфликты с родственниками"]),
        ("1) долги 2) жильё", ["долги", "жильё"]),
        ("Долги.\nЖильё", ["Долги", "Жильё"]),
        ("Долги, жильё", ["Долги, жильё"]),
    ],
)
def test_problems_are_told_apart(text: str, problems: list[str]) -> None:
    assert problem_list(text) == problems


@given(text=st.text(max_size=120))
def test_no_text_breaks_the_readers_of_wordings(text: str) -> None:
    assert employment_status(text).code
    assert housing_status(text).code
    assert family(text).children >= 0
    parse_study(text)
    problem_list(text)
    employer_and_position(text, status="employed")
