"""Names put together at random from common first names, patronymics and last names: nobody in particular."""

from dataclasses import dataclass
from random import Random
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FullName:
    last: str
    first: str
    patronymic: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.patronymic) if part)


def by_frequency(words: str, steepness: int = 4) -> list[str]:
    """Every word as often as its place in the list suggests: the first about `steepness` times as often as the last."""
    items = words.split()
    repeated: list[str] = []
    for place, item in enumerate(items):
        repeated += [item] * round(1 + (steepness - 1) * (len(items) - place) / len(items) * 2)
    return repeated


def pick(rng: Random, items: list[T] | tuple[T, ...]) -> T:
    return items[int(rng.random() * len(items))]


LAST = by_frequency(
    """Смирнов Иванов Кузнецов Соколов Попов Лебедев Козлов Новиков Морозов Петров Волков Соловьёв Васильев Зайцев
    Павлов Семёнов Голубев Виноградов Богданов Воробьёв Фёдоров Михайлов Беляев Тарасов Белов Комаров Орлов Киселёв
    Макаров Андреев Ковалёв Ильин Гусев Титов Кузьмин Кудрявцев Баранов Куликов Алексеев Степанов Яковлев Сорокин
    Сергеев Романов Захаров Борисов Королёв Герасимов Пономарёв Григорьев Лазарев Медведев Ершов Никитин Соболев Рябов
    Поляков Цветков Данилов Жуков Фролов Журавлёв Николаев Крылов Максимов Сидоров Осипов Белоусов Федотов Дорофеев
    Егоров Матвеев Бобров Дмитриев Калинин Анисимов Петухов Антонов Тимофеев Никифоров Веселов Филиппов Марков
    Большаков Суханов Миронов Ширяев Александров Коновалов Шестаков Казаков Ефимов Денисов Громов Фомин Давыдов
    Мельников Щербаков Блинов Колесников Карпов Афанасьев Власов Маслов Исаков Тихонов Аксёнов Гаврилов Родионов Котов
    Горбунов Кудряшов Быков Зуев Третьяков Савельев Панов Рыбаков Суворов Абрамов Воронов Мухин Архипов Трофимов
    Мартынов Емельянов Горшков Чернов Овчинников Селезнёв Панфилов Копылов Михеев Галкин Назаров Лобанов Лукин Беляков
    Потапов Некрасов Хохлов Жданов Наумов Шилов Воронцов Ермаков Дроздов Игнатьев Савин Логинов Сафонов Капустин
    Кириллов Моисеев Елисеев Кошелев Костин Горбачёв Орехов Ефремов Исаев Евдокимов Калашников Кабанов Носков Юдин
    Кулагин Лапин Прохоров Нестеров Харитонов Агафонов Муравьёв Ларионов Федосеев Зимин Пахомов Шубин Игнатов Филатов
    Крюков Рогов Кулаков Терентьев Молчанов Владимиров Артемьев Гурьев Зиновьев Гришин Кононов Дементьев Ситников
    Симонов Мишин Фадеев Комиссаров Мамонтов Носов Гуляев Шаров Устинов Вишняков Евсеев Лаврентьев Брагин Константинов
    Корнилов Авдеев Зыков Бирюков Шарапов Никонов Щукин Дьячков Одинцов Сазонов Якушев Красильников Гордеев Самойлов
    Князев Беспалов Уваров Шашков Бобылёв Доронин Белозёров Рожков Самсонов Мясников Лихачёв Буров Сысоев Фомичёв
    Русаков Стрелков Гущин Тетерин Колобов Субботин Фокин Блохин Селиверстов Пестов Кондратьев Силин Меркушев Лыткин
    Туров Ёлкин Сизов Ёжиков Вологдин Кокшаров Шабалин Парфёнов Тропин Чебыкин Обухов Ожегов Вознесенский Преображенский
    Раменский Шумский Покровский Черных Седых Шевченко Бондаренко Ткаченко Мельник Коваль""",
    steepness=6,
)
MALE = by_frequency(
    """Александр Дмитрий Максим Артём Никита Иван Данил Кирилл Егор Илья Алексей Андрей Михаил Матвей Сергей Роман
    Владислав Денис Павел Антон Даниил Тимофей Владимир Ярослав Глеб Семён Евгений Николай Степан Вадим Виктор Игорь
    Руслан Константин Арсений Фёдор Олег Юрий Пётр Георгий Марк Захар Богдан Василий Савелий Лев""",
    steepness=8,
)
FEMALE = by_frequency(
    """Анастасия Мария Дарья Анна Елизавета Полина Виктория Екатерина Софья Александра Ксения Алина Валерия Вероника
    Арина Юлия Кристина Ольга Татьяна Диана Маргарита Ирина Яна Алёна Ульяна Наталья Евгения Светлана Милана Карина
    Елена Василиса Варвара Надежда Вера Любовь Оксана Ангелина Олеся Снежана Кира Лилия Злата Нина""",
    steepness=8,
)
FATHERS = [
    tuple(line.split())
    for line in """Александрович Александровна
Сергеевич Сергеевна
Алексеевич Алексеевна
Андреевич Андреевна
Дмитриевич Дмитриевна
Владимирович Владимировна
Николаевич Николаевна
Евгеньевич Евгеньевна
Иванович Ивановна
Викторович Викторовна
Олегович Олеговна
Игоревич Игоревна
Юрьевич Юрьевна
Михайлович Михайловна
Романович Романовна
Анатольевич Анатольевна
Васильевич Васильевна
Павлович Павловна
Максимович Максимовна
Денисович Денисовна
Валерьевич Валерьевна
Артёмович Артёмовна
Константинович Константиновна
Вячеславович Вячеславовна
Антонович Антоновна
Русланович Руслановна
Петрович Петровна
Геннадьевич Геннадьевна
Леонидович Леонидовна
Борисович Борисовна
Ильич Ильинична
Фёдорович Фёдоровна
Семёнович Семёновна""".splitlines()
]
# Other peoples of the country and its neighbours: last name without the Russian ending, as it is written for a man.
EASTERN_LAST = [
    "Мамедов",
    "Гусейнов",
    "Алиев",
    "Каримов",
    "Рахимов",
    "Ахметов",
    "Исмаилов",
    "Юсупов",
    "Хасанов",
    "Гасанов",
    "Садыков",
    "Умаров",
]
EASTERN_MALE = ["Эльвин", "Рашад", "Тимур", "Руслан", "Амир", "Фарид", "Ильдар", "Камиль", "Рустам", "Азамат"]
EASTERN_FEMALE = ["Лейла", "Амина", "Алина", "Диана", "Сабина", "Камила", "Гульнара", "Эльмира", "Зарина", "Фатима"]
EASTERN_FATHERS = ["Рашид", "Вагиф", "Ильгар", "Эльдар", "Тофик", "Назим", "Анвар", "Ринат", "Марат", "Фаик"]

