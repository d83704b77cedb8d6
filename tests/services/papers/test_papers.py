"""Every paper: of a full record and of a nearly empty one; what is masked; what stays text; what the plan marks."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from docx import Document
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer
from models.plans import PlanKind
from models.users import User
from reports.document import EMPTY, render
from reports.templates import Field, check
from services.papers.catalogue import PAPERS
from services.papers.paper import MASK
from services.papers.templates import shipped
from tests import papers_factories
from tests.conftest import TODAY
from tests.factories import Cast
from tests.papers_factories import HOSTILE, OPTIONS, RECORDS, make


def viewer(session: Session, user: User) -> Viewer:
    return Viewer.of(session, user, TODAY)


def facts_of(session: Session, user: User, code: str, record: Any) -> dict[str, Any]:
    facts, _ = PAPERS[code].context(session, viewer(session, user), record, OPTIONS.get(code))
    return facts


def text_of(paper: bytes) -> str:
    """All that stands in the paper, tables too, in the order of the page."""
    body = Document(io.BytesIO(paper)).element.body
    paragraphs = (node for node in body.iter() if node.tag.endswith("}p"))
    return "\n".join("".join(_pieces(paragraph)) for paragraph in paragraphs)


def _pieces(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag.endswith("}t"):
            yield node.text or ""
        elif node.tag.endswith("}br"):
            yield "\n"


def printed(session: Session, user: User, code: str, record: Any) -> str:
    return text_of(render(shipped(code), facts_of(session, user, code, record)))


def shape(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {field.name: shape(field.columns) if field.columns else str for field in fields}


def shape_of(facts: Any) -> Any:
    if isinstance(facts, list):
        return shape_of(facts[0]) if facts else None
    return {name: shape_of(value) for name, value in facts.items()} if isinstance(facts, dict) else type(facts)


def test_there_is_a_record_for_every_paper() -> None:
    assert set(RECORDS) == set(PAPERS)


@pytest.mark.parametrize("code", sorted(PAPERS))
def test_a_shipped_template_is_as_good_as_one_that_is_uploaded(code: str) -> None:
    check(shipped(code), PAPERS[code].fields)


@pytest.mark.parametrize("full", [True, False], ids=["full", "bare"])
@pytest.mark.parametrize("code", sorted(PAPERS))
def test_a_paper_prints_and_leaves_no_tag(session: scoped_session[Session], cast: Cast, code: str, full: bool) -> None:
    record = make(session(), cast, code, full=full)
    assert PAPERS[code].offered(record) or not full
    told = printed(session(), cast.galina, code, record)
    assert not re.search(r"\{\{|\{%|%\}|\}\}", told.replace(HOSTILE, ""))
    assert "None" not in told
    assert "[]" not in told
    assert (code in ("consent", "journal-cover")) or EMPTY in told or full


@pytest.mark.parametrize("code", sorted(PAPERS))
def test_the_facts_are_exactly_the_fields(session: scoped_session[Session], cast: Cast, code: str) -> None:
    record = make(session(), cast, code, full=True)
    facts, declared = facts_of(session(), cast.galina, code, record), shape(PAPERS[code].fields)
    assert set(facts) == set(declared)
    for name, value in facts.items():
        assert shape_of(value) in (declared[name], None), name


def test_what_looks_like_a_tag_or_markup_stays_text(session: scoped_session[Session], cast: Cast) -> None:
    record = make(session(), cast, "application", full=True)
    told = printed(session(), cast.galina, "application", record)
    assert HOSTILE in told
    assert "документы & восстановить паспорт <срочно>" in told
    assert "Прошу помочь с учёбой и жильём.\nСобрать" in told  # a line break is one in print


def test_a_name_that_is_a_tag_is_printed_as_it_is(session: scoped_session[Session], cast: Cast) -> None:
    cast.own.last_name, cast.own.first_name = "{{ 7*7 }}", "<&>\x0b"
    record = make(session(), cast, "contract", full=False)
    told = printed(session(), cast.galina, "contract", record)
    assert "{{ 7*7 }} <&> Игоревна" in told
    assert "49" not in told


def test_the_contract_says_what_the_regulations_ask_for(session: scoped_session[Session], cast: Cast) -> None:
    told = printed(session(), cast.galina, "contract", make(session(), cast, "contract", full=True))
    for words in (
        "ДОГОВОР № 5/2026",
        "в лице директора Петровой Анны Ивановны, действующего (действующей) на основании Устава",
        "меры помощи и защиты прав",
        "Обязанности и права Организации",
        "Обязанности и права Выпускника",
        "отказаться от отдельного мероприятия",
        "с 02.02.2026 по 01.02.2027 включительно",
        "Прекращение и расторжение договора",
        "контроль",
        "паспорт гражданина РФ 19 20 № 123456, выдан 01.09.2025 УМВД по Вологде, код подразделения 350-001",
        "112-233-445 95",
    ):
        assert words.lower() in told.lower(), words
    assert "даю согласие" not in told.lower()  # The consent is a sheet of its own.
    assert "Законный представитель" not in told


def test_a_minors_papers_have_a_place_for_the_guardian(session: scoped_session[Session], cast: Cast) -> None:
    cast.own.birth_date = TODAY.replace(year=TODAY.year - 17)
    for code in ("contract", "consent", "application", "plan"):
        record = make(session(), cast, code, full=False)
        assert "Законный представитель" in printed(session(), cast.galina, code, record), code


def test_the_plan_marks_what_was_refused_and_what_was_done(session: scoped_session[Session], cast: Cast) -> None:
    told = printed(session(), cast.galina, "plan", make(session(), cast, "plan", full=True))
    assert "отказ 02.04.2026, не нуждается, подписано выпускником" in told
    assert told.count("Практикум по бюджету") == 2  # among the measures and among the refusals
    assert "выполнено, 01.03.2026, полис получен" in told
    assert "3 (нет данных: 1)" not in told
    assert "6 (нет данных: 1)" in told
    assert told.index("Содействие в получении образования") < told.index("Навыки адаптации, досуг")


def test_a_programme_of_social_services_has_the_columns_of_its_own_form(
    session: scoped_session[Session], cast: Cast
) -> None:
    papers_factories.fill_person(session(), cast)
    record = papers_factories.plan(session(), cast, True, PlanKind.SOCIAL_SERVICES)
    told = printed(session(), cast.galina, "plan", record)
    assert "Объём предоставления услуги" in told
    assert "Отметка об отказе (дата" not in told


def test_the_body_of_minutes_is_for_the_author_and_the_head(session: scoped_session[Session], cast: Cast) -> None:
    record = make(session(), cast, "consultation-minutes", full=True)
    for user, reads in ((cast.anna, True), (cast.galina, True), (cast.root, False), (cast.kira, False)):
        told = printed(session(), user, "consultation-minutes", record)
        assert ("тайна беседы" in told) is reads, user.login
        assert (MASK in told) is not reads
        assert "Ёлкина Дарья Игоревна" in told


@pytest.mark.parametrize("code", ["plan", "support-card"])
def test_health_is_masked_for_those_not_named(session: scoped_session[Session], cast: Cast, code: str) -> None:
    record = make(session(), cast, code, full=True)
    assert "инвалидность III группы" in printed(session(), cast.galina, code, record)
    told = printed(session(), cast.root, code, record)
    assert "инвалидность III группы" not in told
    assert MASK in told


def test_each_purpose_has_a_consent_of_its_own(session: scoped_session[Session], cast: Cast) -> None:
    record = make(session(), cast, "consent", full=True)
    paper = PAPERS["consent"]
    sheets = {
        purpose: paper.context(session(), viewer(session(), cast.anna), record, {"purpose": purpose})[0]
        for purpose in ("support", "transfer", "photo", "health")
    }
    assert len({facts["purpose"] for facts in sheets.values()}) == 4
    told = text_of(render(shipped("consent"), sheets["health"]))
    for words in ("Оператор", "Цель обработки", "Перечень данных", "Перечень действий", "Кому передаются", "отозвать"):
        assert words in told
    assert "состоянии здоровья" in told


def test_an_annulled_record_says_so_on_its_paper(session: scoped_session[Session], cast: Cast) -> None:
    record = make(session(), cast, "application", full=True)
    record.annulled_on, record.annulled_reason = TODAY, "записано дважды"
    session.commit()
    assert "АННУЛИРОВАНО 01.10.2026: записано дважды" in printed(session(), cast.galina, "application", record)
