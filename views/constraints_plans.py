"""What the database refuses about plans and their measures, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "approved_has_day": (None, "Номер и день утверждения плана появляются вместе."),
    "closed_has_day": ("closed_on", "У завершённого плана должен быть день завершения."),
    "done_has_day": ("done_on", "Укажите день, когда мероприятие выполнено."),
    "due_after_it_starts": ("due_on", "Срок не может быть раньше начала."),
    "edition_is_positive": (None, "Редакции считаются с первой."),
    "has_sphere": ("sphere", "Назовите сферу."),
    "has_what": ("what", "Напишите, что изменено."),
    "later_edition_has_previous": (None, "У следующей редакции должна быть прежняя."),
    "refusal_is_signed": ("is_refusal_signed", "Отказ отмечают, когда выпускник подписал отметку."),
    "refused_has_day": ("refused_on", "Укажите день отказа."),
}
UNIQUE: dict[str, tuple[str | None, str]] = {
    "uq_plan_agency_id_year_number": (None, "Такой номер уже занят. Повторите действие."),
    "uq_plan_form_token": (None, "Эта форма уже сохранена."),
    "uq_plan_partner_plan_id_agency_id": ("agency_id", "Эта организация уже указана партнёром."),
    "uq_plan_previous_id": (None, "Новая редакция этого плана уже есть: откройте её."),
}
