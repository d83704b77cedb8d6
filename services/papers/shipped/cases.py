"""Papers around a contract: from the application to the conclusion (domain §1.7, §2.5)."""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from services.papers.shipped.kit import DAY, Sheet, dated, pair

TO_HEAD = ("{{ head_position_dative | upfirst }}", "{{ agency_short_name }}", "{{ head_name_dative }}")
HEAD = ("{{ head_position | upfirst }}", "{{ head_initials }}")
GRADUATE = ("Выпускник", "{{ initials }}")
OF_CONTRACT = "договору № {{ contract_number }} от {{ contract_date }}"


def application() -> bytes:
    sheet = Sheet("Заявление об установлении постинтернатного сопровождения")
    sheet.stamp()
    _from_graduate(sheet)
    sheet.title("ЗАЯВЛЕНИЕ", "об установлении постинтернатного сопровождения")
    sheet.body("Прошу заключить со мной договор о постинтернатном сопровождении и составить индивидуальный план.")
    sheet.said("Основание права на сопровождение", "{{ right_ground }}; документ: {{ right_document }}")
    sheet.said("В чём мне нужна помощь", "{{ request }}")
    with sheet.when("directions"):
        sheet.left("Направления помощи:", bold=True)
        sheet.each("direction", "directions", "– {{ direction.title }}")
    sheet.said("О решении прошу уведомить меня", "{{ answer_by }}")
    sheet.left("Приложения:", bold=True)
    with sheet.when("documents"):
        sheet.each("document", "documents", "{{ loop.index }}. {{ document.title }}")
    with sheet.when("not documents"):
        sheet.left("1. ________________________________________\n2. ________________________________________")
    sheet.gap()
    sheet.signatures((DAY, "{{ initials }}"))
    with sheet.when("is_minor"):
        sheet.signatures(("Законный представитель согласен", ""))
    sheet.heading("Отметки организации")
    sheet.facts(
        ("Поступило", "{{ received_on }}"),
        ("Способ подачи", "{{ channel }}"),
        ("Рег. № и дата", pair("application_number", "registered_on")),
        ("Принял", "{{ received_by }}"),
    )
    return sheet.bytes()


def refusal_statement() -> bytes:
    """The graduate's own refusal; a reason need not be given."""
    sheet = Sheet("Заявление об отказе от заключения договора")
    sheet.stamp()
    _from_graduate(sheet)
    sheet.title("ЗАЯВЛЕНИЕ", "об отказе от заключения договора о постинтернатном сопровождении")
    sheet.body(
        "Мне разъяснено право на постинтернатное сопровождение: его цели, бесплатность и добровольность. Заключать "
        "договор о сопровождении не хочу."
    )
    sheet.said("Причина (указывать не обязательно)", "{{ reason }}{% if details %}. {{ details }}{% endif %}")
    sheet.body("Мне известно, что я могу обратиться за сопровождением снова, пока имею на него право.")
    sheet.gap()
    sheet.signatures((dated("refused_long_date"), "{{ initials }}"))
    sheet.gap()
    sheet.left("Зарегистрировано: № {{ refusal_number }}, {{ refused_on }}. Принял: {{ specialist }}")
    return sheet.bytes()


def refusal_decision() -> bytes:
    sheet = Sheet("Решение об отказе в постинтернатном сопровождении")
    sheet.letterhead()
    sheet.stamp()
    sheet.title("РЕШЕНИЕ № {{ refusal_number }}", "об отказе в постинтернатном сопровождении")
    sheet.place_and_date("", dated("refused_long_date"))
    sheet.body(
        "Рассмотрено заявление ({{ application }}), которое подал(а) {{ full_name }}, {{ birth_date }} года рождения, "
        "проживающий(ая) по адресу: {{ residence_address }}."
    )
    sheet.said("Установлено", "{{ details }}")
    sheet.said("Причина отказа", "{{ reason }}")
    sheet.said("Пункт положения", "{{ clause }}")
    sheet.body(
        "В заключении договора о постинтернатном сопровождении отказать: у заявителя нет права на сопровождение."
    )
    sheet.body(
        "Если обстоятельства изменятся или появятся новые документы, заявитель вправе обратиться снова. Решение "
        "можно обжаловать в вышестоящий орган или в суд."
    )
    sheet.gap()
    sheet.signatures(HEAD, seal=True)
    sheet.gap()
    sheet.left(f"Уведомление вручено (направлено): {pair('notified_on', 'notified_how')}")
    sheet.signatures(GRADUATE)
    return sheet.bytes()


