"""Papers about a person: consent, order on a curator, letter, card of support; the cover of a journal."""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt

from services.papers.shipped.kit import DAY, Sheet, dated, pair

HEAD = ("{{ head_position | upfirst }}", "{{ head_initials }}")


def consent() -> bytes:
    """A separate sheet for one purpose (152-ФЗ, ст. 9, ч. 4)."""
    sheet = Sheet("Согласие на обработку персональных данных")
    sheet.title("СОГЛАСИЕ", "на обработку персональных данных")
    sheet.body(
        "Я, {{ full_name }}, {{ birth_date }} года рождения, документ, удостоверяющий личность: "
        "{{ identity_document }}, адрес: {{ registration_address }}, свободно, своей волей и в своём интересе даю "
        "согласие на обработку моих персональных данных."
    )
    with sheet.when("is_minor"):
        sheet.body(
            "Согласие даётся вместе с законным представителем: ______________________________________________ "
            "(Ф.И.О., документ, адрес, на основании чего представляет)."
        )
    sheet.gap()
    sheet.facts(
        ("Оператор", "{{ agency_name }}, ИНН {{ agency_inn }}, адрес: {{ agency_address }}"),
        ("Цель обработки", "{{ purpose }}"),
        ("Перечень данных", "{{ permitted_data }}"),
        ("Перечень действий", "{{ actions }}"),
        ("Кому передаются", "{{ recipients }}"),
        ("Обработка по поручению оператора", "не поручена; если поручена – наименование и адрес лица: ____"),
        ("Срок согласия", "{{ valid_until }}"),
        (
            "Как отозвать",
            "письменным заявлением, поданным оператору лично или по почте по адресу: {{ agency_address }}",
        ),
    )
    sheet.body(
        "Мне разъяснено, что отказ от согласия не лишает меня права на помощь, а после отзыва оператор прекратит "
        "обработку, кроме случаев, когда закон обязывает его хранить сведения."
    )
    sheet.body(
        "Это согласие оформлено отдельно от договора, заявления и других документов и относится только к названной "
        "цели."
    )
    sheet.gap()
    sheet.signatures((DAY, "{{ initials }}"))
    with sheet.when("is_minor"):
        sheet.signatures(("Законный представитель", ""))
    return sheet.bytes()


def curator_order() -> bytes:
    sheet = Sheet("Приказ о назначении куратора")
    sheet.letterhead()
    sheet.title("ПРИКАЗ № {{ order_number }}", "о назначении куратора выпускника")
    sheet.place_and_date("", dated("order_date"))
    sheet.body(
        "Для постинтернатного сопровождения выпускника, в соответствии с договором о сопровождении ({{ contract }}) "
        "ПРИКАЗЫВАЮ:"
    )
    sheet.body(
        "1. Назначить {{ curator_name_accusative }}, {{ curator_position_accusative }}, "
        "{{ curator_kind_instrumental }} выпускника {{ full_name_genitive }}, {{ birth_date }} года рождения."
    )
    sheet.body("2. Период: с {{ assigned_from }} по {{ assigned_until }}.")
    sheet.body(
        "3. Поручить {{ curator_name_dative }} составить вместе с выпускником индивидуальный план, следить за его "
        "выполнением, вести записи об оказанной помощи и докладывать о трудностях."
    )
    sheet.body("4. Контроль за исполнением приказа: {{ responsible }}.")
    sheet.gap()
    sheet.signatures(HEAD)
    sheet.gap()
    sheet.left("С приказом ознакомлен(а), с назначением согласен(на):")
    sheet.signatures(("«____» ____________ 20____ г.", "{{ curator_initials }}"), ("Выпускник", "{{ initials }}"))
    return sheet.bytes()


def letter() -> bytes:
    sheet = Sheet("Письмо, ходатайство")
    sheet.letterhead()
    sheet.left("№ ________ от «____» ______________ 20____ г.\nна № ________ от ______________")
    sheet.right("Кому: ______________________________", "______________________________________")
    sheet.gap()
    sheet.text("О выпускнике: {{ full_name }}", bold=True)
    sheet.gap()
    sheet.told(
        "{{ agency_name }} сопровождает {{ full_name_accusative }}, {{ birth_date }} года рождения, по договору "
        "{{ contract }} и просит: _______________________________________________"
    )
    for _ in range(4):
        sheet.left("_" * 76)
    sheet.told("Ответ просим направить по адресу: {{ agency_address }}, {{ agency_email }}.")
    sheet.said("Основание передачи сведений", "согласие № ____ от ____ / норма закона ____")
    sheet.left("Приложение: на ____ л.")
    sheet.gap()
    sheet.signatures(HEAD)
    sheet.gap()
    sheet.small("Исполнитель: ____________________, тел. {{ agency_phone }}")
    return sheet.bytes()


