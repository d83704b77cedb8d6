import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import name_key
from services.importing.names import UnusableName, parse_name

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
WORD = st.text(LETTERS, min_size=3, max_size=10)
SURNAME = st.lists(WORD, min_size=1, max_size=2).map("-".join)


def parts(text: str) -> tuple[str, str, str]:
    name = parse_name(text)
    return name.last_name, name.first_name, name.patronymic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Сизов-Петров Артём Сергеевич", ("Сизов-Петров", "Артём", "Сергеевич")),
        ("СИЗОВ-ПЕТРОВ АРТЁМ СЕРГЕЕВИЧ", ("Сизов-Петров", "Артём", "Сергеевич")),
        ("сизов - петров артём сергеевич", ("Сизов-Петров", "Артём", "Сергеевич")),
        ("  Сизов – Петров\xa0 Артём\nСергеевич ", ("Сизов-Петров", "Артём", "Сергеевич")),
        ("Ёлкин Марк", ("Ёлкин", "Марк", "")),
        ("Ким Ян Алексеевич", ("Ким", "Ян", "Алексеевич")),
        ("Мамедов Руслан Ахмед оглы", ("Мамедов", "Руслан", "Ахмед оглы")),
        ("МАМЕДОВА ЛЕЙЛА АХМЕД КЫЗЫ", ("Мамедова", "Лейла", "Ахмед кызы")),
        ("Мамедов Руслан Ахмед-Оглы", ("Мамедов", "Руслан", "Ахмед-оглы")),
        ("Орлова Анна Мария Ивановна", ("Орлова", "Анна Мария", "Ивановна")),
        ("д'артаньян шарль", ("Д'Артаньян", "Шарль", "")),
        ("ван Дейк Анна", ("Ван Дейк", "Анна", "")),
        ("1. Орлова Анна Ивановна,", ("Орлова", "Анна", "Ивановна")),
        ("Cизoв Артём", ("Сизов", "Артём", "")),  # with Latin C and o
        ("Smith John", ("Smith", "John", "")),
    ],
)
def test_names_are_brought_to_one_form(text: str, expected: tuple[str, str, str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("Иванова (Петрова) Анна Ильинична", ("Петрова",)),
        ("Иванова (до 2020 г. Петрова) Анна Ильинична", ("Петрова",)),
        ("Иванова (ПЕТРОВА, ранее Сидорова) Анна Ильинична", ("Петрова Сидорова",)),
        ("Иванова Анна Ильинична (урожд. Орлова)", ("Орлова",)),
        ("Иванова [Орлова] Анна Ильинична", ("Орлова",)),
    ],
)
def test_a_former_name_in_brackets_is_kept_apart(text: str, former: tuple[str, ...]) -> None:
    assert parts(text) == ("Иванова", "Анна", "Ильинична")
    assert parse_name(text).former_names == former


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Не указаны"),
        ("  - ", "Не указаны"),
        ("123", "Не указаны"),
        ("Иванова", "только одно слово"),
        ("(Иванова)", "Не указаны"),
        ("Иванов И.И.", "инициалы"),
        ("Иванов И. И.", "инициалы"),
        ("Иванов И", "инициалы"),
        ("Иванова (Орлова Анна Ильинична", "только одно слово"),
    ],
)
def test_what_is_no_full_name_is_an_error(text: str, words: str) -> None:
    with pytest.raises(UnusableName, match=words):
        parse_name(text)


def test_words_in_an_unusual_order_are_doubtful() -> None:
    assert parse_name("Анна Ивановна Петрова").doubts
    assert not parse_name("Петрова Анна Ивановна").doubts


@given(last=SURNAME, first=WORD, patronymic=WORD)
def test_letter_case_and_spaces_make_no_difference(last: str, first: str, patronymic: str) -> None:
    spellings = [
        f"{last} {first} {patronymic}",
        f" {last}\xa0 {first}\n{patronymic}".upper(),
        f"{last} {first} {patronymic}".title(),
    ]
    assert len({parts(spelling) for spelling in spellings}) == 1


@given(last=SURNAME, first=WORD, patronymic=WORD | st.just(""))
def test_a_name_brought_to_form_stays_as_it_is(last: str, first: str, patronymic: str) -> None:
    once = parts(f"{last} {first} {patronymic}")
    assert parts(" ".join(once)) == once


@given(last=SURNAME, first=WORD)
def test_hyphens_and_yo_do_not_change_who_it_is(last: str, first: str) -> None:
    def key(text: str) -> str:
        return name_key(*parts(text))

    assert key(f"{last} {first}") == key(f"{last.replace('-', ' - ')} {first}".replace("ё", "е").upper())


@given(text=st.text(max_size=60))
def test_no_text_breaks_the_reader_of_names(text: str) -> None:
    try:
        name = parse_name(text)
    except UnusableName:
        return
    assert name.last_name
    assert name.first_name