def refusal_notice() -> bytes:
    sheet = Sheet("Уведомление об отказе")
    sheet.letterhead()
    sheet.stamp()
    _to_graduate(sheet)
    sheet.title("УВЕДОМЛЕНИЕ", "об отказе в постинтернатном сопровождении")
    sheet.body(
        "Сообщаем, что по вашему заявлению ({{ application }}) принято решение № {{ refusal_number }} от "
        "{{ refused_on }}: в заключении договора о постинтернатном сопровождении отказано."
    )
    sheet.said("Причина", "{{ reason }}{% if details %}. {{ details }}{% endif %}")
    sheet.said("Пункт положения", "{{ clause }}")
    sheet.body(
        "Вы вправе обратиться снова, если обстоятельства изменятся, и обжаловать решение в вышестоящий орган или в "
        "суд. Мы готовы подсказать, куда ещё можно обратиться за помощью: {{ agency_phone }}."
    )
    sheet.gap()
    sheet.signatures(HEAD)
    _handed(sheet)
    return sheet.bytes()


def acceptance_decision() -> bytes:
    sheet = Sheet("Решение о принятии на постинтернатное сопровождение")
    sheet.letterhead()
    sheet.stamp()
    sheet.title("РЕШЕНИЕ № {{ decision_number }}", "о принятии на постинтернатное сопровождение")
    sheet.place_and_date("", dated("accepted_long_date"))
    sheet.body("Рассмотрев заявление ({{ application }}) и приложенные к нему документы, организация решила:")
    sheet.body(
        "1. Принять на постинтернатное сопровождение {{ full_name_accusative }}, {{ birth_date }} года рождения, с "
        "{{ accepted_on }}."
    )
    sheet.body(
        "2. Сопровождение вести по договору № {{ contract_number }} от {{ contract_date }} и индивидуальному плану."
    )
    sheet.body("3. Категория сопровождения: {{ category }}. Куратор: {{ curator }}.")
    sheet.said("Основание права", "{{ right_ground }}; документ: {{ right_document }}")
    sheet.said("Откуда выбыл(а), кто сообщил", "{{ origin }}")
    sheet.gap()
    sheet.signatures(HEAD, seal=True)
    _handed(sheet)
    return sheet.bytes()


def amendment() -> bytes:
    sheet = Sheet("Дополнительное соглашение к договору")
    sheet.stamp()
    sheet.title(
        "ДОПОЛНИТЕЛЬНОЕ СОГЛАШЕНИЕ № {{ amendment_number }}", f"к {OF_CONTRACT}", "о постинтернатном сопровождении"
    )
    sheet.place_and_date("", dated("amendment_date"))
    _both(sheet, "заключили настоящее соглашение.")
    sheet.section("Что меняется")
    sheet.clause("{{ subject }}", own_words=True)
    with sheet.when("new_ends_on"):
        sheet.clause("Договор действует по {{ new_ends_on }} включительно.")
    sheet.section("Прочее")
    sheet.clause(
        "Остальные условия договора остаются прежними. Соглашение – часть договора и действует со дня подписания."
    )
    sheet.clause("Соглашение составлено в двух экземплярах, по одному для каждой стороны.")
    sheet.gap()
    sheet.signatures(("Организация: {{ signatory_position }}", "{{ signatory_initials }}"), GRADUATE, seal=True)
    return sheet.bytes()


def termination() -> bytes:
    sheet = Sheet("Соглашение о расторжении договора")
    sheet.stamp()
    sheet.title("СОГЛАШЕНИЕ О РАСТОРЖЕНИИ", "договора № {{ contract_number }} от {{ contract_date }}")
    sheet.place_and_date("", DAY)
    _both(sheet, "договорились:")
    sheet.body("1. Расторгнуть договор о постинтернатном сопровождении. Последний день его действия – {{ ended_on }}.")
    sheet.body("2. Основание: {{ ground }}{% if ground_note %} ({{ ground_note }}){% endif %}.")
    sheet.body(
        "3. Что выполнено и что осталось, стороны отразили в плане и в заключении о результатах ({{ conclusion }}). "
        "Имущественных и иных требований друг к другу стороны не имеют."
    )
    sheet.body("4. Выпускник вправе обратиться за сопровождением снова, пока имеет на него право.")
    sheet.body("5. Соглашение составлено в двух экземплярах, по одному для каждой стороны.")
    sheet.gap()
    sheet.signatures(("Организация: {{ signatory_position }}", "{{ signatory_initials }}"), GRADUATE, seal=True)
    return sheet.bytes()


