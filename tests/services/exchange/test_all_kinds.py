"""Every kind of letter that the shipped packs know, sent through its whole life, and refused where it has to be."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.access import Viewer, visible_to
from models.access_grants import AccessGrant, AccessProfile
from models.exchange import Referral, ReferralStatus, ReplyOutcome
from models.graduates import Graduate
from models.regulations import COMMON
from models.territory import Agency, AgencyKind
from models.users import Role, User
from services.errors import Refused
from services.exchange import transfers, workflow
from services.exchange.drafting import UNSEEN, Told, draft
from services.exchange.kinds import ABOUT_NONE, ABOUT_PERSON, ReferralKind, kinds_of
from services.regulations.parsing import shipped_packs
from tests.clock import follow, load_law
from tests.conftest import NOW, TODAY
from tests.factories import make_agency, make_graduate, make_user

KINDS = {kind.key: kind for pack in shipped_packs() for kind in kinds_of(pack)}
every = pytest.mark.parametrize("key", sorted(KINDS))
# What §2.8 of the requirements and §5.13 of the domain name: each has its kind.
NAMED = {
    "список поступивших из замещающих семей": "syzran-2022/enrolled-list",
    "новый выпускник после попечительства": "vologda-2022/left-foster-family",
    "пакет изменений, Приложение 1": "vologda-2022/changes-package",
    "работа за полугодие, Приложение 2": "vologda-2022/half-year-work",
    "октябрьский запрос в опеку": "vologda-2022/district-request",
    "успеваемость и посещаемость": "vologda-2022/study-progress-request",
    "извещение о нуждаемости": "vologda-2022/need-notice",
    "экстренное извещение": "vologda-2022/urgent-need-notice",
    "трудная ситуация, кризис": "vologda-2022/crisis",
    "прибытие": "vologda-2022/arrival",
    "изменения": "vologda-2022/change-notice",
    "поступившие в колледж": "syzran-2022/enrolled",
    "окончившие колледж": "syzran-2022/college-graduate",
    "молодые родители": "syzran-2022/young-parent",
    "академический отпуск": "syzran-2022/academic-leave",
    "итог оценки готовности": "syzran-2022/readiness-assessment",
    "ПМПК": "syzran-2022/commission",
    "центр занятости": "kizil-programme/employment-centre",
    "запрос поставщика услуг": "syzran-2022/information-request",
    "запрос координационного центра": "krasnoyarsk-centre/material-request",
    "сложный случай – в совет": "syzran-2022/complex-case",
    "приглашение": "common/invitation",
    "решение": "common/decision",
    "затруднение": "vologda-2022/difficulty-notice",
    "нарушение": "vologda-2022/breach-notice",
    "вернувшийся из заключения": "krasnoyarsk-centre/release-notice",
    "передача": "common/transfer",
    "запрос о жилье": "common/housing-request",
    "ходатайство": "common/petition",
    "направление к специалисту": "common/specialist",
    "напоминание": "common/reminder",
    "письмо": "common/letter",
}


@dataclass
class Desk:
    """Two organisations that a kind may pass between, each with a clerk and a head, and somebody of the sender's."""

    session: Session
    kind: ReferralKind
    sender: Agency
    recipient: Agency
    clerk: User
    head: User
    their_clerk: User
    their_head: User
    person: Graduate

    def by(self, user: User) -> Viewer:
        return Viewer.of(self.session, user, TODAY)

    def told(self, **other: Any) -> Told:
        typed = {field.label: f"сказано: {field.label}" for field in self.kind.fields if not field.source}
        is_about_people = self.kind.about != ABOUT_NONE
        return replace(
            Told(
                recipient_id=self.recipient.id,
                text="Просим рассмотреть.",
                graduate_ids=[self.person.id] if is_about_people else [],
                person_facts={self.person.id: typed},
                facts=typed,
                ground="ч. 1 ст. 6 152-ФЗ" if self.kind.needs_consent else "",
            ),
            **other,
        )

    def write(self, **other: Any) -> Referral:
        return draft(
            self.session,
            kind_key=self.kind.key,
            told=self.told(**other),
            agency_id=self.sender.id,
            by=self.by(self.clerk),
            now=NOW,
        )

    def send(self, **other: Any) -> Referral:
        return workflow.send(self.session, referral=self.write(**other), by=self.by(self.clerk), now=NOW)

    def take(self, letter: Referral) -> None:
        if "transfer" in self.kind.accepting:
            by, curator = self.by(self.their_head), self.their_clerk.id
            transfers.accept(self.session, referral=letter, curator_id=curator, by=by, now=NOW)
        else:
            workflow.accept(self.session, referral=letter, by=self.by(self.their_clerk), now=NOW)

    def answer(self, letter: Referral) -> None:
        workflow.answer(
            self.session,
            referral=letter,
            text="Сделано.",
            outcome=ReplyOutcome.RESOLVED,
            by=self.by(self.their_clerk),
            now=NOW,
        )


@pytest.fixture
def desk(session: scoped_session[Session]) -> Callable[[str], Desk]:
    def laid_out(key: str) -> Desk:
        load_law(session())
        kind = KINDS[key]
        sender = make_agency(session(), "sender", min(kind.from_kinds))
        recipient = make_agency(session(), "recipient", max(kind.to_kinds))
        pack = key.partition("/")[0]
        if pack != COMMON:
            follow(session(), sender, pack)
        users = [
            make_user(session(), login, login, role, agency)
            for login, role, agency in (
                ("clerk", Role.CLERK, sender),
                ("head", Role.HEAD, sender),
                ("their-clerk", Role.CLERK, recipient),
                ("their-head", Role.HEAD, recipient),
            )
        ]
        person = make_graduate(session(), agency_id=sender.id)
        session.commit()
        return Desk(session(), kind, sender, recipient, *users, person)

    return laid_out


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return str(caught.value)


