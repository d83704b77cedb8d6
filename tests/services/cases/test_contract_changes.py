"""A contract in force: amended, suspended, ended by a true ground, annulled with what hangs on it; conclusions."""

from datetime import date

import pytest
from sqlalchemy.orm import Session, scoped_session

from models.cases import Contract, ContractStatus
from models.graduates import SupportStage
from models.plans import Plan, PlanKind, PlanState
from models.users import Role
from services.cases import contract_changes
from services.errors import Refused
from tests.cases_factories import by, episode_of, make_conclusion, make_contract
from tests.clock import at
from tests.services.cases.conftest import Centre

START, END = date(2025, 10, 15), date(2026, 10, 15)


@pytest.fixture
def contract(session: scoped_session[Session], centre: Centre) -> Contract:
    return make_contract(session(), centre.denis, centre.agency, START, END)


def amend(session: scoped_session[Session], contract: Contract, on: date, **more: object) -> object:
    more = {"subject": "Продлить срок", "signed_on": on} | more
    return contract_changes.amend(session(), contract=contract, by=by(contract.agency, on), **more)  # type: ignore[arg-type]


def end(session: scoped_session[Session], contract: Contract, on: date, ground: str | None, **more: str) -> None:
    contract_changes.end(
        session(), contract=contract, ended_on=on, ground_code=ground, by=by(contract.agency, on), **more
    )


def test_agreements_are_numbered_inside_the_contract_and_capped(
    session: scoped_session[Session], contract: Contract
) -> None:
    version = contract.version
    first = amend(session, contract, date(2026, 3, 1), subject="Сменить куратора")
    assert contract.version > version  # A form opened before is told of it.
    second = amend(session, contract, END, new_ends_on=date(2027, 10, 15))
    assert [one.number for one in contract.amendments] == [1, 2]
    assert (first.new_ends_on, second.old_ends_on) == (None, END)  # type: ignore[attr-defined]
    assert contract.ends_on == date(2027, 2, 3)
    assert contract_changes.amendment_warnings(session(), amendment=second) == [  # type: ignore[arg-type]
        "Срок ограничен 03.02.2027: в этот день выпускнику исполняется 23 года."
    ]
    assert contract.status_on(END) is ContractStatus.EXTENDED


@pytest.mark.parametrize(
    ("on", "more", "told"),
    [
        (date(2026, 3, 1), {"subject": " "}, "Напишите, о чём соглашение."),
        (date(2026, 3, 1), {"signed_on": date(2026, 3, 2)}, "Этот день ещё не наступил."),
        (date(2026, 3, 1), {"signed_on": date(2025, 10, 1)}, "Это раньше подписания договора (15.10.2025)."),
        (
            date(2026, 10, 16),
            {},
            "Срок договора истёк 15.10.2026: изменить его нельзя, заключите новый договор.",
        ),
        (
            date(2026, 3, 1),
            {"new_ends_on": date(2026, 2, 1)},
            "Это раньше начала срока или соглашения (01.03.2026).",
        ),
    ],
)
def test_an_agreement_out_of_order_is_refused(
    session: scoped_session[Session], contract: Contract, on: date, more: dict[str, object], told: str
) -> None:
    with pytest.raises(Refused) as refusal:
        amend(session, contract, on, **more)
    assert str(refusal.value) == told
    assert contract.amendments == []


def test_service_and_prison_suspend_and_do_not_end(session: scoped_session[Session], contract: Contract) -> None:
    day, who = date(2026, 1, 10), by(contract.agency, date(2026, 6, 1))

    def suspend(ground: str | None, starts_on: date) -> None:
        contract_changes.suspend(session(), contract=contract, ground_code=ground, starts_on=starts_on, by=who)

    with pytest.raises(Refused, match="Это основание приостанавливает договор, а не прекращает его"):
        end(session, contract, day, "military")
    with pytest.raises(Refused, match="Договор приостанавливают на время заключения под стражу или службы"):
        suspend("moved", day)
    with pytest.raises(Refused, match=r"Это раньше начала срока договора \(15.10.2025\)"):
        suspend("military", date(2025, 10, 1))
    with pytest.raises(Refused, match="Договор не приостановлен"):
        contract_changes.resume(session(), contract=contract, ends_on=day, by=who)
    suspend("military", day)
    assert contract.status_on(day) is ContractStatus.SUSPENDED
    with pytest.raises(Refused, match=r"Договор уже приостановлен с 10\.01\.2026"):
        suspend("prison", date(2026, 2, 1))
    with pytest.raises(Refused, match=r"Это раньше начала приостановления \(10.01.2026\)"):
        contract_changes.resume(session(), contract=contract, ends_on=date(2026, 1, 1), by=who)
    contract_changes.resume(session(), contract=contract, ends_on=date(2026, 2, 10), by=who)
    assert contract.status_on(date(2026, 2, 11)) is ContractStatus.ACTIVE
    with pytest.raises(Refused, match="В эти дни договор уже был приостановлен"):
        suspend("military", date(2026, 2, 1))


