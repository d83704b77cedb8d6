"""What the database refuses about files made in the background, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "counts_are_not_negative": (None, "Число записей не может быть меньше нуля."),
    "ended_has_moment": (None, "У законченной работы должно быть время окончания, у незаконченной его нет."),
    "failed_has_message": (None, "У несобранного файла должна быть причина."),
    "file_has_name": (None, "У файла должно быть и место, и имя."),
    "has_kind_and_title": (None, "Не указано, какой файл собрать."),
    "running_has_beat": (None, "У работы, которая выполняется, должно быть время последнего отклика."),
    "running_has_worker": (None, "У работы, которая выполняется, должен быть исполнитель."),
    "unfinished_has_no_file": (None, "Файл появляется, только когда он собран целиком."),
}
