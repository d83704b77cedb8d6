"""Every fault of a pack names file, line and field, and says what is wrong in a sentence."""

from pathlib import Path

import pytest

from services.regulations.faults import BrokenPacks
from services.regulations.parsing import read_pack, read_packs
from services.regulations.yamlfile import LARGEST
from tests.services.regulations.packs import PACK, line_of, pack, replaced, saved


def faults(path: Path) -> list[str]:
    with pytest.raises(BrokenPacks) as caught:
        read_pack(path)
    assert str(caught.value) == "\n".join(str(fault) for fault in caught.value.faults)
    return [str(fault) for fault in caught.value.faults]


def test_a_whole_pack_is_read(tmp_path: Path) -> None:
    found = pack(tmp_path)
    assert found.code == "small"
    assert found.rows == ("SML-01", "SML-02")
    assert [rule.code for rule in found.rules] == ["A01", "A02"]
    assert found.rules[0].terms.opens == (9, 1)
    assert found.rules[0].heading == "Начало"
    assert [(element.section, element.code) for element in found.elements] == [
        ("regulation", "small"),
        ("roles", "lead"),
        ("rules", "A01"),
        ("rules", "A02"),
        ("records", "places"),
        ("pages", "cards"),
    ]


def test_the_digest_is_of_what_is_said_not_of_how_it_is_written(tmp_path: Path) -> None:
    same = replaced("short_title: Небольшой\n  territory: Край", "territory: 'Край'\n  short_title: Небольшой")
    assert pack(tmp_path, f"# A comment.\n{same}").digest == pack(tmp_path).digest
    assert pack(tmp_path, replaced("territory: Край", "territory: Округ")).digest != pack(tmp_path).digest


# What stands in place of what, in the line with what, under which field, and what is said of it.
WRONG = [
    ("opens: ", "opens_: ", "opens_: ", "rules[0].opens_", "такого поля нет: возможно, «opens»."),
    ('    opens: "09-01"\n', "", "- code: A01", "rules[0].opens", "поля нет, а оно обязательно: добавьте его."),
    ('"09-15"', '"02-30"', "closes: ", "rules[0].closes", "дня «02-30» нет: нужен день календаря в виде 09-25"),
    ('"09-15"', "15 сентября", "closes: ", "rules[0].closes", "дня «15 сентября» нет"),
    ("2024-01-01", "2024-02-30", "in_force_from", "regulation.in_force_from", "дня «2024-02-30» нет"),
    ("2024-01-01", "01.01.2024", "in_force_from", "regulation.in_force_from", "дня «01.01.2024» нет"),
    ("kind: window", "kind: windw", "kind: windw", "rules[0].kind", "«windw» не подходит: возможно, «window»."),
    ("kind: guardianship", "kind: опека", "kind: опека", "rules[0].obliged.kind", "значение «опека» не подходит"),
    ("[college]", "[school]", "[school]", "rules[1].obliged.kind[0]", "значение «school» не подходит"),
    ("period: quarter", "period:", "    period:", "rules[1].period", "значение не указано; есть: month,"),
    ("period: quarter", "period: month\n    at_least: 2", "at_least", "rules[1].at_least", "поле не относится"),
    ('clause: "2"', "clause: 2", "clause: 2", "rules[1].clause", "значение другого вида, нужно: текст (число"),
    ("code: A01", "code: T5", "code: T5", "rules[0].code", "значение «T5» не подходит: код правила пишут как A05"),
    ("code: places", "code: Районы", "Районы", "records[0].code", "значение «Районы» не подходит: код пишут строчными"),
    ("rows: [SML-02]", "rows: [SML2]", "SML2", "clauses[1].rows[0]", "строку требований пишут как VOL-26"),
    ("rows: [SML-02]", "rows: SML-02", '"2", heading', "clauses[1].rows", "значение другого вида, нужно: список."),
    ("[{role: lead}]", "[{role: lead, text: он}]", "text: он", "rules[0].recipients[0]", "ровно одно из полей: kind,"),
    ("{role: lead}", "{text: тот, кто просил}", "кто просил", "rules[0].recipients[0].кто просил", "возьмите весь"),
    ("Край", "Край" * 50, "territory", "regulation.territory", "текст длиннее 160 знаков (сейчас 200)"),
    ("title: ведущий", "title: ''", "code: lead", "roles[0].title", "текст пуст"),
    ("[agency_district]", "[]", "code: places", "records[0].binds", "в списке меньше, чем нужно: не меньше 1."),
    ("[SML-01]}\n  - {number", "[SML-01, SML-01]}\n  - {number", "SML-01, ", "clauses[0].rows", "есть повторы"),
    ("clause: \"1\"\n", "clause: {number: '1', occurrence: 0}\n", "occur", "rules[0].clause.occurrence", "0 меньше"),
    ("evidence: report", "soon: 1000\n    evidence: report", "soon", "rules[1].soon", "1000 больше допустимого"),
    ("evidence: report", "early: yes", "early", "rules[1].early", "поле не относится к такому правилу"),
    ("territory: Край", "territory: Край\n  territory: Край", "", "regulation.territory", "поле записано дважды"),
    ("territory: Край", "territory: &a Край", "&a", "regulation.territory", "ссылки (& и *) не поддерживаются"),
    ("territory: Край", "territory: !!python/name:os.system", "!!", "regulation.territory", "указание типа «tag:yaml"),
    ("territory: Край", "? [a]\n  : b", "? [a]", "regulation", "имя поля должно быть одним словом."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "field", "told"), WRONG)