def test_a_contract_is_closed_by_a_conclusion_that_both_have_signed(
    session: scoped_session[Session], contract: Contract
) -> None:
    with pytest.raises(Refused, match="Сначала составьте заключение о результатах"):
        end(session, contract, END, "term_expired")
    conclusion = make_conclusion(session(), contract, END, is_approved=True, achieved="Доучился")
    session.refresh(contract)
    with pytest.raises(Refused) as refusal:
        end(session, contract, END, "term_expired")
    assert str(refusal.value) == "Договор нельзя закрыть по заключению без подписи выпускника."
    conclusion.graduate_signed_on = END
    session.flush()
    end(session, contract, END, "term_expired")
    session.commit()
    episode = episode_of(session(), contract)
    assert contract.status_on(END) is ContractStatus.ENDED
    assert (episode.removed_on, episode.removal_ground_code, episode.result) == (END, "term_expired", "Доучился")
    assert contract_changes.signed_conclusion(contract) is conclusion
    assert contract.graduate.stage is SupportStage.REMOVED
    with pytest.raises(Refused, match=r"Договор уже прекращён 15\.10\.2026"):
        end(session, contract, END, "moved")


def test_the_ground_must_be_true(session: scoped_session[Session], contract: Contract) -> None:
    day = date(2026, 3, 1)
    make_conclusion(session(), contract, day, is_signed=True)
    session.refresh(contract)
    for ground, told in (
        ("term_expired", "Срок договора истекает 15.10.2026: раньше по истечении срока его не закрыть."),
        ("turned_23", "23 года исполнится 03.02.2027: по этому основанию договор ещё не закрыть."),
        (None, "Выберите основание прекращения."),
    ):
        with pytest.raises(Refused) as refusal:
            end(session, contract, day, ground)
        assert str(refusal.value) == told
    with pytest.raises(Refused, match=r"Это раньше подписания договора \(15.10.2025\)"):
        end(session, contract, date(2025, 10, 1), "moved")
    end(session, contract, day, "plan_completed")
    assert contract.status_on(day) is ContractStatus.ENDED


def test_the_graduates_own_wish_ends_it_without_a_conclusion(
    session: scoped_session[Session], contract: Contract
) -> None:
    day = date(2026, 3, 1)
    contract_changes.suspend(
        session(), contract=contract, ground_code="military", starts_on=day, by=by(contract.agency, day)
    )
    end(session, contract, day, "graduate_request", note="заявление от 01.03.2026", result="помощь не нужна")
    assert contract.status_on(day) is ContractStatus.TERMINATED
    assert (contract.suspensions[0].ends_on, episode_of(session(), contract).result) == (day, "помощь не нужна")


def test_a_new_contract_may_follow_the_ended_one(session: scoped_session[Session], contract: Contract) -> None:
    end(session, contract, date(2026, 3, 1), "graduate_request")
    following = make_contract(session(), contract.graduate, contract.agency, date(2026, 4, 1))
    assert (following.number_text, episode_of(session(), following).number_text) == ("1/2026", "1/2026")


def test_annulling_names_what_hangs_on_the_contract(session: scoped_session[Session], contract: Contract) -> None:
    plan = Plan(graduate=contract.graduate, agency_id=contract.agency_id, contract=contract)
    plan.kind, plan.state, plan.starts_on, plan.ends_on = PlanKind.INDIVIDUAL, PlanState.DRAFT, START, END
    plan.created_at = at(START)
    session.add(plan)
    make_conclusion(session(), contract, START, is_approved=True)
    session.refresh(contract)
    head = by(contract.agency, START, Role.HEAD)

    def annul(*, is_certain: bool) -> None:
        contract_changes.annul(session(), contract=contract, reason="не тот человек", is_certain=is_certain, by=head)

    with pytest.raises(Refused) as refusal:
        annul(is_certain=False)
    assert refusal.value.field == "is_certain"
    assert "По договору есть: черновик плана, заключение № 1/2025." in str(refusal.value)
    annul(is_certain=True)
    episode = episode_of(session(), contract)
    assert (contract.status_on(END), contract.number) == (ContractStatus.ANNULLED, 1)
    assert episode.annulled_reason == "Аннулирован договор № 1/2025: не тот человек"
    with pytest.raises(Refused, match="Запись аннулирована"):
        end(session, contract, START, "moved")


def test_only_the_head_annuls_and_only_the_organisation_changes(
    session: scoped_session[Session], centre: Centre, contract: Contract
) -> None:
    with pytest.raises(Refused, match="Аннулировать запись может только руководитель организации"):
        contract_changes.annul(
            session(), contract=contract, reason="ошибка", is_certain=True, by=by(contract.agency, START)
        )
    with pytest.raises(Refused, match="оформляет сама организация"):
        contract_changes.end(session(), contract=contract, ended_on=END, ground_code="moved", by=by(centre.other, END))
