"""Contracts: the term is capped at the last eligible day, one open contract of an organisation, an episode with it."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.cases import Contract, ContractStatus, SupportEpisode
from models.graduates import SupportStage
from models.people import IdentityDocument
from models.support import Assignment, AssignmentKind, Consent
from models.territory import AgencyKind
from services.cases import contracts, proposals
from services.errors import Refused
from tests.cases_factories import by, episode_of, make_application, make_contract, make_draft, make_refusal
from tests.clock import at, follow
from tests.factories import make_agency, make_graduate
from tests.services.cases.conftest import Centre

DAY = date(2026, 5, 12)
APPLIED, REGISTERED = date(2026, 4, 23), date(2026, 4, 24)


def sign(session: scoped_session[Session], contract: Contract, on: date, today: date | None = None) -> None:
    today = today or on
    contracts.sign(session(), contract=contract, signed_on=on, by=by(contract.agency, today), now=at(today))


def refused(session: scoped_session[Session], contract: Contract, on: date, today: date | None = None) -> Refused:
    with pytest.raises(Refused) as refusal:
        sign(session, contract, on, today)
    assert (contract.number, contract.signed_on) == (None, None)
    return refusal.value


def test_signing_numbers_the_contract_and_takes_the_person_on(session: scoped_session[Session], centre: Centre) -> None:
    application = make_application(session(), centre.alina, centre.agency, APPLIED, registered_on=REGISTERED)
    contract = make_draft(session(), centre.alina, centre.agency, DAY, date(2027, 5, 11), application=application)
    assert contract.status_on(DAY) is ContractStatus.DRAFT
    sign(session, contract, DAY)
    session.commit()
    episode = episode_of(session(), contract)
    assert (contract.number_text, contract.signed_on, contract.ends_on) == ("1/2026", DAY, date(2027, 5, 11))
    assert (episode.number_text, episode.accepted_on, episode.removed_on) == ("1/2026", DAY, None)
    assert (centre.alina.stage, centre.alina.support_ends_on) == (SupportStage.CONTRACT, date(2027, 5, 11))


def test_the_term_ends_on_the_last_eligible_day(session: scoped_session[Session], centre: Centre) -> None:
    contract = make_draft(session(), centre.denis, centre.agency, date(2026, 10, 16), date(2027, 10, 15))
    assert contract.ends_on == date(2027, 2, 3)
    told = contracts.warnings_of(session(), contract=contract)
    assert "Срок ограничен 03.02.2027: в этот день выпускнику исполняется 23 года." in told


def test_a_draft_outside_the_ages_of_the_profile_is_refused(session: scoped_session[Session], centre: Centre) -> None:
    for graduate, told in (
        (centre.pavel, "23 года исполнилось 10.01.2026: права на сопровождение нет, договор не заключают."),
        (centre.young, "Выпускнику нет 18 лет (исполнится 01.03.2027): договор ещё не заключают."),
    ):
        with pytest.raises(Refused) as refusal:
            make_draft(session(), graduate, centre.agency, DAY)
        assert (str(refusal.value), refusal.value.field) == (told, "starts_on")
    with pytest.raises(Refused, match="Последний день не может быть раньше первого"):
        make_draft(session(), centre.alina, centre.agency, DAY, date(2026, 5, 11))


def test_where_16_year_olds_are_supported_somebody_consents_for_them(
    session: scoped_session[Session], centre: Centre
) -> None:
    krasnoyarsk = make_agency(session(), "krasnoyarsk", AgencyKind.COORDINATION_CENTRE)
    follow(session(), krasnoyarsk, "krasnoyarsk-centre")
    centre.young.agency_id = krasnoyarsk.id
    contract = make_draft(session(), centre.young, krasnoyarsk, DAY)
    assert str(refused(session, contract, DAY)) == (
        "До 01.03.2027 выпускник подписывает договор с согласия законного представителя или органа опеки: "
        "укажите в договоре, кто согласен."
    )
    contract.guardian = "опека, распоряжение № 3"
    sign(session, contract, DAY)
    assert contract.number == 1


def test_an_application_must_be_registered_undecided_and_of_the_person(
    session: scoped_session[Session], centre: Centre
) -> None:
    unregistered = make_application(session(), centre.alina, centre.agency, APPLIED)
    contract = make_draft(session(), centre.alina, centre.agency, DAY, application=unregistered)
    assert "Сначала зарегистрируйте заявление" in str(refused(session, contract, DAY))
    with pytest.raises(Refused, match="Это заявление другого человека или другой организации"):
        make_draft(session(), centre.denis, centre.agency, DAY, application=unregistered)
    make_refusal(session(), centre.alina, centre.agency, DAY, application=unregistered)
    assert "По этому заявлению записан отказ № 1/2026" in str(refused(session, contract, DAY))
    with pytest.raises(Refused, match="По этому заявлению записан отказ № 1/2026"):
        make_draft(session(), centre.alina, centre.agency, DAY, application=unregistered)


def test_without_the_identity_document_nothing_is_signed(session: scoped_session[Session], centre: Centre) -> None:
    application = make_application(
        session(), centre.alina, centre.agency, APPLIED, registered_on=REGISTERED, is_identity_shown=False
    )
    contract = make_draft(session(), centre.alina, centre.agency, DAY, application=application)
    assert str(refused(session, contract, DAY)) == (
        "Документ, удостоверяющий личность, не предъявлен: отметьте его в заявлении или попросите донести."
    )


def test_the_days_of_signing_stand_in_order(session: scoped_session[Session], centre: Centre) -> None:
    application = make_application(session(), centre.alina, centre.agency, APPLIED, registered_on=REGISTERED)
    contract = make_draft(session(), centre.alina, centre.agency, DAY, application=application)
    early = refused(session, contract, APPLIED, DAY)
    assert (str(early), early.field) == ("Это раньше регистрации заявления (24.04.2026).", "signed_on")
    late = refused(session, contract, date(2026, 5, 13))
    assert str(late) == "Договор действует с 12.05.2026: подписать его позже нельзя. Исправьте начало срока."
    assert str(refused(session, contract, DAY, date(2026, 5, 11))) == "Этот день ещё не наступил."
    sign(session, contract, date(2026, 5, 11), DAY)
    with pytest.raises(Refused, match="Договор уже подписан: № 1/2026"):
        sign(session, contract, DAY)


def test_one_open_contract_of_an_organisation(session: scoped_session[Session], centre: Centre) -> None:
    first = make_contract(session(), centre.alina, centre.agency, DAY)
    second = make_draft(session(), centre.alina, centre.agency, DAY)
    assert str(refused(session, second, DAY)) == (
        f"У выпускника уже есть договор с организацией: № 1/2026 до {first.ends_on:%d.%m.%Y}. Сначала закройте его."
    )
    assert len(session.scalars(select(SupportEpisode)).all()) == 1


def test_an_open_contract_with_another_organisation_warns(session: scoped_session[Session], centre: Centre) -> None:
    centre.alina.agency_id = centre.other.id
    make_contract(session(), centre.alina, centre.other, DAY)
    centre.alina.agency_id = centre.agency.id
    session.flush()
    contract = make_contract(session(), centre.alina, centre.agency, DAY)
    assert "Есть действующий договор с другой организацией: Служба «Берег», № 1/2026 до 11.05.2027." in (
        contracts.warnings_of(session(), contract=contract)
    )


def test_what_is_missing_warns(session: scoped_session[Session], centre: Centre) -> None:
    contract = make_draft(session(), centre.alina, centre.agency, DAY, signatory="")
    assert contracts.warnings_of(session(), contract=contract) == [
        "Нет действующего согласия на обработку данных для сопровождения: оформите его отдельным листом.",
        "В карточке нет действующего документа, удостоверяющего личность: внесите его.",
        "Не указано, кто подписывает договор от организации.",
    ]
    contract.signatory = "директора"
    centre.alina.consents.append(Consent(purpose_code="support", given_on=DAY))
    centre.alina.documents.append(IdentityDocument(kind_code="passport", number="123456"))
    assert contracts.warnings_of(session(), contract=contract) == []


def test_the_first_contract_makes_the_organisation_responsible(
    session: scoped_session[Session], centre: Centre
) -> None:
    graduate = make_graduate(session(), "Новый Иван", birth_date=date(2007, 1, 1))
    graduate.assignments.append(Assignment(kind=AssignmentKind.CURATOR, name="К", starts_on=DAY, user_id=None))
    contract = Contract(graduate=graduate, agency=centre.agency, starts_on=DAY, ends_on=date(2027, 5, 11))
    contract.created_at = at(DAY)
    session.add(contract)
    session.flush()
    from models.users import Role

    who = by(centre.agency, DAY, Role.ADMINISTRATOR)
    contracts.sign(session(), contract=contract, signed_on=DAY, by=who, now=at(DAY))
    assert graduate.agency_id == centre.agency.id
    (row,) = graduate.responsibilities
    assert (row.agency_id, row.starts_on, row.ground) == (centre.agency.id, DAY, "договор № 1/2026")


def test_a_copy_is_handed_out_after_the_signing(session: scoped_session[Session], centre: Centre) -> None:
    contract = make_draft(session(), centre.alina, centre.agency, DAY)
    who = by(centre.agency, DAY)
    with pytest.raises(Refused, match="Договор ещё не подписан"):
        contracts.hand_out(session(), contract=contract, handed_on=DAY, by=who)
    sign(session, contract, DAY)
    with pytest.raises(Refused, match=r"Это раньше подписания договора \(12.05.2026\)"):
        contracts.hand_out(session(), contract=contract, handed_on=date(2026, 5, 1), by=who)
    contracts.hand_out(session(), contract=contract, handed_on=DAY, by=who)
    with pytest.raises(Refused, match="Экземпляр уже выдан"):
        contracts.hand_out(session(), contract=contract, handed_on=DAY, by=who)


def test_no_contract_is_proposed_to_whom_none_is_due(session: scoped_session[Session], centre: Centre) -> None:
    def obstacle(graduate: object) -> str:
        return contracts.obstacle(session(), graduate=graduate, agency_id=centre.agency.id, on=DAY)  # type: ignore[arg-type]

    assert obstacle(centre.alina) == ""
    assert "23 года исполнилось 10.01.2026" in obstacle(centre.pavel)
    make_contract(session(), centre.denis, centre.agency, DAY)
    assert obstacle(centre.denis) == "Договор № 1/2026 действует до 03.02.2027."
    application = make_application(session(), centre.alina, centre.agency, APPLIED, registered_on=REGISTERED)
    make_refusal(session(), centre.alina, centre.agency, DAY, application=application)
    assert "По заявлению записан отказ № 1/2026" in obstacle(centre.alina)


def test_a_contract_is_proposed_from_the_application_and_the_card(
    session: scoped_session[Session], centre: Centre
) -> None:
    centre.agency.head_name, centre.agency.head_position = "Петрова Мария Ивановна", "директор"
    centre.alina.legal_status_code, centre.alina.exit_ground_code = "former_orphan", "stay_completed"
    centre.alina.assignments.append(
        Assignment(
            kind=AssignmentKind.CURATOR,
            name="Котова Нина Павловна",
            position="социальный педагог",
            phone="8 900 000-00-00",
            order_number="14",
            order_on=REGISTERED,
            starts_on=REGISTERED,
        )
    )
    application = make_application(
        session(), centre.alina, centre.agency, APPLIED, registered_on=REGISTERED, right_document="приказ № 5"
    )
    found = proposals.for_contract(
        session(), graduate=centre.alina, agency=centre.agency, application=application, on=DAY
    )
    assert (found["starts_on"], found["ends_on"]) == (DAY, date(2027, 5, 11))
    assert (found["signatory"], found["signatory_basis"]) == ("директор Петрова Мария Ивановна", "Устава")
    assert found["curator"] == "Котова Нина Павловна, социальный педагог, 8 900 000-00-00"
    assert found["curator_order"] == "№ 14 от 24.04.2026"
    assert (found["right_ground_code"], found["right_document"]) == ("stay_completed", "приказ № 5")
    assert found["legal_status_code"] == "former_orphan"