def end_notice() -> bytes:
    sheet = Sheet("Уведомление об окончании срока договора")
    sheet.letterhead()
    sheet.stamp()
    _to_graduate(sheet)
    sheet.title("УВЕДОМЛЕНИЕ", "об окончании срока договора")
    sheet.body(
        "Напоминаем: договор о постинтернатном сопровождении № {{ contract_number }} от {{ contract_date }} "
        "действует по {{ ends_on }} включительно."
    )
    sheet.body(
        "До этого дня мы вместе с вами подведём итоги и подготовим заключение о результатах. Если помощь ещё нужна и "
        "право на неё сохраняется, договор можно продлить: сообщите об этом куратору или приходите к нам."
    )
    sheet.said("Заключение о результатах", "{{ conclusion }}")
    sheet.said("Ждём вас", "{{ agency_address }}, тел. {{ agency_phone }}; день и время: ____")
    sheet.gap()
    sheet.signatures(HEAD)
    _handed(sheet)
    return sheet.bytes()


def conclusion() -> bytes:
    sheet = Sheet("Заключение о результатах постинтернатного сопровождения")
    sheet.letterhead()
    sheet.stamp()
    sheet.title(
        "ЗАКЛЮЧЕНИЕ № {{ conclusion_number }} от {{ conclusion_date }}", "о результатах постинтернатного сопровождения"
    )
    sheet.facts(
        ("Ф.И.О. выпускника", "{{ full_name }}"),
        ("Дата рождения", "{{ birth_date }}"),
        ("Договор", "№ {{ contract_number }} от {{ contract_date }}"),
        ("План", "{{ plan }}"),
        ("Период", "{{ period }}"),
        ("Категория: на начало → на конец", "{{ category_from }} → {{ category_to }}"),
        ("Баллы мониторинга: на начало → на конец", "{{ score_from }} → {{ score_to }}"),
    )
    sheet.heading("Мероприятия плана")
    sheet.facts(
        ("Всего", "{{ total }}"),
        ("Выполнено", "{{ done }}"),
        ("Выполнено частично", "{{ done_partly }}"),
        ("Не выполнено", "{{ not_done }}"),
        ("Отказ выпускника", "{{ refused }}"),
    )
    sheet.said("Результаты по направлениям", "{{ results }}")
    sheet.said("Чего удалось достичь", "{{ achieved }}")
    sheet.said("Что не решено", "{{ unresolved }}")
    sheet.said("Вывод", "{{ outcome }}")
    sheet.said("Рекомендации выпускнику", "{{ recommendations }}")
    sheet.said("Особое мнение выпускника", "{{ own_opinion }}")
    sheet.gap()
    sheet.signatures(
        ("Куратор", "{{ curator_initials }}"),
        ("Ответственный за сопровождение", "{{ responsible_initials }}"),
        HEAD,
        GRADUATE,
        seal=True,
    )
    sheet.gap()
    sheet.left("Подписано выпускником: {{ graduate_signed_on }}. Экземпляр вручён: {{ handed_on }}.")
    return sheet.bytes()


# -- Parts -----------------------------------------------------------------------------------------------------------


def _from_graduate(sheet: Sheet) -> None:
    sheet.right(*TO_HEAD)
    sheet.right(
        "от {{ full_name_genitive }},",
        "дата рождения: {{ birth_date }},",
        "документ: {{ identity_document }},",
        "адрес регистрации: {{ registration_address }},",
        "адрес проживания: {{ residence_address }},",
        "телефон: {{ person_phone }}, эл. почта: {{ person_email }}",
    )
    sheet.gap()


def _to_graduate(sheet: Sheet) -> None:
    sheet.left("№ ________ от «____» ______________ 20____ г.")
    sheet.right("{{ full_name_dative }}", "{{ residence_address }}")
    sheet.gap()


def _both(sheet: Sheet, ending: str) -> None:
    sheet.body(
        "{{ agency_name }}, далее – Организация, в лице {{ signatory }}, действующего (действующей) на основании "
        "{{ signatory_basis }}, и {{ full_name }}, {{ birth_date }} года рождения, далее – Выпускник, " + ending
    )


def _handed(sheet: Sheet) -> None:
    sheet.gap()
    sheet.text("Получил(а): «____» ______________ 20____ г.", align=ALIGN.LEFT)
    sheet.signatures(GRADUATE)
