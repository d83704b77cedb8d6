"""References inside a pack, between packs and to the product."""

from pathlib import Path

import pytest
from flask import Flask

from reports.catalogue import REPORTS
from services.regulations.checking import check_packs, dictionaries
from services.regulations.faults import BrokenPacks
from tests.services.regulations.packs import PACK, line_of, pack, replaced

PAGES = {"graduate.index_view"}


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(BrokenPacks) as caught:
        check_packs([pack(folder, text)], endpoints=PAGES)
    return [str(fault) for fault in caught.value.faults]


def test_a_whole_pack_passes(tmp_path: Path) -> None:
    check_packs([pack(tmp_path)], endpoints=PAGES)


MORE = "\ndictionaries:\n  - {code: kinds, title: Виды, binds: [agency]}\n"
WRONG = [
    ('clause: "1"', 'clause: "9"', "rules[0].clause", "пункта 9 нет в разделе clauses."),
    ('clause: "1"', 'clause: {number: "1", occurrence: 2}', "rules[0].clause", "пункта 1 [2] нет в разделе clauses."),
    ('{number: "2"', '{number: "1"', "clauses[1].number", "пункт 1 уже есть: укажите другой occurrence."),
    ("code: A02", "code: A01", "rules[1].code", "код «A01» в этом разделе уже есть: нужен другой."),
    ("rows: [SML-02]", "rows: [SML-01]", "clauses[1].rows", "строка SML-01 объявлена не один раз (small)"),
    ("serves: [SML-02]", "serves: []", "clauses[1].rows", "строку SML-02 не обеспечивает ни один элемент"),
    ("serves: [SML-02]", "serves: [SML-02, XYZ-01]", "rules[1].serves", "строки XYZ-01 нет ни в одном пункте"),
    ("[{role: lead}]", "[{role: leader}]", "rules[0].recipients[0].role", "роли «leader» нет в разделе roles."),
    ("{kind: [college]}", "{role: lender}", "rules[1].obliged.role", "роли «lender» нет в разделе roles."),
    ("evidence: report", "evidence: report\n    report: kpi", "rules[1].report", "отчёта «kpi» нет ни в системе"),
    ("evidence: report", "evidence: report\n    instead_of: [A09]", "rules[1].instead_of", "другого правила «A09»"),
    ("evidence: report", "evidence: report\n    instead_of: [A02]", "rules[1].instead_of", "другого правила «A02»"),
    ("evidence: report", "evidence: report\n    evidence_of: [vist]", "rules[1].evidence_of", "слова «vist» нет"),
    ("evidence: report", "evidence: report\n    evidence_of: [small/7]", "rules[1].evidence_of", "слова «small/7» нет"),
    ("evidence: report", "evidence: reply\n    evidence_of: [small/note]", "rules[1].evidence_of", "«small/note» нет"),
    ("records:", "documents:\n  - {code: novels, title: Романы}\nrecords:", "documents[0].code", "«novels» нет ни в"),
    ("records:", "forms:\n  - {code: novel, title: Роман}\nrecords:", "forms[0].code", "укажите binds или planned"),
    ("records:", "forms:\n  - {code: x, title: Роман, binds: [novel]}\nrecords:", "forms[0].binds[0]", "«novel» нет"),
    ("evidence: report", "evidence: report\n    replaces: [C99]", "rules[1].replaces", "правила «C99» нет среди общих"),
    ("evidence: report", "evidence: report\n    in_force_to: 2023-12-31", "rules[1].in_force_to", "(2024-01-01)"),
    ("[agency_district]", "[agency_region]", "records[0].binds[0]", "таблицы или поля «agency_region» в базе данных"),
    ("[agency_district]", "[agency.colour]", "records[0].binds[0]", "таблицы или поля «agency.colour» в базе данных"),
    ("graduate.index_view", "graduate.index", "pages[0].binds[0]", "страницы «graduate.index» нет."),
    ("serves: []}\n", "serves: []}" + MORE, "dictionaries[0].binds[0]", "справочника «agency» нет."),
    ("records:", "reports:\n  - {code: kpi, title: Показатели}\nrecords:", "reports[0].code", "укажите planned: true."),
    ("clauses:\n", "profile: {ages: {from: 23, to: 16}}\nclauses:\n", "profile.ages", "больше возраста «до»"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _one_report_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(REPORTS, "kpi")


@pytest.mark.parametrize(("old", "new", "field", "told"), WRONG)
def test_a_wrong_reference_is_told_with_its_place(tmp_path: Path, old: str, new: str, field: str, told: str) -> None:
    text = replaced(old, new)
    found = [fault for fault in faults(tmp_path, text) if f"поле {field}:" in fault and told in fault]
    assert len(found) == 1, faults(tmp_path, text)
    line = int(found[0].split("строка ")[1].split(",")[0])
    assert 1 <= line <= len(text.splitlines())


SCALES = """
monitoring:
  indicators:
    - code: work
      title: Работа
      steps: [{value: 0, title: плохо}, {value: 2, title: хорошо}]
  scale: [{value: 0, title: плохо}, {value: 3, title: хорошо}]
  bands: [{code: low, title: низкий, from: 0, to: 2}, {code: high, title: высокий, from: 2, to: 3}]
readiness:
  spheres: [{code: money, title: Деньги}]
  scale: [{value: 0, title: нет}, {value: 3, title: да}]
"""


def test_steps_are_those_of_the_scale_and_no_sum_stands_in_two_bands(tmp_path: Path) -> None:
    found = faults(tmp_path, PACK + SCALES)
    for told in (
        "поле monitoring.indicators[0].steps: ступени должны быть те же",
        "поле monitoring.bands[1]: уровни пересекаются",
        "поле readiness.scale: готовность оценивают от 0 до 2",
    ):
        assert [fault for fault in found if told in fault], found
    assert len(found) == 3


LETTERS = """
referrals:
  - {code: request, title: Запрос, from: [college], to: [guardianship], about: none, fields: [что нужно], serves: []}
"""
HEARS = "kind: event\n    triggers: [request.received]\n    trigger_of: [{}]\n    amount: 10"


@pytest.mark.parametrize("word", ["request", "small/request"])
def test_a_term_runs_from_letters_of_a_kind(tmp_path: Path, word: str) -> None:
    text = replaced("kind: period\n    period: quarter", HEARS.format(word)) + LETTERS
    check_packs([pack(tmp_path, text)], endpoints=PAGES)


def test_a_term_runs_from_no_letters_that_are_not_there(tmp_path: Path) -> None:
    text = replaced("kind: period\n    period: quarter", HEARS.format("requests")) + LETTERS
    (found,) = faults(tmp_path, text)
    assert f"строка {line_of('trigger_of', text)}, поле rules[1].trigger_of: вида писем «requests» нет" in found


def test_the_line_is_that_of_the_reference(tmp_path: Path) -> None:
    text = replaced("[{role: lead}]", "[{role: leader}]")
    assert faults(tmp_path, text)[0].startswith(f"small.yaml, строка {line_of('leader', text)}, ")


def test_a_range_ends_after_it_begins(tmp_path: Path) -> None:
    event = "kind: event\n    triggers: [placement.ended]\n    amount: 10\n    amount_to: 10"
    text = replaced('kind: window\n    opens: "09-01"\n    closes: "09-15"', event)
    assert "поле rules[0].amount_to: промежуток" in faults(tmp_path, text)[0]


def test_planned_elements_may_name_what_is_not_built(tmp_path: Path) -> None:
    text = replaced("binds: [agency_district], serves: [SML-01]", "binds: [voyage], serves: [], planned: true")
    text = replaced("records:", "reports:\n  - {code: kpi, title: Показатели, planned: true}\nrecords:", text)
    check_packs([pack(tmp_path, text)], endpoints=PAGES)


def test_pages_are_not_looked_at_where_nobody_knows_them(tmp_path: Path) -> None:
    check_packs([pack(tmp_path, replaced("graduate.index_view", "no.such_page"))])


def test_a_row_is_declared_in_one_pack_only(tmp_path: Path) -> None:
    other = pack(tmp_path, replaced("code: small", "code: other"))
    with pytest.raises(BrokenPacks, match=r"строка SML-01 объявлена не один раз \(other, small\)"):
        check_packs([pack(tmp_path)], among=[other])


def test_a_newer_file_replaces_the_pack_of_its_code(tmp_path: Path) -> None:
    check_packs([pack(tmp_path)], among=[pack(tmp_path)])


def test_a_code_is_of_one_pack(tmp_path: Path) -> None:
    with pytest.raises(BrokenPacks, match="пакетов с кодом «small» несколько"):
        check_packs([pack(tmp_path), pack(tmp_path)])


def test_an_element_may_serve_a_row_of_another_pack(tmp_path: Path) -> None:
    text = PACK.replace("SML-", "OTH-").replace("code: small", "code: other")
    other = pack(tmp_path, replaced("serves: []", "serves: [SML-02]", text))
    check_packs([pack(tmp_path, replaced("serves: [SML-02]", "serves: []"))], among=[other])


def test_dictionaries_are_the_classifiers(app: Flask) -> None:
    assert "problem_kind" in dictionaries()
    assert "graduate" not in dictionaries()
