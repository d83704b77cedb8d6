"""Papers of councils and meetings: minutes, the sheet of attendance, the invitation (vologda 4.10; krasnoyarsk 6)."""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

from services.papers.shipped.kit import Sheet, dated

HEAD = ("{{ head_position | upfirst }}", "{{ head_initials }}")
WHO = ("{{ row.number }}", "{{ row.name }}", "{{ row.post }}")


def minutes() -> bytes:
    sheet = Sheet("Протокол")
    sheet.letterhead()
    sheet.stamp()
    sheet.title("ПРОТОКОЛ № {{ minutes_number }}", "{{ kind }}")
    sheet.only_if("body", "{{ body }}", align=ALIGN.CENTER)
    sheet.place_and_date("{{ place }}", dated("held_long_date"))
    sheet.said("Тема", "{{ topic }}")
    sheet.only_if("starts_at", "Начало: {{ starts_at }}")
    sheet.left("Председательствующий: {{ chair }}")
    sheet.left("Секретарь: {{ secretary }}")
    _presence(sheet)
    sheet.heading("Повестка")
    sheet.each("row", "agenda", "{{ row.number }}. {{ row.title }}", own_words=True)
    with sheet.when("not agenda"):
        sheet.left("____")
    sheet.text("{%p for item in items %}")
    _item(sheet)
    sheet.text("{%p endfor %}")
    with sheet.when("summary"):
        sheet.heading("Итоги")
        sheet.told("{{ summary }}")
    sheet.gap()
    sheet.signatures(
        ("Председательствующий", "{{ chair_initials }}"),
        ("Секретарь", "{{ secretary_initials }}"),
    )
    return sheet.bytes()


def _presence(sheet: Sheet) -> None:
    with sheet.when("members_total"):
        sheet.said("Присутствовали", "{{ present_count }} из {{ members_total }} членов")
    with sheet.when("quorum"):
        sheet.said("Кворум", "{{ quorum }}")
    with sheet.when("present"):
        sheet.table(
            ("№ п/п", "Ф.И.О.", "Должность, организация", "Вместо него (неё)"),
            "present",
            (*WHO, "{{ row.stand_in }}"),
            (8, 33, 38, 21),
            blanks=0,
        )
    with sheet.when("absent"):
        sheet.left("Отсутствовали:", bold=True)
        sheet.table(("№ п/п", "Ф.И.О.", "Должность, организация"), "absent", WHO, (8, 40, 52), blanks=0)
    with sheet.when("invited"):
        sheet.left("Приглашены:", bold=True)
        sheet.table(("№ п/п", "Ф.И.О.", "Должность, организация"), "invited", WHO, (8, 40, 52), blanks=0)


def _item(sheet: Sheet) -> None:
    """A question: who spoke, what was said, how it was voted, what was decided."""
    sheet.text("{{ item.number }}. {{ item.title }}", bold=True, keep=True).paragraph_format.space_before = 101600
    sheet.only_if("item.about", "О ком: {{ item.about }}")
    sheet.only_if("item.speaker", "Слушали: {{ item.speaker }}")
    sheet.only_if("item.discussed", "Обсудили: {{ item.discussed }}")
    with sheet.when("item.votes_for != '0' or item.votes_against != '0'"):
        sheet.left("Голосовали: за – {{ item.votes_for }}, против – {{ item.votes_against }}")
    with sheet.when("item.decisions"):
        sheet.left("Решили:", bold=True)
        addressee = "{% if row.addressee %} Кому: {{ row.addressee }}.{% endif %}"
        until = "{% if row.due_on %} Срок: до {{ row.due_on }}.{% endif %}"
        sheet.each(
            "row",
            "item.decisions",
            f"{{{{ row.number }}}}. {{{{ row.text | upfirst }}}}.{addressee}{until}",
            own_words=True,
        )


def attendance() -> bytes:
    sheet = Sheet("Лист регистрации")
    sheet.letterhead()
    sheet.stamp()
    sheet.title("ЛИСТ РЕГИСТРАЦИИ", "{{ kind }}")
    sheet.only_if("body", "{{ body }}", align=ALIGN.CENTER)
    sheet.place_and_date("{{ place }}", dated("held_long_date"))
    sheet.said("Тема", "{{ topic }}")
    sheet.table(
        ("№ п/п", "Ф.И.О.", "Должность, организация", "Подпись"),
        "people",
        (*WHO, " "),
        (8, 32, 40, 20),
        blanks=15,
    )
    return sheet.bytes()


def invitation() -> bytes:
    sheet = Sheet("Приглашение")
    sheet.letterhead()
    sheet.stamp()
    sheet.left("№ ________ от «____» ______________ 20____ г.")
    sheet.right("Кому: ______________________________", "______________________________________")
    sheet.title("ПРИГЛАШЕНИЕ")
    sheet.body("Приглашаем принять участие: {{ kind }}{% if body %}, {{ body }}{% endif %}, тема: «{{ topic }}».")
    sheet.said("Дата", "{{ held_long_date }}{% if starts_at %}, начало в {{ starts_at }}{% endif %}")
    sheet.said("Место", "{{ place }}")
    with sheet.when("agenda"):
        sheet.left("Повестка:", bold=True)
        sheet.each("row", "agenda", "{{ row.number }}. {{ row.title }}", own_words=True)
    sheet.body("О том, что прийти не сможете, просим сообщить заранее: тел. {{ agency_phone }}, {{ agency_email }}.")
    sheet.gap()
    sheet.signatures(HEAD)
    return sheet.bytes()
