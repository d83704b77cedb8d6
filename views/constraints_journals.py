"""What the database refuses about journals and their counters, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "counts_upwards": ("last_number", "Последний номер журнала не может быть меньше начального."),
    "starts_at_one_or_later": ("starts_after", "Последний номер бумажного журнала не может быть меньше нуля."),
    "has_code_and_title": ("code", "Заполните индекс и заголовок дела."),
    "kept_1_to_100_years": ("keep_years", "Срок хранения: от 1 до 100 лет."),
    "journal_is_not_blank": ("journal", "Выберите журнал из списка."),
}
UNIQUE: dict[str, tuple[str | None, str]] = {
    "uq_file_index_agency_id_code": ("code", "Дело с таким индексом уже есть."),
}
