"""Russian captions of files made in the background."""

Captions = dict[str, str | tuple[str, str]]

TABLES: dict[str, tuple[str, Captions]] = {
    "job": (
        "Файл, собираемый в фоне",
        {
            "kind": "Вид файла",
            "title": "Название",
            "parameters": "Что заказано",
            "owner_id": "Владелец",
            "agency_id": "Организация",
            "state": "Состояние",
            "total": "Всего записей",
            "message": "Пояснение",
            "attempts": "Попыток",
            "is_cancel_asked": "Отмена запрошена",
            "created_at": "Заказан",
            "started_at": "Сборка началась",
            "finished_at": "Сборка закончилась",
            "rights": "Отпечаток прав владельца",
            "file_name": "Имя файла",
            "file_path": "Место файла",
            "file_size": "Размер, байт",
            "sha256": "Отпечаток файла",
            "rows": "Записей в файле",
            "keep_until": "Хранится по",
        },
    ),
}
