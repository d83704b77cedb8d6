"""Russian captions of journals and their counters."""

TABLES: dict[str, tuple[str, dict[str, str | tuple[str, str]]]] = {
    "journal_counter": (
        "Нумерация журнала",
        {
            "journal": "Журнал",
            "year": "Год",
            "last_number": "Последний номер",
            "starts_after": "Последний номер бумажного журнала",
        },
    ),
    "file_index": (
        "Номенклатура дел",
        {
            "code": ("Индекс дела", "Например: 05-12"),
            "title": "Заголовок дела",
            "journal": ("Журнал", "Если под этим индексом хранится журнал"),
            "keep_years": ("Срок хранения, лет", "Журналы регистрации обычно хранят 5 лет"),
        },
    ),
    # A page that the log of reading names.
    "journal": ("Журнал", {}),
}
