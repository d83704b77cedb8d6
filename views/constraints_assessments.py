"""What the database refuses about monitoring, readiness and examinations, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "sent_after_it_was_made": ("sent_on", "Результат нельзя направить раньше самой оценки."),
    "valid_after_it_was_held": ("valid_until", "Заключение не может истечь раньше, чем выдано."),
    "value_is_0_to_2": (None, "Сферу готовности оценивают от 0 до 2."),
    "value_is_0_to_9": (None, "Показатель оценивают от 0 до 9."),
}
UNIQUE: dict[str, tuple[str | None, str]] = {
    "uq_monitoring_card_day": ("filled_on", "Карта за этот день уже есть: откройте её и исправьте."),
    "uq_monitoring_score_card_id_indicator": (None, "Этот показатель в карте уже оценён."),
    "uq_readiness_score_assessment_id_sphere": (None, "Эта сфера уже оценена."),
}
