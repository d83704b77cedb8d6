from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, inspect, select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer, visible_to
from models.circumstances import Situation
from models.context import Actor, act_as
from models.graduates import Graduate, Sex
from models.imports import BatchState, ImportBatch, ImportRow, PossibleDuplicate
from models.support import Problem
from models.territory import Agency
from models.users import User
from models.work import Consultation
from services import numbering
from services.importing.parsed import ParsedForm
from services.importing.rows import read_form
from services.imports import batches
from services.imports.batches import apply_draft, discard_draft, import_file, keep_draft
from services.imports.plan import ImportPlan, plan_import
from services.imports.states import ImportRefused, agencies_for, batches_of, may_import
from services.imports.undoing import undo_import
from tests.factories import Cast, make_graduate
from tests.services.importing.builders import FORM_1, ON, row, table, xlsx

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LATER = date(2027, 2, 5)
LIMIT = 25 * 1024 * 1024


class Desk:
    """One user at the import page."""

    def __init__(self, session: Session, user: User, agency: Agency) -> None:
        self.session, self.user, self.agency = session, user, agency
        act_as(session, Actor.of(user, NOW))

    @property
    def viewer(self) -> Viewer:
        return Viewer.of(self.session, self.user, ON)

    def parsed(self, data: bytes, on: date = ON) -> ParsedForm:
        return read_form(data, file_name="форма.xlsx", form=FORM_1, on=on)

    def plan(self, rows: Sequence[Sequence[Any]], on: date = ON) -> ImportPlan:
        return plan_import(
            self.session, viewer=self.viewer, agency=self.agency, parsed=self.parsed(xlsx(rows), on), on=on
        )

    def load(self, rows: Sequence[Sequence[Any]], on: date = ON) -> tuple[ImportBatch, ImportPlan]:
        data = xlsx(rows)
        result = import_file(
            self.session, viewer=self.viewer, agency=self.agency, parsed=self.parsed(data, on), data=data, now=NOW
        )
        self.session.commit()
        self.session.expire_all()
        return result

    def draft(self, rows: Sequence[Sequence[Any]]) -> ImportBatch:
        data = xlsx(rows)
        batch = keep_draft(
            self.session, viewer=self.viewer, agency=self.agency, parsed=self.parsed(data), data=data, now=NOW
        )
        self.session.commit()
        return batch

    def apply(self, batch: ImportBatch) -> ImportPlan:
        plan = apply_draft(self.session, batch=batch, viewer=self.viewer, now=NOW, max_bytes=LIMIT)
        self.session.commit()
        self.session.expire_all()
        return plan

    def card(self, last_name: str = "Берёзкина") -> Graduate:
        return self.session.scalars(select(Graduate).where(Graduate.last_name == last_name)).one()


@pytest.fixture
def desk(session: scoped_session[Session], cast: Cast) -> Desk:
    """Boris's, the opeka officer of Sokol."""
    return Desk(session(), cast.boris, cast.opeka)


