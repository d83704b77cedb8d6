"""What the database refuses about councils and meetings, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "cancelled_has_reason": ("cancelled_reason", "Укажите, почему встреча отменена."),
    "done_has_result": ("result", "Напишите, что сделано."),
    "has_topic": ("topic", "Напишите, о чём встреча."),
    "held_has_number": (None, "Номер протокола есть у проведённой встречи и только у неё."),
    "members_are_counted": (None, "Число членов не может быть меньше нуля."),
    "quorum_is_a_part": ("quorum_part", "Кворум – доля членов не больше единицы, например 1/2."),
    "sitting_is_of_a_body": ("body_id", "Орган указывают для заседания и только для него."),
    "votes_are_counted": ("votes_for", "Голосов не может быть меньше нуля."),
}
UNIQUE: dict[str, tuple[str | None, str]] = {
    "uq_body_agency_id_name": ("name", "Орган с таким названием у вас уже есть."),
    "uq_meeting_agency_id_year_number": (None, "Такой номер протокола уже занят. Повторите действие."),
    "uq_meeting_attendee_meeting_id_member_id": (None, "Этот член органа уже в списке."),
    "uq_meeting_form_token": (None, "Эта форма уже сохранена."),
}
