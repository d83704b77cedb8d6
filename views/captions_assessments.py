"""Russian captions of monitoring, readiness and examinations."""

ABOUT: dict[str, str | tuple[str, str]] = {
    "graduate_id": "Выпускник",
    "agency_id": "Организация",
    "specialist_id": "Учётная запись специалиста",
    "specialist": ("Специалист", "Фамилия, имя, отчество и должность; если не указать, запишем вас"),
    "annulled_on": "Аннулировано",
    "annulled_reason": "Почему аннулировано",
    "created_at": "Когда записано",
    "created_by_id": "Кто записал",
    "form_token": "Метка формы",
}

TABLES: dict[str, tuple[str, dict[str, str | tuple[str, str]]]] = {
    "monitoring_card": (
        "Карта мониторинга",
        {**ABOUT, "filled_on": "Дата", "conclusion": ("Вывод", "Что изменилось и что делать дальше")},
    ),
    "monitoring_score": (
        "Показатель мониторинга",
        {
            "card_id": "Карта",
            "indicator": "Код показателя",
            "title": "Показатель",
            "position": "Место",
            "value": "Оценка",
            "note": "Примечание",
        },
    ),
    "readiness_assessment": (
        "Оценка готовности",
        {
            **ABOUT,
            "assessed_on": "Дата",
            "examination": ("Заключение ПМПК", "Номер и дата; видят автор, куратор, руководитель"),
            "is_final": "Итоговая оценка",
            "recommendations": ("Рекомендации", "Чему научить и кто это сделает"),
            "sent_to": ("Куда направлено", "Организация и исходящий номер"),
            "sent_on": "Когда направлено",
        },
    ),
    "readiness_score": (
        "Сфера готовности",
        {
            "assessment_id": "Оценка готовности",
            "sphere": "Сфера",
            "position": "Место",
            "value": "Оценка",
            "note": "Примечание",
        },
    ),
    "examination": (
        "Заключение ПМПК",
        {
            **ABOUT,
            "held_on": "Дата заключения",
            "number": "Номер",
            "commission": "Комиссия",
            "conclusion": "Заключение и рекомендации",
            "valid_until": ("Действует до", "Оставьте пустым, если срок не указан"),
        },
    ),
}
