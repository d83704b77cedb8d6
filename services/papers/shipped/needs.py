"""Need sheet, notice of right, plan of help on release, analysis of a plan, order on a curator."""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from services.papers.shipped.kit import DAY, SMALL, Sheet, dated
from services.papers.shipped.people import HEAD

SPECIALIST = ("Специалист", "{{ responsible_initials }}")


def need_sheet() -> bytes:
    sheet = Sheet("Лист индивидуальной нуждаемости")
    sheet.letterhead()
    sheet.title("ЛИСТ ИНДИВИДУАЛЬНОЙ НУЖДАЕМОСТИ", "выпускника на {{ printed_on }}")
    sheet.facts(
        ("Ф.И.О.", "{{ full_name }}"),
        ("Дата рождения, возраст", "{{ birth_date }}, {{ age }}"),
        ("Адрес проживания", "{{ residence_address }}"),
        ("Правовой статус", "{{ legal_status }}"),
        ("Образование, занятость", "{{ education }}\n{{ employment }}"),
        ("Жильё", "{{ housing }}"),
        ("Категория сопровождения", "{{ category }}"),
        ("Договор", "{{ contract }}"),
    )
    sheet.heading("В чём нуждается")
    sheet.table(
        ("№", "Направление", "В чём нуждается", "Уровень", "Основание"),
        "needs",
        (
            "{{ row.number }}",
            "{{ row.direction }}",
            "{{ row.text }}",
            "{{ row.level }}",
            "{{ row.basis }}",
        ),
        (6, 24, 34, 16, 26),
        blanks=4,
    )
    sheet.heading("Что для этого запланировано")
    sheet.only_if("plan", "План сопровождения {{ plan }}.")
    sheet.table(
        ("Направление", "Мероприятие", "Срок", "Кто отвечает"),
        "measures",
        ("{{ row.direction }}", "{{ row.title }}", "{{ row.term }}", "{{ row.executor }}"),
        (24, 40, 14, 28),
    )
    sheet.signatures(SPECIALIST, ("С листом ознакомлен(а)", "{{ initials }}"))
    return sheet.bytes()


def notice_of_right() -> bytes:
    sheet = Sheet("Уведомление о праве на сопровождение")
    sheet.letterhead()
    sheet.right("{{ full_name_dative }}", "{{ residence_address }}")
    sheet.gap()
    sheet.title("УВЕДОМЛЕНИЕ", "о праве на постинтернатное сопровождение и социальные услуги")
    sheet.body(
        "{{ agency_name }} сообщает: после окончания пребывания в организации или замещающей семье"
        "{% if left_on %} ({{ left_on }}){% endif %} вы имеете право на постинтернатное сопровождение и на социальные "
        "услуги. Сопровождение добровольное и бесплатное."
    )
    sheet.body("Обратиться за сопровождением можно по {{ right_until }} включительно.")
    sheet.body("Чем могут помочь:")
    sheet.points(
        "получить жильё и подготовить для этого документы",
        "поступить учиться, не бросить учёбу, найти работу",
        "оформить пособия, выплаты и другую государственную помощь",
        "защитить права, получить консультацию юриста и психолога",
        "решить бытовые вопросы, наладить отношения с близкими",
    )
    sheet.body(
        "Для сопровождения подают заявление, затем подписывают договор и вместе со специалистом составляют "
        "индивидуальный план. Отказаться можно в любое время, обратиться снова – тоже."
    )
    sheet.body("Куда обратиться: {{ agency_name }}, {{ contacts }}.")
    sheet.only_if("specialist", "Кто поможет: {{ specialist }}.")
    sheet.gap()
    sheet.signatures(HEAD)
    sheet.gap()
    sheet.left("Способ уведомления (беседа, письмо, телефон): ______________________________")
    sheet.left("Уведомление получено, право разъяснено:")
    sheet.signatures((DAY, "{{ initials }}"), ("Кто уведомил", ""))
    return sheet.bytes()


def release_plan() -> bytes:
    sheet = Sheet("План помощи вернувшемуся из мест лишения свободы", landscape=True)
    sheet.right("УТВЕРЖДАЮ", "{{ head_position | upfirst }}", "_______________ / {{ head_initials }} /", DAY)
    sheet.title("ПЛАН ПОМОЩИ", "выпускнику, который вернулся из мест лишения свободы", "{{ agency_name }}")
    sheet.facts(
        ("Ф.И.О.", "{{ full_name }}"),
        ("Дата рождения, возраст", "{{ birth_date }}, {{ age }}"),
        ("Дата освобождения, учреждение", "________________________________________________"),
        ("Где живёт", "{{ residence_address }}"),
        ("Телефон", "{{ person_phone }}"),
        ("Документы", "{{ identity_document }}"),
        ("Жильё", "{{ housing }}"),
        ("Семья", "{{ family }}"),
        ("Куратор", "{{ curator }}"),
    )
    with sheet.when("needs"):
        sheet.heading("Что известно о трудностях")
        sheet.each("row", "needs", "– {{ row.text }}{% if row.level %} ({{ row.level }}){% endif %}", own_words=True)
    sheet.heading("Мероприятия")
    sheet.table(
        ("№", "Мероприятие", "Срок", "Ответственный, организации", "Отметка о выполнении", "Отказ: дата, подпись"),
        "steps",
        ("{{ row.number }}", "{{ row.title }}", " ", " ", " ", " "),
        (5, 44, 14, 26, 26, 20),
        blanks=8,
        whole_rows=True,
    )
    sheet.left("Что ещё нужно, словами выпускника: ______________________________________________________")
    sheet.signatures(("Специалист", ""), ("Выпускник", "{{ initials }}"))
    return sheet.bytes()


