"""What the database refuses about daily work, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "area_is_not_negative": ("area_total", "Площадь не может быть меньше нуля."),
    "done_after_it_was_received": ("done_on", "Исполнить раньше, чем поступило обращение, нельзя."),
    "done_has_outcome": ("outcome_code", "День исполнения и результат указываются вместе."),
    "due_after_it_was_received": ("due_on", "Срок не может наступить раньше обращения."),
    "ends_after_it_begins": ("time_to", "Беседа не может закончиться раньше, чем началась."),
    "has_content": ("content", "Кратко запишите содержание обращения."),
    "has_purpose": ("purpose", "Укажите цель."),
    "has_topic": ("topic", "Укажите тему."),
    "lasts_a_day_at_most": ("minutes", "Продолжительность: от 1 до 1440 минут."),
    "next_visit_is_later": ("next_on", "Следующий выезд – после этого."),
    "quantity_is_1_to_1000": ("quantity", "Количество: от 1 до 1000."),
    "rooms_are_0_to_50": ("rooms", "Комнат: от 0 до 50."),
}
NUMBERED = (
    *("appeal", "consultation", "consultation_minutes", "group_session", "visit", "housing_survey", "urgent_act"),
)
UNIQUE: dict[str, tuple[str | None, str]] = {
    **{f"uq_{table}_agency_id_year_number": (None, "Такой номер уже занят. Повторите действие.") for table in NUMBERED},
    **{f"uq_{table}_form_token": (None, "Эта форма уже сохранена.") for table in (*NUMBERED, "service_record")},
    "uq_consultation_minutes_standing": ("consultation_id", "Протокол этой беседы уже есть."),
    "uq_group_participant_session_id_graduate_id": (None, "Этот человек уже в списке участников."),
}