# Long names for narrow columns, a foreign one without a patronymic.
RARE_MALE = [FullName("Нгуен", "Ван Тхань"), FullName("Цой", "Виктор", "Ен-Суевич")]
RARE_FEMALE = [FullName("Нгуен", "Тхи Лан"), FullName("Цой", "Мария-Анжела", "Александровна")]


def feminine(last: str) -> str:
    """«Смирнов» → «Смирнова», «Покровский» → «Покровская», «Черных» stays; both halves of a double name."""
    if "-" in last:
        return "-".join(feminine(half) for half in last.split("-"))
    if last.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return last + "а"
    if last.endswith(("ский", "цкий")):
        return last[:-2] + "ая"
    return last


def family_of(last: str) -> str:
    """«Лебедев» → «Лебедевых»: whose family it is."""
    if last.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return last + "ых"
    return last[:-1] + "х" if last.endswith(("ский", "цкий")) else last


def surname(rng: Random, is_male: bool) -> str:
    last = pick(rng, LAST)
    if rng.random() < 0.02:
        other = pick(rng, LAST)
        last = f"{last}-{other}" if other != last else last
    return last if is_male else feminine(last)


def full_name(rng: Random, is_male: bool) -> FullName:
    """Mostly a Russian name; some without a patronymic, some of other peoples, a few rare forms."""
    luck = rng.random()
    if luck < 0.05:
        return _eastern_name(rng, is_male)
    if luck < 0.053:
        return pick(rng, RARE_MALE if is_male else RARE_FEMALE)
    patronymic = "" if luck > 0.985 else pick(rng, FATHERS)[0 if is_male else 1]
    return FullName(surname(rng, is_male), pick(rng, MALE if is_male else FEMALE), patronymic)


def _eastern_name(rng: Random, is_male: bool) -> FullName:
    last = pick(rng, EASTERN_LAST)
    father = pick(rng, EASTERN_FATHERS)
    if rng.random() < 0.5:
        patronymic = f"{father} {'оглы' if is_male else 'кызы'}"
    else:
        patronymic = father + ("ович" if is_male else "овна")
    first = pick(rng, EASTERN_MALE if is_male else EASTERN_FEMALE)
    return FullName(last if is_male else feminine(last), first, patronymic)


def staff_name(rng: Random, is_male: bool) -> FullName:
    """A specialist: always with a patronymic."""
    first = pick(rng, MALE if is_male else FEMALE)
    last = pick(rng, LAST)
    return FullName(last if is_male else feminine(last), first, pick(rng, FATHERS)[0 if is_male else 1])