@pytest.fixture
def statements(session: scoped_session[Session]) -> Iterator[list[str]]:
    """Every SQL statement as it is sent."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def outcomes(plan: ImportPlan) -> list[str]:
    return [row.outcome for row in plan.rows]


def changes(plan: ImportPlan) -> list[tuple[str, str, str]]:
    return [(change.heading, change.old, change.new) for row in plan.rows for change in row.changes]


# -- The dry run -----------------------------------------------------------------------------------------------------


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    before = desk.session.scalar(select(func.count(Graduate.id)))
    assert outcomes(desk.plan(table({}, {"name": ""}, {}))) == ["create", "error", "duplicate"]
    assert not desk.session.new
    assert not desk.session.dirty
    assert desk.session.scalar(select(func.count(Graduate.id))) == before


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    rows = table({}, {"name": "Ким Яна", "problems": "нет"}, {"name": "Орлов Ян", "problems": "1) долги 2) жильё"})
    assert outcomes(desk.load(rows)[1]) == ["create"] * 3
    assert outcomes(desk.plan(rows)) == ["unchanged"] * 3
    assert outcomes(desk.load(rows)[1]) == ["unchanged"] * 3


@pytest.mark.parametrize(
    ("cell", "text", "heading"),
    [
        ("employment", "ООО «Северный лес», разнорабочий", "Трудоустройство"),
        ("family", "замужем, 1 ребенок", "Семейное положение"),
        ("housing", "общежитие", "Обеспеченность жильем"),
        ("address", "Вологодская обл., г. Кадников, ул. Новая, д. 1", "Адрес места пребывания"),
        ("education", "окончила БПОУ ВО «Приозёрский колледж»", "Образование"),
        ("profession", "Сварщик", "Профессия"),
        ("problems", "Долги", "Существующие проблемы"),
        ("work_done", "Беседы", "Проводимая работа специалиста по решению проблемы выпускника"),
        ("stays", "14.08.2014 г-29.09.2023", "Сроки пребывания в приемной семье"),
    ],
)
def test_one_changed_cell_is_one_difference_and_then_none(desk: Desk, cell: str, text: str, heading: str) -> None:
    desk.load(table({}))
    changed = table({cell: text})
    [(found, old, new)] = changes(desk.plan(changed, LATER))
    assert (found, new) == (heading, text)
    assert old == row()[list(table({})[0]).index(heading)]
    assert outcomes(desk.load(changed, LATER)[1]) == ["update"]
    assert outcomes(desk.plan(changed, LATER)) == ["unchanged"]


def test_an_empty_cell_never_erases(desk: Desk) -> None:
    desk.load(table({}))
    only_name = [["ФИО", "Дата рождения"], ["Берёзкина Любовь Ринатовна", "29.09.2005"]]
    assert outcomes(desk.plan(only_name, LATER)) == ["unchanged"]
    blank = dict.fromkeys(("education", "profession", "employment", "family", "housing", "address", "problems"), "-")
    assert outcomes(desk.plan(table(blank), LATER)) == ["unchanged"]


@pytest.mark.parametrize("name", ["БЕРЕЗКИНА ЛЮБОВЬ РИНАТОВНА", " берёзкина  Любовь\xa0Ринатовна"])
def test_spelling_makes_nobody_new(desk: Desk, name: str) -> None:
    desk.load(table({}))
    assert outcomes(desk.plan(table({"name": name}))) == ["unchanged"]
    assert desk.card().last_name == "Берёзкина"


def test_another_birth_date_is_another_person(desk: Desk) -> None:
    desk.load(table({}))
    assert outcomes(desk.plan(table({"birth_date": "30.09.2005"}))) == ["create"]


def with_snils(snils: str, **cells: Any) -> list[list[Any]]:
    rows = table(cells)
    return [[*rows[0], "СНИЛС"], [*rows[1], snils]]


def test_snils_knows_a_person_who_has_married(desk: Desk) -> None:
    desk.load(with_snils("112-233-445 95"))
    married = with_snils("112-233-445 95", name="Орлова Любовь Ринатовна")
    plan = desk.plan(married)
    assert changes(plan) == [("ФИО", "Берёзкина Любовь Ринатовна", "Орлова Любовь Ринатовна")]
    desk.load(married)
    assert desk.card("Орлова").former_names == "Берёзкина"
    assert outcomes(desk.plan(married)) == ["unchanged"]


def test_another_snils_is_another_person(desk: Desk) -> None:
    desk.load(with_snils("112-233-445 95"))
    assert outcomes(desk.plan(with_snils("087-654-303 00"))) == ["create"]


def test_a_snils_that_was_not_known_is_an_update(desk: Desk) -> None:
    desk.load(table({}))
    assert changes(desk.plan(with_snils("112-233-445 95"))) == [("СНИЛС", "", "11223344595")]


def test_an_address_without_a_district_is_a_warning(desk: Desk) -> None:
    plan = desk.plan(table({}, {"name": "Ким Яна", "address": "г. Неизвестный, д. 1"}))
    assert [[message.column for message in row.parsed.messages] for row in plan.rows] == [
        [],
        ["Адрес места пребывания"],
    ]
    assert outcomes(plan) == ["create", "create"]


def test_the_number_of_statements_does_not_grow_with_the_file(desk: Desk, statements: list[str]) -> None:
    def count(people: int) -> int:
        names = [{"name": f"Орлов Ян {'И' * n}"} for n in range(1, people + 1)]
        rows = table(*names)
        desk.load(rows)
        desk.session.commit()
        statements.clear()
        assert set(outcomes(desk.plan(rows))) == {"unchanged"}
        return len(statements)

    count(2)
    assert count(5) == count(60)


# -- What is written -------------------------------------------------------------------------------------------------


def test_a_created_card_holds_everything_that_was_said(desk: Desk, cast: Cast) -> None:
    desk.load(table({}))
    card = desk.card()
    assert (card.agency_id, card.origin_district_id, card.district_id) == (cast.opeka.id, cast.sokol.id, cast.sokol.id)
    assert card.sex is Sex.FEMALE
    assert [(p.form_code, str(p.starts_on), str(p.ends_on)) for p in card.placements] == [
        ("foster_family", "2014-08-14", "2023-09-28")
    ]
    [study] = card.studies
    assert (study.level_code, study.status_code, study.course) == ("basic", "studying", 2)
    assert (study.organisation, study.profession) == ("БПОУ ВО «Приозёрский колледж»", "Повар, кондитер")
    assert (card.employments[0].status_code, card.employments[0].wording) == ("studying", "не работает, учится")
    assert (card.family_statuses[0].status_code, card.family_statuses[0].children) == ("single", 0)
    assert card.housings[0].status_code == "waiting_list"
    assert {fact.starts_on for fact in (*card.employments, *card.housings, *card.addresses)} == {ON}
    assert not card.housings[0].is_start_known
    [problem] = card.problems
    assert (problem.description, problem.kind_code, problem.source_code) == ("Трудности с учебой", "study", "form")
    assert [(s.problems, s.work_done) for s in card.situations] == [
        ("Трудности с учебой", "Направлена в центр занятости")
    ]
    assert [r.agency_id for r in card.responsibilities] == [cast.opeka.id]
    assert card.current_housing_code == "waiting_list"
    assert card.open_problems == 1


def test_no_problems_are_kept_as_text_and_open_none(desk: Desk) -> None:
    desk.load(table({"problems": "нет"}))
    assert desk.card().problems == []
    assert desk.card().situations[0].problems == "нет"


def test_an_update_keeps_what_was_before_as_history(desk: Desk) -> None:
    desk.load(table({}))
    desk.load(table({"employment": "ООО «Лес», вальщик"}), LATER)
    facts = desk.card().employments
    assert [(fact.starts_on, fact.status_code, fact.organisation, fact.position) for fact in facts] == [
        (ON, "studying", "", ""),
        (LATER, "employed", "ООО «Лес»", "вальщик"),
    ]
    assert desk.card().current_employment_code == "employed"


def test_a_correction_of_the_same_day_makes_no_second_fact(desk: Desk) -> None:
    desk.load(table({}))
    desk.load(table({"employment": "безработная", "address": "г. Сокол, ул. Новая, д. 2", "work_done": "Беседы"}))
    card = desk.card()
    assert [fact.status_code for fact in card.employments] == ["none"]
    assert card.current_employment_code == "none"
    assert [fact.text for fact in card.addresses] == ["г. Сокол, ул. Новая, д. 2"]
    assert [s.work_done for s in card.situations] == ["Беседы"]


def test_an_older_file_does_not_change_what_is_true_now(desk: Desk) -> None:
    desk.load(table({}), LATER)
    desk.load(table({"employment": "безработная"}))
    assert desk.card().current_employment_code == "studying"


def test_problems_that_the_form_no_longer_names_are_resolved_others_stay(desk: Desk) -> None:
    desk.load(table({"problems": "Долги; Нет паспорта"}))
    card = desk.card()
    card.problems.append(Problem(description="Одиночество", found_on=ON, source_code="own_work"))
    desk.session.commit()
    desk.load(table({"problems": "Нет паспорта; Пропуски занятий"}), LATER)
    found = {p.description: (p.kind_code, p.resolved_on) for p in desk.card().problems}
    assert found == {
        "Долги": ("income", LATER),
        "Нет паспорта": ("documents", None),
        "Одиночество": (None, None),
        "Пропуски занятий": ("study", None),
    }
    assert outcomes(desk.plan(table({"problems": "Нет паспорта; Пропуски занятий"}), LATER)) == ["unchanged"]


def test_a_further_stay_is_added_and_none_is_taken_away(desk: Desk) -> None:
    desk.load(table({}))
    desk.load(table({"stays": "01.02.2008-03.04.2010"}), LATER)
    two = desk.card().placements
    assert [p.starts_on.year for p in two] == [2014] or len(two) == 2
    more = "14.08.2014-28.09.2023; 01.02.2008-03.04.2010; с 01.10.2023 по н.в."
    desk.load(table({"stays": more}), LATER)
    assert [(p.starts_on.year, p.ends_on) for p in desk.card().placements] == [
        (2008, date(2010, 4, 3)),
        (2014, date(2023, 9, 28)),
        (2023, None),
    ]


def test_what_somebody_wrote_on_the_card_is_compared_as_the_form_prints_it(desk: Desk) -> None:
    card = make_graduate(desk.session, "Ким Яна Олеговна", birth_date=date(2006, 6, 19), agency_id=desk.agency.id)
    card.situations.append(Situation(starts_on=ON, problems="", work_done="Беседы"))
    desk.session.commit()
    rows = table({"name": "Ким Яна Олеговна", "birth_date": "19.06.2006", "work_done": "Беседы"})
    assert "Проводимая работа" not in str(changes(desk.plan(rows)))


# -- Whom one sees ---------------------------------------------------------------------------------------------------


def foreign_row() -> list[list[Any]]:
    return table({"name": "Тихонов Марк", "birth_date": "29.02.2004", "family": "холост"})


def test_a_match_out_of_sight_discloses_nothing_and_goes_to_the_coordinator(desk: Desk, cast: Cast) -> None:
    batch, plan = desk.load(foreign_row())
    assert outcomes(plan) == ["create"]
    assert {"of_row", "changes", "other", "strangers"} & set(plan.rows[0].as_json()) == set()
    assert plan.rows[0].as_json()["messages"] == []
    [pair] = desk.session.scalars(select(PossibleDuplicate))
    assert pair.other_id == cast.foreign.id
    assert pair.graduate.agency_id == cast.opeka.id
    undo_import(desk.session, batch=batch, now=NOW)
    desk.session.commit()
    assert desk.session.scalars(select(PossibleDuplicate)).all() == []


def test_the_people_are_in_the_officers_list_and_in_no_other_districts(desk: Desk, cast: Cast) -> None:
    desk.load(table({}))
    card = desk.card()

    def sees(user: User) -> bool:
        viewer = Viewer.of(desk.session, user, ON)
        return desk.session.scalar(select(Graduate.id).where(Graduate.id == card.id, visible_to(viewer))) is not None

    assert [sees(user) for user in (cast.boris, cast.vera, cast.anna, cast.kira, cast.root)] == [
        *(True, False, False, True, True),
    ]


def test_a_card_that_one_may_only_read_is_an_error(desk: Desk, cast: Cast) -> None:
    desk.load(table({}))
    anna = Desk(desk.session, cast.anna, cast.service)
    card = desk.card()
    card.responsibilities[0].agency_id = cast.service.id
    card.responsibilities[0].ends_on = ON
    desk.session.commit()
    assert outcomes(anna.plan(table({}))) == ["unchanged"]
    plan = anna.plan(table({"employment": "безработная"}))
    assert outcomes(plan) == ["error"]
    assert "ведёт её другая организация" in plan.rows[0].parsed.messages[-1].text


def test_a_removed_card_is_nobodys(desk: Desk) -> None:
    desk.load(table({}))
    desk.card().deleted_at = NOW
    desk.session.commit()
    assert outcomes(desk.plan(table({}))) == ["create"]


def test_who_may_import_for_whom(desk: Desk, cast: Cast) -> None:
    def may(user: User, agency: Agency) -> bool:
        return may_import(Viewer.of(desk.session, user, ON), agency.id)

    assert [may(user, user.agency) for user in (cast.anna, cast.boris, cast.galina, cast.kira, cast.root)] == [
        *(True, True, True, False, True),
    ]
    assert [may(user, cast.other_opeka) for user in (cast.anna, cast.boris, cast.galina, cast.kira, cast.root)] == [
        *(False, False, False, False, True),
    ]
    cast.centre.is_data_bank_operator = True
    assert may(cast.kira, cast.other_opeka)


def test_drafts_are_their_authors_and_batches_their_agencys(desk: Desk, cast: Cast) -> None:
    draft = desk.draft(table({}))

    def listed(user: User) -> list[int]:
        return list(desk.session.scalars(select(ImportBatch.id).where(batches_of(Viewer.of(desk.session, user, ON)))))

    assert (listed(cast.boris), listed(cast.vera), listed(cast.root)) == ([draft.id], [], [])
    desk.apply(draft)
    assert (listed(cast.boris), listed(cast.vera), listed(cast.root)) == ([draft.id], [], [draft.id])
    assert listed(cast.kira) == []


def test_the_agencies_on_offer_are_those_one_may_import_for(desk: Desk, cast: Cast) -> None:
    def offered(user: User) -> set[str]:
        return {agency.code for agency in agencies_for(desk.session, viewer=Viewer.of(desk.session, user, ON))}

    assert (offered(cast.anna), offered(cast.boris), offered(cast.kira)) == ({"service"}, {"opeka-sokol"}, set())
    assert {"service", "opeka-sokol", "opeka-totma"} <= offered(cast.root)


# -- Batches ---------------------------------------------------------------------------------------------------------


def test_a_draft_keeps_the_file_and_what_it_would_do(desk: Desk) -> None:
    rows = table({}, {"name": ""})
    batch = desk.draft(rows)
    assert batch.state is BatchState.DRAFT
    assert batch.file[:2] == b"PK"
    assert {**batch.summary, "notes": []} == {
        "create": 1,
        "update": 0,
        "unchanged": 0,
        "duplicate": 0,
        "error": 1,
        "notes": [],
    }
    assert [(r.row, r.outcome) for r in batch.rows] == [(2, "create"), (3, "error")]
    assert desk.session.scalar(select(Graduate.id).where(Graduate.last_name == "Берёзкина")) is None


def test_a_draft_is_applied_once(desk: Desk) -> None:
    batch = desk.draft(table({}))
    desk.apply(batch)
    assert batch.state is BatchState.APPLIED
    assert [r.graduate_id for r in batch.rows] == [desk.card().id]
    with pytest.raises(ImportRefused, match="уже загружен"):
        desk.apply(batch)


def test_a_draft_is_compared_anew_when_it_is_applied(desk: Desk) -> None:
    first, second = desk.draft(table({})), desk.draft(table({}))
    assert outcomes(desk.apply(first)) == ["create"]
    assert outcomes(desk.apply(second)) == ["unchanged"]


def test_a_draft_is_thrown_away(desk: Desk) -> None:
    batch = desk.draft(table({}))
    discard_draft(desk.session, batch=batch)
    desk.session.commit()
    assert desk.session.scalar(select(func.count(ImportBatch.id))) == 0
    assert desk.session.scalar(select(func.count(ImportRow.id))) == 0


def test_an_applied_batch_is_not_thrown_away(desk: Desk) -> None:
    batch, _ = desk.load(table({}))
    with pytest.raises(ImportRefused):
        discard_draft(desk.session, batch=batch)


def test_killed_in_the_middle_nothing_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = desk.draft(table({}, {"name": "Ким Яна"}))
    before = desk.session.scalar(select(func.count(Graduate.id)))

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(batches, "_store_rows", die)
    with pytest.raises(KeyboardInterrupt):
        apply_draft(desk.session, batch=batch, viewer=desk.viewer, now=NOW, max_bytes=LIMIT)
    desk.session.rollback()
    assert desk.session.scalar(select(func.count(Graduate.id))) == before
    assert desk.session.get_one(ImportBatch, batch.id).state is BatchState.DRAFT


def test_a_row_with_an_error_does_not_stop_the_others(desk: Desk) -> None:
    _, plan = desk.load(table({"birth_date": "31.02.2004"}, {"name": "Ким Яна"}))
    assert outcomes(plan) == ["error", "create"]
    assert plan.has_errors
    assert desk.card("Ким")


# -- Undoing ---------------------------------------------------------------------------------------------------------


def card_as_text(card: Graduate) -> list[dict[str, str]]:
    facts = [*card.placements, *card.studies, *card.employments, *card.family_statuses, *card.housings]
    facts += [*card.addresses, *card.situations, *card.problems]
    skipped = {"version", "updated_at"}
    names = {record: inspect(type(record)).column_attrs.keys() for record in (card, *facts)}
    return [{name: str(getattr(record, name)) for name in names[record] if name not in skipped} for record in names]


def test_undoing_takes_created_cards_away(desk: Desk) -> None:
    batch, _ = desk.load(table({}))
    assert undo_import(desk.session, batch=batch, now=NOW) == 1
    desk.session.commit()
    assert batch.state is BatchState.UNDONE
    assert batch.undone_by_id == desk.user.id
    assert desk.card().deleted_at == NOW
    assert outcomes(desk.plan(table({}))) == ["create"]


@pytest.mark.parametrize("on", [ON, LATER])
def test_undoing_leaves_changed_cards_as_they_were(desk: Desk, on: date) -> None:
    desk.load(with_snils("112-233-445 95", problems="Долги; Нет паспорта"))
    before = card_as_text(desk.card())
    changed = with_snils(
        "112-233-445 95",
        name="Орлова Любовь Ринатовна",
        stays="15.08.2014 г-29.09.2023",
        education="окончила колледж",
        profession="Сварщик",
        employment="ООО «Лес», вальщик",
        family="замужем",
        housing="общежитие",
        address="г. Тотьма, д. 1",
        problems="Долги; Пропуски",
        work_done="Беседы",
    )
    batch, plan = desk.load(changed, on)
    assert len(plan.rows[0].changes) == 9
    assert card_as_text(desk.card("Орлова")) != before
    undo_import(desk.session, batch=batch, now=NOW)
    desk.session.commit()
    desk.session.expire_all()
    assert card_as_text(desk.card()) == before


def test_undoing_is_refused_once_somebody_has_changed_a_card(desk: Desk) -> None:
    batch, _ = desk.load(table({}, {"name": "Ким Яна"}))
    desk.card().note = "Позвонить"
    desk.session.commit()
    with pytest.raises(ImportRefused, match=r"строки файла 2, всего 1"):
        undo_import(desk.session, batch=batch, now=NOW)
    desk.session.rollback()
    assert desk.card("Ким").deleted_at is None
    assert desk.session.get_one(ImportBatch, batch.id).state is BatchState.APPLIED


def test_undoing_is_refused_once_a_journal_speaks_of_a_new_card(desk: Desk) -> None:
    batch, _ = desk.load(table({}, {"name": "Ким Яна"}))
    talk = Consultation(agency_id=desk.user.agency_id, graduate_id=desk.card("Ким").id, held_on=ON, topic="Учёба")
    talk.created_at = NOW
    numbering.assign(desk.session, record=talk, on=ON)
    desk.session.add(talk)
    desk.session.commit()
    with pytest.raises(ImportRefused, match=r"записи сопровождения \(строки файла 3\)"):
        undo_import(desk.session, batch=batch, now=NOW)


def test_undoing_is_refused_after_a_later_import_of_the_same_person(desk: Desk) -> None:
    first, _ = desk.load(table({}))
    second, _ = desk.load(table({"employment": "безработная"}), LATER)
    with pytest.raises(ImportRefused):
        undo_import(desk.session, batch=first, now=NOW)
    desk.session.rollback()
    undo_import(desk.session, batch=second, now=NOW)
    desk.session.commit()


def test_a_batch_is_undone_once_and_a_draft_never(desk: Desk) -> None:
    batch, _ = desk.load(table({}))
    undo_import(desk.session, batch=batch, now=NOW)
    desk.session.commit()
    with pytest.raises(ImportRefused, match="уже отменена"):
        undo_import(desk.session, batch=batch, now=NOW)
    desk.session.rollback()
    with pytest.raises(ImportRefused, match="ещё не загружен"):
        undo_import(desk.session, batch=desk.draft(table({"name": "Ким Яна"})), now=NOW)
