"""Kinds of letters and councils that contradict themselves are told with their place."""

from pathlib import Path

import pytest

from services.regulations.checking import check_packs
from services.regulations.faults import BrokenPacks
from services.regulations.parsing import shipped_packs
from tests.services.regulations.packs import PACK, line_of, pack

KIND = """\
referrals:
  - code: notice
    title: Извещение
    clause: "1"
    from: [college]
    to: [guardianship]
    about: person
    fields: [{label: ФИО, source: name}, суть]
    answer_days: 3
    answer_unit: working
    urgency: immediate
    acknowledge_minutes: 30
    opens_access: true
    profile: contacts
    accepting: [problem]
    notice: true
    serves: []
bodies:
  - {code: council, title: Совет, quorum: 2/3, serves: []}
"""
LETTER = PACK + KIND


def told(folder: Path, text: str) -> list[str]:
    with pytest.raises(BrokenPacks) as caught:
        check_packs([pack(folder, text)])
    return [str(fault) for fault in caught.value.faults]


def test_a_whole_kind_passes(tmp_path: Path) -> None:
    check_packs([pack(tmp_path, LETTER)])


def test_the_shipped_kinds_pass() -> None:
    check_packs(shipped_packs())


WRONG = [
    ({"суть]": "суть, суть]"}, "fields", "поле «суть» названо дважды"),
    ({"about: person": "about: none"}, "fields[0]", "письмо ни о ком, поле «ФИО» заполнить не из чего"),
    ({"about: person": "about: none"}, "accepting", "письмо ни о ком"),
    ({"about: person": "about: none"}, "notice", "письмо ни о ком"),
    ({"about: person": "about: none"}, "opens_access", "открывать нечего"),
    ({"about: person": "about: none\n    ground: consent"}, "ground", "письмо ни о ком"),
    ({"opens_access: true": "opens_access: false"}, "profile", "доступ не открывается"),
    ({"[problem]": "[transfer]", "about: person": "about: several"}, "about", "передают одного человека"),
    ({"[problem]": "[transfer]"}, "accepting", "принявшему нужна карточка"),
    ({"notice: true": "fan_out: college_students"}, "fan_out", "отправляют только сюда: college"),
    ({"notice: true": "fan_out: served_districts"}, "fan_out", "несколько человек"),
    ({"    answer_days: 3\n": ""}, "answer_unit", "ответа письмо не ждёт"),
    ({"urgency: immediate": "urgency: normal"}, "acknowledge_minutes", "минуты считают только у немедленных"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field", "sentence"), WRONG)
def test_a_kind_that_contradicts_itself_is_told_with_its_place(
    tmp_path: Path, changes: dict[str, str], field: str, sentence: str
) -> None:
    text = KIND
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    found = told(tmp_path, PACK + text)
    assert [one for one in found if f"поле referrals[0].{field}:" in one and sentence in one], found
    assert all(one.startswith("small.yaml, строка ") for one in found)


@pytest.mark.parametrize("quorum", ["половина", "3/2", "0/2", "1/", "1", "-1/2"])
def test_a_quorum_is_a_part_of_the_members(tmp_path: Path, quorum: str) -> None:
    text = LETTER.replace("quorum: 2/3", f'quorum: "{quorum}"')
    (found,) = told(tmp_path, text)
    assert found.startswith(f"small.yaml, строка {line_of('quorum', text)}, поле bodies[0].quorum: ")


def test_the_line_is_that_of_the_field(tmp_path: Path) -> None:
    text = LETTER.replace("opens_access: true", "opens_access: false")
    (found,) = told(tmp_path, text)
    assert found.startswith(f"small.yaml, строка {line_of('profile: contacts', text)}, поле referrals[0].profile: ")


@pytest.mark.parametrize(
    ("old", "new", "field", "sentence"),
    [
        ("source: name", "source: diagnosis", ".source", "значение «diagnosis» не подходит"),
        ("{label: ФИО, source: name}", "{label: ФИО}", ".source", "поля нет, а оно обязательно"),
        ("{label: ФИО, source: name}", "3", "", "значение другого вида, нужно: текст (число"),
    ],
)
def test_a_field_that_nothing_can_fill_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, field: str, sentence: str
) -> None:
    text = LETTER.replace(old, new)
    with pytest.raises(BrokenPacks) as caught:
        pack(tmp_path, text)
    (found,) = map(str, caught.value.faults)
    assert found.startswith(f"small.yaml, строка {line_of('fields:', text)}, поле referrals[0].fields[0]{field}: ")
    assert sentence in found