@pytest.mark.parametrize("thing", sorted(NAMED))
def test_everything_that_passes_between_organisations_has_its_kind(thing: str) -> None:
    assert NAMED[thing] in KINDS


@every
def test_a_kind_is_whole(key: str) -> None:
    kind = KINDS[key]
    assert kind.clause_text
    assert kind.fields
    assert kind.letter or key == "common/letter"
    assert len(kind.letter) <= 160
    assert kind.letter == "" or kind.letter.endswith(".")
    assert (kind.about == ABOUT_NONE) <= (kind.profile is None)
    assert (kind.profile is AccessProfile.CARD) >= ("transfer" in kind.accepting)
    assert (kind.acknowledge_minutes is not None) == (kind.urgency == "immediate")


def test_a_first_notice_of_need_tells_name_and_place_and_stands_in_the_journal_of_notices() -> None:
    notices = {key: kind for key, kind in KINDS.items() if kind.is_notice}
    assert set(notices) == {"vologda-2022/need-notice", "vologda-2022/urgent-need-notice"}
    for kind in notices.values():
        assert [field.source for field in kind.fields if field.source] == ["name", "location"]


@every
def test_a_kind_is_sent_accepted_answered_and_closed(key: str, desk: Callable[[str], Desk]) -> None:
    a = desk(key)
    letter = a.send()
    assert letter.status is ReferralStatus.SENT
    assert letter.ground == ("ч. 1 ст. 6 152-ФЗ" if a.kind.needs_consent else a.kind.ground)
    assert [one.agency_id for one in letter.outgoing] == [a.sender.id]
    assert (letter.acknowledge_by is not None) == (a.kind.urgency == "immediate")
    if a.kind.about != ABOUT_NONE:
        (told,) = letter.people
        assert {fact["label"]: fact["value"] for fact in told.facts}.keys() == {one.label for one in a.kind.fields}
        assert all(fact["value"] for fact in told.facts if fact["label"] in ("ФИО", "дата рождения"))
    else:
        assert all(fact["value"] for fact in letter.facts)
    a.take(letter)
    assert letter.status is ReferralStatus.ACCEPTED
    assert [one.agency_id for one in letter.incoming] == [a.recipient.id]
    opened = a.session.scalars(select(AccessGrant).where(AccessGrant.referral_id == letter.id)).all()
    has_people = a.kind.about != ABOUT_NONE and a.kind.profile is not None
    assert [(one.graduate_id, one.profile) for one in opened] == [(a.person.id, a.kind.profile)] * has_people
    if a.kind.profile is AccessProfile.CARD:
        seen = a.session.scalars(select(Graduate.id).where(visible_to(a.by(a.their_clerk)))).all()
        assert seen == [a.person.id]
    if a.kind.answer_days:
        assert letter.answer_due_on is not None
        a.answer(letter)
        assert letter.status is ReferralStatus.ANSWERED
        workflow.close(a.session, referral=letter, by=a.by(a.clerk), now=NOW)
    else:
        assert letter.answer_due_on is None
        workflow.close(a.session, referral=letter, by=a.by(a.their_clerk), now=NOW)
    assert letter.status is ReferralStatus.CLOSED
    if "transfer" in a.kind.accepting:
        assert a.person.agency_id == a.recipient.id


@every
def test_a_kind_is_refused_where_it_has_to_be(key: str, desk: Callable[[str], Desk]) -> None:
    a = desk(key)
    wrong = sorted(set(AgencyKind) - a.kind.to_kinds)
    if wrong:
        other = make_agency(a.session, "other", wrong[0])
        said = refused(lambda: a.write(recipient_id=other.id))
        assert said.startswith(f"«{a.kind.title}» по {a.kind.ground} не отправляют: {other.kind.label}.")
    if a.kind.about != ABOUT_NONE:
        stranger = make_graduate(a.session, "Чужой Пётр", agency_id=a.recipient.id)
        assert refused(lambda: a.write(graduate_ids=[stranger.id])) == UNSEEN
        if a.kind.about == ABOUT_PERSON:
            assert refused(lambda: a.write(graduate_ids=[])) == "Укажите, о ком письмо."
    else:
        assert refused(lambda: a.write(graduate_ids=[a.person.id])) == "Письмо этого вида не о людях."
    if a.kind.needs_consent:
        groundless = a.write(ground="")
        said = refused(lambda: workflow.send(a.session, referral=groundless, by=a.by(a.clerk), now=NOW))
        assert said == "Укажите основание передачи: согласие человека или норму закона."
        assert groundless.status is ReferralStatus.DRAFT
    letter = a.send()
    workflow.receive(a.session, referral=letter, by=a.by(a.their_clerk), now=NOW)
    workflow.revoke(a.session, referral=letter, reason="Ошибка", by=a.by(a.clerk), now=NOW)
    said = refused(lambda: a.answer(letter))
    assert said == "Письмо отозвано отправителем: Ошибка. Ответ и другие действия невозможны."
    foreign = sorted(set(AgencyKind) - a.kind.from_kinds)
    if foreign:
        a.sender.kind = foreign[0]
        a.session.flush()
        assert refused(a.write) == "Такого вида направления ваша организация не отправляет."