def support_card() -> bytes:
    sheet = Sheet("Карта социального сопровождения выпускника")
    sheet.letterhead()
    sheet.title("КАРТА СОЦИАЛЬНОГО СОПРОВОЖДЕНИЯ", "{{ full_name }}", "на {{ printed_on }}")
    _who(sheet)
    sheet.heading("Родственники, значимые взрослые")
    sheet.table(
        ("Ф.И.О.", "Степень", "Телефон", "Поддерживает"),
        "relatives",
        ("{{ row.name }}", "{{ row.kinship }}", "{{ row.phone }}", "{{ row.support }}"),
        (37, 20, 22, 21),
    )
    sheet.heading("Дети")
    sheet.table(
        ("Ф.И.О.", "Дата рождения", "С кем живёт"),
        "children",
        ("{{ row.name }}", "{{ row.birth_date }}", "{{ row.lives_with }}"),
        (44, 20, 36),
        blanks=1,
    )
    sheet.heading("Документы")
    sheet.table(("Документ", "Действует до"), "papers", ("{{ row.text }}", "{{ row.valid_until }}"), (80, 20))
    sheet.heading("Имущество, счета, алименты, пенсия по потере кормильца")
    sheet.left("_" * 76)
    sheet.left("_" * 76)
    _way(sheet)
    _help(sheet)
    sheet.signatures(("Куратор", ""), HEAD)
    return sheet.bytes()


def _who(sheet: Sheet) -> None:
    sheet.facts(
        ("Дата рождения, возраст", "{{ birth_date }}, {{ age }}"),
        ("Документ", "{{ identity_document }}"),
        ("СНИЛС", "{{ snils }}"),
        ("Правовой статус", "{{ legal_status }}"),
        ("Форма устройства до выпуска, сроки", "{{ placements }}"),
        ("Дата выпуска, документ", pair("left_on", "exit_document")),
        ("Договор", "{{ contract }}"),
        ("На сопровождении с", "{{ accepted_on }}"),
        ("Адрес регистрации", "{{ registration_address }}"),
        ("Адрес проживания", "{{ residence_address }}"),
        ("Телефон, эл. почта", pair("person_phone", "person_email")),
        ("Иной способ связи", "{{ other_contact }}"),
        ("Образование, место учёбы", "{{ education }}"),
        ("Профессия", "{{ profession }}"),
        ("Занятость", "{{ employment }}"),
        ("Семейное положение", "{{ family }}"),
        ("Обеспеченность жильём", "{{ housing }}"),
        ("Доходы", "{{ incomes }}"),
        ("Состояние здоровья, инвалидность (при наличии)", "{{ health }}"),
        ("Категория сопровождения", "{{ category }}"),
        ("Куратор", "{{ curator }}"),
    )


def _way(sheet: Sheet) -> None:
    sheet.heading("Маршрут сопровождения")
    sheet.table(
        ("Дата", "Событие", "Категория"),
        "route",
        ("{{ row.on }}", "{{ row.event }}", "{{ row.category }}"),
        (14, 66, 20),
    )
    sheet.heading("Факторы риска")
    sheet.table(
        ("Выявлено", "В чём состоит", "Снято"),
        "risks",
        ("{{ row.found_on }}", "{{ row.text }}", "{{ row.resolved_on }}"),
        (14, 62, 24),
    )


def _help(sheet: Sheet) -> None:
    sheet.heading("Оказанная помощь")
    sheet.table(
        ("Дата", "Вид помощи", "Содержание", "Кто оказал", "Результат"),
        "services",
        (
            "{{ row.provided_on }}",
            "{{ row.kind }}",
            "{{ row.title }}",
            "{{ row.specialist }}",
            "{{ row.result }}",
        ),
        (13, 20, 29, 20, 18),
        size=Pt(10),
    )
    sheet.heading("Мониторинг")
    sheet.table(
        ("Дата", "Баллы", "Вывод"),
        "monitoring",
        ("{{ row.filled_on }}", "{{ row.total }}", "{{ row.conclusion }}"),
        (14, 18, 68),
    )
    sheet.heading("Акты обследования жилищно-бытовых условий")
    sheet.table(("Акт", "Вывод"), "surveys", ("{{ row.act }}", "{{ row.outcome }}"), (50, 50))


def journal_cover() -> bytes:
    sheet = Sheet("Обложка журнала", landscape=True, is_cover=True)
    sheet.text("{{ agency_name }}", align=ALIGN.CENTER).runs[0].font.size = Pt(16)
    for _ in range(6):
        sheet.gap()
    sheet.text("{{ journal }}", align=ALIGN.CENTER, bold=True).runs[0].font.size = Pt(24)
    sheet.text("за {{ year }} год", align=ALIGN.CENTER).runs[0].font.size = Pt(16)
    sheet.gap()
    sheet.text("Том № {{ volume }}", align=ALIGN.CENTER).runs[0].font.size = Pt(16)
    for _ in range(5):
        sheet.gap()
    sheet.right("Начат: {{ started_on }}", "Окончен: {{ ended_on }}", "На {{ sheets }} листах")
    sheet.gap()
    sheet.right("Индекс по номенклатуре дел: {{ file_index }}", "Срок хранения, лет: {{ keep_years }}")
    for _ in range(3):
        sheet.gap()
    sheet.signatures(("{{ head_position | upfirst }}", "{{ head_initials }}"), seal=True)
    return sheet.bytes()
