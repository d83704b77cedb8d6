"""Russian captions of orders, state assistance and papers for a dwelling."""

Captions = dict[str, str | tuple[str, str]]

TABLES: dict[str, tuple[str, Captions]] = {
    "curator_order": (
        "Приказ о кураторе",
        {
            "graduate_id": "Выпускник",
            "kind": "Кем назначается",
            "user_id": ("Сотрудник", "Если есть в списке пользователей"),
            "name": ("Кого назначить", "ФИО; пусто – как у пользователя"),
            "position": ("Должность", "Пусто – как у пользователя"),
            "ordered_on": "Дата приказа",
            "starts_on": "Назначен с",
            "ends_on": ("По какой день", "Пусто – без срока"),
            "ground": ("Основание", "Договор, заявление"),
            "assignment_id": "Назначение",
            "year": "Год",
            "number": "Номер",
            "annulled_on": "Аннулировано",
            "annulled_reason": "Почему аннулировано",
            "annulled_by_id": "Кто аннулировал",
            "form_token": "Знак формы",
        },
    ),
    "benefit": (
        "Государственная помощь",
        {
            "graduate_id": "Выпускник",
            "agency_id": "Кто помог получить",
            "measure": ("Какая помощь", "Пособие, выплата, социальный контракт"),
            "applied_on": "Обратился",
            "recognised_on": "Признан нуждающимся",
            "decision": ("Решение", "Номер и кто принял"),
            "granted_on": "Назначена",
            "amount": ("Сумма, руб.", "Целое число"),
            "ends_on": "Выплачивается по",
            "refused_on": "Отказано",
            "refusal": "Почему отказано",
            "annulled_on": "Аннулировано",
            "annulled_reason": "Почему аннулировано",
            "form_token": "Знак формы",
        },
    ),
    "housing_document": (
        "Бумага на жильё",
        {
            "graduate_id": "Выпускник",
            "title": "Бумага",
            "state": "Состояние",
            "got_on": ("Когда собрана, сдана", "День, когда бумага получена"),
        },
    ),
    "success_verdict": (
        "Мнение об успешности",
        {
            "graduate_id": "Выпускник",
            "decided_on": "Дата",
            "is_successful": "Живёт успешно",
            "reason": "Почему",
            "form_token": "Знак формы",
        },
    ),
}
