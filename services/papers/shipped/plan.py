"""The plan of support (domain §2): facts, needs, measures on a wide page, refusals, changes, results."""

from __future__ import annotations

from docx.shared import Pt

from services.papers.shipped.kit import Sheet, dated, pair

HEADINGS = (
    "№ п/п",
    "Мероприятие",
    "Содержание, ожидаемый результат",
    "Вид социальной услуги",
    "Срок исполнения",
    "Периодичность",
    "Ответственный исполнитель",
    "Привлекаемые организации",
    "Отметка о выполнении (дата, результат)",
    "Отметка об отказе (дата, причина, подпись выпускника)",
)
CELLS = (
    "{{ m.number }}",
    "{{ m.title }}",
    "{{ m.expected }}",
    "{{ m.service_kind }}",
    "{{ m.term }}",
    "{{ m.periodicity }}",
    "{{ m.executor }}",
    "{{ m.partners }}",
    "{{ m.mark }}",
    "{{ m.refusal }}",
)
WIDTHS = (4, 15, 14, 10, 11, 12, 13, 14, 13, 14)


def plan() -> bytes:
    sheet = Sheet("Индивидуальный план постинтернатного сопровождения")
    sheet.stamp()
    sheet.right("УТВЕРЖДАЮ", "{{ approved_by | upfirst }}", "_______________", dated("approved_on"))
    sheet.gap()
    sheet.title("{{ plan_title }}", "№ {{ plan_number }}", "{{ agency_name }}")
    _facts(sheet)
    _needs(sheet)
    sheet.new_page(landscape=True)
    _measures(sheet)
    sheet.new_page(landscape=False)
    _course(sheet)
    return sheet.bytes()


def _facts(sheet: Sheet) -> None:
    sheet.heading("I. Сведения о выпускнике")
    sheet.facts(
        ("Ф.И.О.", "{{ full_name }}"),
        ("Дата рождения, возраст", "{{ birth_date }}, {{ age }}"),
        ("Договор", "{{ contract }}"),
        ("Период действия плана", "с {{ starts_on }} по {{ ends_on }}"),
        ("План составлен", "{{ edition }}"),
        ("Правовой статус", "{{ legal_status }}"),
        ("Форма устройства до выпуска, сроки", "{{ placements }}"),
        ("Дата выпуска, документ", pair("left_on", "exit_document")),
        ("Адрес регистрации", "{{ registration_address }}"),
        ("Адрес проживания, телефон", pair("residence_address", "person_phone")),
        ("Образование, место учёбы", "{{ education }}"),
        ("Профессия", "{{ profession }}"),
        ("Занятость", "{{ employment }}"),
        ("Семейное положение, дети", "{{ family }}"),
        ("Обеспеченность жильём", "{{ housing }}"),
        ("Доходы", "{{ incomes }}"),
        ("Состояние здоровья, инвалидность (при наличии)", "{{ health }}"),
        ("Категория сопровождения", "{{ category }}"),
        ("Куратор", "{{ plan_curator }}"),
        ("ИППСУ другой организации (при наличии)", "{{ foreign }}"),
        ("Пересмотреть", "{{ review_on }}"),
    )


def _needs(sheet: Sheet) -> None:
    sheet.heading("II. Оценка ситуации и потребностей")
    sheet.table(
        ("Сфера", "Ситуация на дату", "Проблема (фактор риска)", "Ресурсы", "Потребность в помощи"),
        "spheres",
        (
            "{{ row.sphere }}",
            "{{ row.situation }}",
            "{{ row.problem }}",
            "{{ row.resources }}",
            "{{ row.need }}",
        ),
        (15, 25, 22, 18, 20),
        size=Pt(10),
    )
    sheet.said("Цели, словами выпускника", "{{ goals }}")
    sheet.said("Сильные стороны, на кого можно опереться", "{{ resources }}")
    with sheet.when("partners"):
        sheet.left("Участники совместного плана:", bold=True)
        sheet.table(
            ("Организация", "Дата согласия", "Подпись"),
            "partners",
            ("{{ row.name }}", "{{ row.agreed_on }}", " "),
            (60, 20, 20),
        )


def _measures(sheet: Sheet) -> None:
    sheet.heading("III. Мероприятия")
    with sheet.when("not is_social_services"):
        sheet.table(
            HEADINGS,
            "d.measures",
            CELLS,
            WIDTHS,
            variable="m",
            grouped=("d", "directions"),
            group="{{ d.title | upfirst }}",
            blanks=4,
            size=Pt(9),
        )
    with sheet.when("is_social_services"):
        sheet.table(
            (
                "№ п/п",
                "Наименование социальной услуги",
                "Объём предоставления услуги",
                "Периодичность предоставления услуги",
                "Срок предоставления услуги",
                "Исполнитель",
                "Отметка о выполнении, отказе",
            ),
            "d.measures",
            (
                "{{ m.number }}",
                "{{ m.title }}",
                "{{ m.volume }}",
                "{{ m.periodicity }}",
                "{{ m.term }}",
                "{{ m.executor }}",
                "{{ m.mark }}{{ m.refusal }}",
            ),
            (4, 26, 14, 14, 12, 14, 16),
            variable="m",
            grouped=("d", "directions"),
            group="{{ d.title | upfirst }}",
            blanks=4,
            size=Pt(10),
        )
    sheet.heading("IV. Отказы выпускника от мероприятий")
    sheet.table(
        ("Мероприятие", "Дата отказа", "Причина", "Подпись выпускника"),
        "refusals",
        ("{{ row.title }}", "{{ row.refused_on }}", "{{ row.reason }}", " "),
        (42, 12, 30, 16),
        size=Pt(10),
    )


def _course(sheet: Sheet) -> None:
    sheet.heading("V. Ход реализации, изменения")
    sheet.table(
        ("Дата", "Что изменено", "Основание", "Подпись выпускника", "Подпись куратора"),
        "changes",
        ("{{ row.changed_on }}", "{{ row.what }}", "{{ row.ground }}", " ", " "),
        (12, 36, 20, 16, 16),
        size=Pt(10),
    )
    sheet.heading("VI. Результаты мониторинга")
    sheet.table(
        ("Дата", "Баллы", "Вывод"),
        "monitoring",
        ("{{ row.filled_on }}", "{{ row.total }}", "{{ row.conclusion }}"),
        (14, 18, 68),
        size=Pt(10),
    )
    sheet.heading("VII. Заключение о результатах")
    sheet.said("Заключение", "{{ conclusion }}")
    sheet.said("Анализ выполнения", "{{ closing_note }}")
    sheet.gap()
    sheet.left("С планом согласен(на), экземпляр получил(а): {{ agreed_on }}")
    sheet.signatures(
        ("Выпускник", "{{ initials }}"),
        ("Куратор", "{{ curator_initials }}"),
        ("Ответственный за сопровождение", "{{ responsible_initials }}"),
    )
    with sheet.when("is_minor"):
        sheet.signatures(("Законный представитель", ""))
