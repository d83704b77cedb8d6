"""Russian captions of letters between organisations."""

Captions = dict[str, str | tuple[str, str]]

TABLES: dict[str, tuple[str, Captions]] = {
    "access_grant": (
        "Доступ по письму",
        {
            "referral_id": "Письмо",
            "graduate_id": "Выпускник",
            "agency_id": "Кому открыто",
            "profile": "Что видно",
            "starts_on": "С какого дня",
            "ends_on": "По какой день",
        },
    ),
}