def test_a_fault_names_file_line_and_field(tmp_path: Path, old: str, new: str, at: str, field: str, told: str) -> None:
    text = replaced(old, new)
    line = line_of(at, text) if at else [n for n, row in enumerate(text.splitlines(), 1) if "territory" in row][-1]
    found = [fault for fault in faults(saved(tmp_path, text)) if f"поле {field}:" in fault]
    assert len(found) == 1, faults(saved(tmp_path, text))
    assert found[0].startswith(f"small.yaml, строка {line}, поле {field}: ")
    assert told in found[0]
    assert found[0].endswith(".")


def test_all_faults_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = replaced("kind: window", "kind: door")
    text = replaced("period: quarter", "period: decade", text)
    text = replaced("territory: Край", "region: Край", text)
    found = faults(saved(tmp_path, text))
    lines = [int(fault.split("строка ")[1].split(",")[0]) for fault in found]
    assert lines == sorted(lines)
    for field in ("regulation.region", "regulation.territory", "rules[0].kind", "rules[1].period"):
        assert any(f"поле {field}:" in fault for fault in found)


def test_faults_of_several_files_are_told_together(tmp_path: Path) -> None:
    first = saved(tmp_path, replaced("kind: window", "kind: door"), "first.yaml")
    second = saved(tmp_path, "", "second.yaml")
    with pytest.raises(BrokenPacks) as caught:
        read_packs([first, second])
    assert {fault.file for fault in caught.value.faults} == {"first.yaml", "second.yaml"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "small.yaml: файл пуст."),
        (b" \n\n", "small.yaml: файл пуст."),
        (b"# nothing\n", "в файле нет ничего, кроме примечаний."),
        (PACK.encode("cp1251"), "small.yaml, строка 3: файл не в кодировке UTF-8: сохраните его в UTF-8."),
        (PACK.encode("utf-16"), "small.yaml, строка 1: файл не в кодировке UTF-8: сохраните его в UTF-8."),
        (PACK.replace("  code: small", "\tcode: small").encode(), "small.yaml, строка 2: отступ сделан табуляцией"),
        (b"regulation: {code: x\n", "small.yaml, строка 1: запись YAML нарушена"),
        (b"a: 'x\n", "small.yaml, строка 1: запись YAML нарушена"),
        (b"a: 1\nb: \x07\n", "small.yaml, строка 2: запись YAML нарушена"),
        (b"- a\n- b\n", "small.yaml, строка 1: значение другого вида, нужно: группа полей."),
        (b"a: 1\n---\nb: 1\n", "small.yaml, строка 2: в файле несколько документов"),
        (b"[" * 100_000, "слишком много вложенных уровней."),
        (b"#" * (LARGEST + 1), "small.yaml: файл больше 1000 КБ: это не пакет регламента."),
    ],
)
def test_a_file_that_is_no_pack_is_refused_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(content)
    found = faults(path)
    assert any(told in fault for fault in found), found


def test_a_mark_of_byte_order_and_windows_lines_are_no_faults(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + PACK.replace("\n", "\r\n").encode())
    assert read_pack(path).digest == pack(tmp_path).digest


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path / "none.yaml") == ["none.yaml: файл не найден или не читается."]
    assert faults(tmp_path) == [f"{tmp_path.name}: файл не найден или не читается."]
