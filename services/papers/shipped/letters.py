"""Letters between organisations: a referral, a notice, a request; the answer (vologda 4.6, 4.7)."""

from __future__ import annotations

from docx.shared import Pt

from services.papers.shipped.kit import Sheet

HEAD = ("{{ head_position | upfirst }}", "{{ head_initials }}")
NUMBER = "№ {{ number }} от {{ sent_on }}"
SMALL = Pt(10)


def referral() -> bytes:
    sheet = Sheet("Направление, извещение, запрос")
    sheet.letterhead()
    sheet.stamp()
    sheet.only_if("urgent", "ЭКСТРЕННО", bold=True)
    sheet.left(NUMBER)
    _addressee(sheet)
    sheet.title("{{ title }}")
    with sheet.when("request"):
        sheet.body("{{ request }}")
    with sheet.when("summary"):
        sheet.told("{{ summary }}")
    _text(sheet)
    with sheet.when("facts"):
        sheet.gap()
        sheet.table(
            ("Сведения", "Содержание"), "facts", ("{{ row.label | upfirst }}", "{{ row.value }}"), (34, 66), blanks=0
        )
    with sheet.when("people"):
        sheet.gap()
        sheet.table(
            ("№ п/п", "Ф.И.О.", "Сведения"),
            "people",
            ("{{ row.number }}", "{{ row.name }}", "{{ row.text }}"),
            (8, 34, 58),
            blanks=0,
            size=SMALL,
            whole_rows=True,
        )
    with sheet.when("answer_due_on"):
        sheet.body("Ответ просим направить до {{ answer_due_on }} включительно.")
    with sheet.when("about_people"):
        sheet.body("Основание передачи сведений: {{ ground }}.")
    with sheet.when("not about_people"):
        sheet.body("Основание: {{ ground }}.")
    with sheet.when("forwarded"):
        sheet.body("Переадресовано: {{ forwarded }}.")
    _end(sheet)
    return sheet.bytes()


def answer() -> bytes:
    sheet = Sheet("Ответ на письмо")
    sheet.letterhead()
    sheet.stamp()
    sheet.left(f"{NUMBER}\nна № {{{{ their_number }}}} от {{{{ their_on }}}}")
    _addressee(sheet)
    sheet.title("Ответ на письмо «{{ title }}»")
    _text(sheet)
    with sheet.when("people"):
        sheet.gap()
        sheet.table(
            ("№ п/п", "Ф.И.О.", "Сведения"),
            "people",
            ("{{ row.number }}", "{{ row.name }}", "{{ row.text }}"),
            (8, 34, 58),
            blanks=0,
            size=SMALL,
            whole_rows=True,
        )
    sheet.body("Результат: {{ outcome }}.")
    _end(sheet)
    return sheet.bytes()


def _addressee(sheet: Sheet) -> None:
    """On the right half: to whom; the organisation stays as it is called, the post and the name are declined."""
    with sheet.when("to_position_dative"):
        sheet.right("{{ to_position_dative | upfirst }}")
    sheet.right("{{ to_name }}")
    with sheet.when("to_head_dative"):
        sheet.right("{{ to_head_dative }}")
    sheet.gap()


def _text(sheet: Sheet) -> None:
    sheet.each("row", "paragraphs", "{{ row.text }}", own_words=True)


def _end(sheet: Sheet) -> None:
    with sheet.when("attachments"):
        sheet.left("Приложение:")
        sheet.each("row", "attachments", "{{ loop.index }}. {{ row.text }}", own_words=True)
    sheet.gap()
    sheet.signatures(HEAD)
    sheet.gap()
    sheet.small("Исполнитель: {{ executor }}, тел. {{ executor_phone }}")
