"""The three districts, the places in them and addresses as offices write them."""

from random import Random

from services.demo.names import by_frequency, pick

# code, name, short name, localities (the first is the centre).
DISTRICTS = (
    (
        "sokol",
        "Сокольский муниципальный округ",
        "Сокольский",
        ("Сокол", "Кадников", "Литега", "Марковское", "Архангельское", "Чучково", "Биряково", "Боровецкое", "Рабанга",
         "Воробьёво", "Кокошилово", "Большой Двор"),
    ),
    (
        "totma",
        "Тотемский муниципальный округ",
        "Тотемский",
        ("Тотьма", "Царева", "Варницы", "Камчуга", "Усть-Печеньга", "Погорелово", "Вожбал", "Медведево", "Великий Двор",
         "Никольское", "Мосеево", "Пятовская"),
    ),
    ("vologda", "городской округ город Вологда", "Вологда", ("Вологда", "Молочное")),
)  # fmt: skip
TOWNS = {"Сокол": "г. Сокол", "Кадников": "г. Кадников", "Тотьма": "г. Тотьма", "Вологда": "г. Вологда"}
VILLAGES = {"Молочное": "с. Молочное", "Литега": "п. Литега", "Камчуга": "п. Камчуга", "Царева": "п. Царева"}
CENTRE = {code: localities[0] for code, _, _, localities in DISTRICTS}
# People live mostly in the towns.
PLACES = {code: by_frequency(" ".join(p.replace(" ", "_") for p in places), 12) for code, _, _, places in DISTRICTS}
AREA = {"sokol": "Сокольский округ", "totma": "Тотемский округ"}
ELSEWHERE = (
    "Вологодская обл., г. Череповец",
    "Вологодская обл., г. Великий Устюг",
    "г. Ярославль",
    "г. Санкт-Петербург",
    "Архангельская обл., г. Вельск",
)
STREETS = by_frequency(
    """Советская Лесная Набережная Молодёжная Школьная Садовая Мира Победы Заводская Первомайская Комсомольская
    Октябрьская Ленина Гагарина Механизаторов Строителей Новая Зелёная Северная Полевая Пионерская Железнодорожная
    Кирова Рабочая Луговая Сосновая Береговая Парковая Центральная Труда Герцена Чернышевского"""
)


def locality(rng: Random, district: str) -> str:
    return pick(rng, PLACES[district]).replace("_", " ")


def address(rng: Random, district: str | None) -> str:
    """«Вологодская обл., г. Сокол, ул. Лесная, д. 1, кв. 5»; None: somewhere outside the three districts."""
    if district is None:
        return f"{pick(rng, ELSEWHERE)}, {_house(rng, in_town=True)}"
    place = locality(rng, district)
    if place in TOWNS:
        region = "Вологодская обл., " if rng.random() < 0.6 else ""
        return f"{region}{TOWNS[place]}, {_house(rng, in_town=True)}"
    area = f"{AREA[district]}, " if district in AREA else ""
    return f"Вологодская обл., {area}{VILLAGES.get(place, f'д. {place}')}, {_house(rng, in_town=False)}"


def _house(rng: Random, *, in_town: bool) -> str:
    street = f"ул. {pick(rng, STREETS)}, д. {1 + int(rng.random() * (90 if in_town else 30))}"
    if in_town and rng.random() < 0.12:
        street += pick(rng, ["а", "б", "/2", ", корп. 1"])
    return f"{street}, кв. {1 + int(rng.random() * 80)}" if rng.random() < (0.9 if in_town else 0.3) else street
