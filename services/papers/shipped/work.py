"""Papers of daily work: minutes, the act of a survey of housing, the act of urgent services (domain §3, §4.5, §5.9)."""

from __future__ import annotations

from services.papers.shipped.kit import Sheet, dated, pair

GRADUATE = ("Выпускник", "{{ initials }}")


def minutes() -> bytes:
    sheet = Sheet("Протокол беседы, консультации")
    sheet.letterhead()
    sheet.stamp()
    sheet.title("ПРОТОКОЛ № {{ minutes_number }} от {{ drawn_on }}", "{{ kind }}")
    sheet.facts(
        ("Время начала и окончания", "с {{ time_from }} до {{ time_to }}"),
        ("Место, форма", "{{ place }}"),
        ("Ф.И.О. выпускника, дата рождения", "{{ full_name }}, {{ birth_date }}"),
        ("Специалист (должность)", "{{ specialist }}"),
        ("Присутствовали", "{{ present }}"),
        ("Тема", "{{ topic }}"),
        ("Повод (по инициативе …)", "{{ initiative }}"),
    )
    sheet.said("Проблема", "{{ problem }}")
    sheet.said("Ход беседы, сведения со слов", "{{ course }}")
    sheet.said("Разъяснено", "{{ explained }}")
    sheet.said("Рекомендации", "{{ recommendations }}")
    sheet.left("Договорённости (что, кто, срок):", bold=True)
    with sheet.when("agreements"):
        sheet.each("row", "agreements", "{{ loop.index }}. {{ row.text }}")
    with sheet.when("not agreements"):
        sheet.left("____")
    sheet.said("Направлен(а) к специалисту", "{{ referred_to }}")
    sheet.said("Следующая встреча", "{{ next_on }}")
    sheet.gap()
    with sheet.when("is_remote"):
        sheet.left("Беседа проведена дистанционно, подпись выпускника не требуется.")
    with sheet.when("not is_remote"):
        sheet.left("С записанным согласен(на):")
        sheet.signatures(GRADUATE)
    sheet.signatures(("Специалист", "{{ specialist_initials }}"))
    return sheet.bytes()


def survey() -> bytes:
    sheet = Sheet("Акт обследования жилищно-бытовых условий")
    sheet.letterhead()
    sheet.stamp()
    sheet.title("АКТ № {{ act_number }}", "обследования жилищно-бытовых условий")
    sheet.place_and_date("", dated("surveyed_long_date"))
    sheet.said("Основание, цель", "{{ ground }}")
    sheet.left("Комиссия:", bold=True)
    with sheet.when("commission"):
        sheet.each("row", "commission", "{{ loop.index }}. {{ row.text }}")
    with sheet.when("not commission"):
        sheet.left("{{ specialist }}")
    sheet.gap()
    sheet.facts(
        ("Выпускник, дата рождения, телефон", "{{ full_name }}, {{ birth_date }}, {{ person_phone }}"),
        ("Адрес обследования", "{{ address }}"),
        ("Адрес регистрации", "{{ registration_address }}"),
        ("Совместно проживающие", "{{ cohabitants }}"),
        ("Вид жилья, этаж", "{{ dwelling }}"),
        ("Площадь общая / жилая, комнат", "{{ area_total }} м² / {{ area_living }} м², {{ rooms }}"),
        ("Право пользования", "{{ title_right }}"),
        ("Благоустройство", "{{ amenities }}"),
        ("Санитарное состояние", "{{ sanitary }}"),
        ("Мебель, техника, постель, продукты", "{{ belongings }}"),
        ("Задолженность за жильё и коммунальные услуги", "{{ utility_debt }}"),
        ("Доходы, занятость", "{{ income }}"),
        ("Взаимоотношения, посторонние лица", "{{ relations }}"),
        ("Дети: место, условия, питание", "{{ children }}"),
        ("Риски", "{{ risks }}"),
        ("Сохранность закреплённого, собственного жилья", "{{ own_housing }}"),
        ("Со слов выпускника", "{{ own_words }}"),
    )
    sheet.said("Вывод", "{{ outcome }}")
    sheet.said("Рекомендации", "{{ recommendations }}")
    sheet.said("Срок исполнения рекомендаций", "{{ recommended_until }}")
    sheet.gap()
    sheet.left("Подписи членов комиссии:")
    with sheet.when("commission"):
        sheet.each("row", "commission", "_______________ / {{ row.initials }} /")
    with sheet.when("not commission"):
        sheet.signatures(("", "{{ specialist_initials }}"))
    sheet.gap()
    sheet.left("С посещением согласен(на), с актом ознакомлен(а):")
    sheet.signatures(GRADUATE)
    return sheet.bytes()


def urgent() -> bytes:
    sheet = Sheet("Акт о предоставлении срочных социальных услуг")
    sheet.letterhead()
    sheet.stamp()
    sheet.title("АКТ № {{ act_number }}", "о предоставлении срочных социальных услуг")
    sheet.place_and_date("", dated("provided_long_date"))
    sheet.body(
        "Составлен о том, что {{ agency_name }} бесплатно, без индивидуальной программы и договора (статья 21 "
        "Федерального закона от 28.12.2013 № 442-ФЗ) предоставила срочные социальные услуги."
    )
    sheet.gap()
    sheet.facts(
        ("Получатель, дата рождения", "{{ full_name }}, {{ birth_date }}"),
        ("Документ", "{{ identity_document }}"),
        ("Адрес, телефон", pair("residence_address", "person_phone")),
        ("Что случилось", "{{ reason }}"),
        ("Заявление или сообщение", "{{ source }}"),
    )
    sheet.table(
        ("№ п/п", "Услуга", "Дата", "Количество", "Результат"),
        "services",
        ("{{ row.number }}", "{{ row.title }}", "{{ row.provided_on }}", "{{ row.quantity }}", "{{ row.result }}"),
        (7, 37, 14, 17, 25),
        blanks=3,
    )
    sheet.left("Услуги предоставлены в полном объёме, претензий к их качеству и срокам нет.")
    sheet.signatures(("Получатель", "{{ initials }}"), ("Услуги предоставил(а)", "{{ specialist_initials }}"))
    sheet.signatures(("{{ head_position | upfirst }}", "{{ head_initials }}"), seal=True)
    return sheet.bytes()
