"""What the database refuses about files, templates and forms of names, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "has_nominative": ("nominative", "Заполните имя или должность в именительном падеже."),
    "has_paper": ("paper", "Укажите, какой документ печатается по шаблону."),
    "closed_after_it_was_opened": ("closed_on", "Дело не может быть закрыто раньше, чем заведено."),
    "is_not_empty": ("size", "Файл пуст: выберите другой."),
    "removed_has_reason": ("removed_reason", "Укажите, почему документ изъят."),
}
UNIQUE: dict[str, tuple[str | None, str]] = {
    "uq_declined_form_kind_nominative": ("nominative", "Формы этого имени или должности уже есть."),
    "uq_paper_template_paper": (None, "Шаблон этого документа только что загрузил кто-то другой. Обновите страницу."),
    "uq_personal_file_agency_id_graduate_id": (
        "graduate_id",
        "Личное дело этого человека в организации уже есть.",
    ),
    "uq_personal_file_agency_id_number": (None, "Личное дело с таким номером уже есть. Повторите действие."),
}