COUNTED = ("planned", "done", "partly", "not_done", "refused", "left")  # of the measures of a direction


def plan_analysis() -> bytes:
    sheet = Sheet("Анализ выполнения плана")
    sheet.stamp()
    sheet.letterhead()
    sheet.title("АНАЛИЗ ВЫПОЛНЕНИЯ ПЛАНА", "{{ plan_title }} № {{ plan_number }}")
    sheet.facts(
        ("Ф.И.О.", "{{ full_name }}"),
        ("Дата рождения, возраст", "{{ birth_date }}, {{ age }}"),
        ("Договор", "{{ contract }}"),
        ("Период плана", "с {{ starts_on }} по {{ ends_on }}"),
        ("Куратор", "{{ plan_curator }}"),
        ("Цели", "{{ goals }}"),
    )
    sheet.heading("Что сделано по направлениям")
    sheet.table(
        ("Направление", "Всего", "Выполнено", "Частично", "Не сделано", "Отказ", "В работе"),
        "totals",
        tuple(f"{{{{ row.{name} }}}}" for name in ("direction", *COUNTED)),
        (28, 11, 17, 15, 13, 11, 12),
        size=SMALL,
    )
    sheet.only_if(
        "share",
        "Всего мероприятий: {{ planned }}, выполнено полностью и частично: {{ done }} ({{ share }}).",
        bold=True,
    )
    sheet.heading("Что не выполнено и почему")
    sheet.table(
        ("Мероприятие", "Состояние", "Причина, результат"),
        "undone",
        ("{{ row.title }}", "{{ row.status }}", "{{ row.reason }}"),
        (44, 24, 38),
    )
    sheet.heading("Как изменилась ситуация")
    sheet.said("Сумма баллов мониторинга", "{{ dynamics }}")
    sheet.table(
        ("Дата", "Баллы", "Вывод"),
        "monitoring",
        ("{{ row.filled_on }}", "{{ row.total }}", "{{ row.conclusion }}"),
        (16, 24, 66),
    )
    sheet.said("Выводы и предложения", "{% if closing_note %}{{ closing_note }}{% else %}" + "_" * 60 + "{% endif %}")
    sheet.only_if("conclusion", "Заключение о результатах: {{ conclusion }}.")
    sheet.gap()
    sheet.signatures(("Куратор", "{{ curator_initials }}"), HEAD)
    return sheet.bytes()


def appointment_order() -> bytes:
    sheet = Sheet("Приказ о назначении куратора")
    sheet.stamp()
    sheet.letterhead()
    sheet.title("ПРИКАЗ № {{ order_number }}", "о назначении: {{ curator_kind }} выпускника")
    sheet.place_and_date("", dated("order_date"))
    sheet.body(
        "Для постинтернатного сопровождения выпускника"
        "{% if contract %}, в соответствии с договором о сопровождении {{ contract }}{% endif %}"
        "{% if ground %}, основание: {{ ground }}{% endif %}"
    )
    sheet.text("ПРИКАЗЫВАЮ:", align=ALIGN.CENTER, bold=True)
    sheet.body(
        "1. Назначить {{ curator_name_accusative }}"
        "{% if curator_position_accusative %}, {{ curator_position_accusative }},{% endif %} "
        "{{ curator_kind_instrumental }} выпускника {{ full_name_genitive }}, {{ birth_date }} года рождения."
    )
    sheet.body("2. Срок: с {{ assigned_from }}{% if assigned_until %} по {{ assigned_until }}{% endif %}.")
    sheet.body(
        "3. Поручить {{ curator_name_dative }} составить вместе с выпускником индивидуальный план, следить за его "
        "выполнением, вести записи об оказанной помощи и докладывать о трудностях."
    )
    sheet.only_if("responsible", "4. Контроль за исполнением приказа: {{ responsible }}.", style="Body Text")
    sheet.gap()
    sheet.signatures(HEAD)
    sheet.gap()
    sheet.left("С приказом ознакомлен(а), с назначением согласен(на):")
    sheet.signatures((DAY, "{{ curator_initials }}"), ("Выпускник", "{{ initials }}"))
    return sheet.bytes()
