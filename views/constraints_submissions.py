"""What the database refuses about reports that are handed in, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "approved_has_digest": (None, "Контрольная сумма есть у утверждённого отчёта и только у него."),
    "approved_has_moment": (None, "Время утверждения есть у утверждённого отчёта и только у него."),
    "approved_has_name": (None, "У утверждённого отчёта должно быть имя того, кто утвердил."),
    "decided_has_moment": (None, "Время решения есть там, где оно принято."),
    "edition_is_positive": (None, "Номер редакции больше нуля."),
    "has_report_and_period": (None, "Укажите отчёт и период."),
    "later_edition_has_previous": (None, "Следующая редакция ссылается на прежнюю, первая – ни на какую."),
    "other_than_included_has_reason": ("reason", "Укажите, почему строка не войдёт в отчёт."),
    "period_ends_after_it_starts": ("period_to", "Период не может кончиться раньше, чем начался."),
    "returned_has_note": ("note", "Напишите, что исправить."),
    "sent_has_moment": (None, "Время отправки есть у отправленного отчёта и только у него."),
    "was_sent": (None, "Получатель есть только у отправленного отчёта."),
}
UNIQUE: dict[str, tuple[str | None, str]] = {
    "uq_discrepancy_first_id_second_id_person_key_column_key": (None, "Это расхождение уже в списке."),
    "uq_returned_row_recipient_id_row_id": (None, "Эта строка уже возвращена."),
    "uq_submission_agency_id_report_period_key_edition": (
        None,
        "Такую редакцию отчёта только что составил кто-то другой. Откройте список отчётов.",
    ),
    "uq_submission_draft": (None, "Черновик этого отчёта уже есть. Откройте список отчётов."),
    "uq_submission_recipient_submission_id_agency_id": (None, "Этой организации отчёт уже отправлен."),
}
