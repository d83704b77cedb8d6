"""What is done with a meeting on its page."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms.validators import DataRequired, InputRequired, Optional

from models.access import Viewer
from models.meeting_access import may_keep, may_settle
from models.meetings import Meeting, MeetingStatus
from services import numbering
from services.meetings import decisions, holding, invitations, sittings
from views import edge
from views.doing import LINE, Action, ReasonForm, annulling
from views.extensions import db
from views.fields import REQUIRED, CodeField, LongField, RuDateField, TextField
from views.formats import counted
from views.meetings.fields import ListedField
from views.work.fields import ClockField


class GuestForm(wtforms.Form):
    agency_id = CodeField(
        table="agency",
        is_number=True,
        label="Организация",
        validators=[Optional()],
        render_kw={"data-picker": "", "data-placeholder": "Выберите организацию"},
    )
    name = TextField("Кто", description="Фамилия, имя, отчество; пусто – любой представитель", validators=[LINE])
    post = TextField("Должность", validators=[LINE])


class UninviteForm(wtforms.Form):
    attendee_id = ListedField(label="Кого убрать", validators=[InputRequired(REQUIRED)])


class UninviteAction(Action):
    def made_form(self, record: Meeting, posted: str = "") -> wtforms.Form:
        form: Any = super().made_form(record, posted)
        form.attendee_id.listed = [(one.id, one.name) for one in record.attendees if one.member_id is None]
        return form


class MoveForm(wtforms.Form):
    held_on = RuDateField("День", validators=[InputRequired(REQUIRED)])
    starts_at = ClockField("Время", validators=[Optional()])
    place = TextField("Место", validators=[LINE])
    reason = TextField("Почему переносится", description="Получат те, кого пригласили письмом", validators=[LINE])


class HoldForm(wtforms.Form):
    chair = TextField("Кто вёл", validators=[LINE])
    secretary = TextField("Кто вёл протокол", validators=[LINE])
    summary = LongField("Итог", validators=[Optional()])


class FailForm(wtforms.Form):
    note = TextField("Пояснение", validators=[Optional(), LINE])


class CancelForm(ReasonForm):
    reason = TextField("Почему отменяется", validators=[DataRequired(REQUIRED), LINE])


# -- Verbs -----------------------------------------------------------------------------------------------------------


def _invite(record: Meeting, form: Any) -> str:
    guest = sittings.invite(
        db.session(),
        meeting=record,
        agency_id=form.agency_id.data,
        name=form.name.data or "",
        post=form.post.data or "",
        by=edge.viewer(),
    )
    return f"В списке приглашённых: {guest.name}."


def _uninvite(record: Meeting, form: Any) -> str:
    name = sittings.uninvite(db.session(), meeting=record, attendee_id=form.attendee_id.data, by=edge.viewer())
    return f"Убрано из списка: {name}."


def _letters(record: Meeting, form: Any) -> str:
    sent = invitations.send(db.session(), meeting=record, by=edge.viewer(), now=edge.now())
    return f"Приглашения отправлены: {counted(len(sent), 'письмо', 'письма', 'писем')}."


def _move(record: Meeting, form: Any) -> str:
    told = holding.postpone(
        db.session(),
        meeting=record,
        held_on=form.held_on.data,
        starts_at=form.starts_at.data,
        place=form.place.data or "",
        reason=form.reason.data or "",
        by=edge.viewer(),
        now=edge.now(),
    )
    informed = f" Сообщение получили организации: {told}." if told else ""
    return f"Встреча: {invitations.when_and_where(record)}.{informed}"


def _propose_day(form: Any, record: Meeting) -> None:
    form.held_on.data, form.starts_at.data, form.place.data = record.held_on, record.starts_at, record.place


def _refresh(record: Meeting, form: Any) -> str:
    sittings.refresh_members(db.session(), meeting=record, by=edge.viewer())
    return "Список членов обновлён по составу на день заседания."


def _hold(record: Meeting, form: Any) -> str:
    holding.hold(
        db.session(),
        meeting=record,
        chair=form.chair.data or "",
        secretary=form.secretary.data or "",
        summary=form.summary.data or "",
        by=edge.viewer(),
    )
    unsent = " Теперь отправьте решения." if decisions.unsent(record) else ""
    return f"Проведено, протокол № {record.number_text}.{unsent}"


def _propose_chair(form: Any, record: Meeting) -> None:
    """The chair and the secretary of the body, if they came; whoever is signed in keeps the minutes else."""
    came = [one for one in record.attendees if one.is_present and one.member is not None]
    heads = [one.name for one in came if one.member and one.member.role.value in ("chair", "deputy")]
    secretaries = [one.name for one in came if one.member and one.member.role.value == "secretary"]
    form.chair.data = record.chair or (heads[0] if heads else "")
    form.secretary.data = record.secretary or (secretaries[0] if secretaries else edge.user().name)
    form.summary.data = record.summary


def _fail(record: Meeting, form: Any) -> str:
    holding.fail(db.session(), meeting=record, note=form.note.data or "", by=edge.viewer(), now=edge.now())
    return "Записано: заседание не состоялось."


def _cancel(record: Meeting, form: Any) -> str:
    holding.cancel(db.session(), meeting=record, reason=form.reason.data or "", by=edge.viewer(), now=edge.now())
    return "Встреча отменена."


def _send(record: Meeting, form: Any) -> str:
    letters = decisions.send(db.session(), meeting=record, by=edge.viewer(), now=edge.now())
    return f"Решения отправлены: {counted(len(letters), 'письмо', 'письма', 'писем')}."


def _annul(record: Meeting, form: Any) -> str:
    numbering.annul(db.session(), record=record, reason=form.reason.data or "", by=edge.viewer())
    return "Запись аннулирована."


# -- When ------------------------------------------------------------------------------------------------------------


def _keeps(viewer: Viewer, record: Meeting) -> bool:
    return may_keep(viewer, record.agency_id)


def _writes(viewer: Viewer, record: Meeting) -> bool:
    """Whoever may write the minutes: after the meeting only the head."""
    is_planned = record.status is MeetingStatus.PLANNED
    return may_keep(viewer, record.agency_id) if is_planned else may_settle(viewer, record.agency_id)


def is_planned(record: Meeting) -> bool:
    return record.status is MeetingStatus.PLANNED and record.annulled_on is None


def is_written(record: Meeting) -> bool:
    """Its minutes may still be written."""
    return record.status is not MeetingStatus.CANCELLED and record.annulled_on is None


def _has_come(record: Meeting) -> bool:
    return is_planned(record) and record.held_on <= edge.today()


def _has_guests(record: Meeting) -> bool:
    return is_written(record) and any(one.member_id is None for one in record.attendees)


def _lacks_letters(record: Meeting) -> bool:
    is_ahead = is_planned(record) and record.held_on >= edge.today()
    return is_ahead and bool(invitations.awaiting(db.session(), record))


def _lacks_quorum(record: Meeting) -> bool:
    quorum = holding.quorum_of(record)
    return _has_come(record) and quorum is not None and not quorum.is_there


def _has_unsent(record: Meeting) -> bool:
    return record.status is MeetingStatus.HELD and record.annulled_on is None and bool(decisions.unsent(record))


def _differs(record: Meeting) -> bool:
    """The membership has changed since the sitting was planned."""
    if not is_planned(record) or record.body is None:
        return False
    members = {one.id for one in record.body.members_on(record.held_on)}
    return members != {one.member_id for one in record.attendees if one.member_id is not None}


ACTIONS = (
    Action("send", "Отправить решения", _send, _keeps, _has_unsent, kind="primary"),
    Action("letters", "Отправить приглашения", _letters, _keeps, _lacks_letters, kind="primary"),
    Action(
        "hold",
        "Провести и присвоить номер протоколу",
        _hold,
        _keeps,
        _has_come,
        HoldForm,
        _propose_chair,
        button="Провести",
        kind="primary",
        hint="Сначала отметьте пришедших и запишите решения: после этого протокол исправляет только руководитель.",
    ),
    Action(
        "fail",
        "Не состоялось: нет кворума",
        _fail,
        _keeps,
        _lacks_quorum,
        FailForm,
        button="Записать",
        hint="Сколько пришло и сколько было нужно, запишется само.",
    ),
    Action("guest", "Пригласить", _invite, _writes, is_written, GuestForm, hint="Приглашённые в кворум не входят."),
    UninviteAction("uninvite", "Убрать приглашённого", _uninvite, _writes, _has_guests, UninviteForm, button="Убрать"),
    Action("refresh", "Обновить список членов", _refresh, _keeps, _differs),
    Action(
        "move", "Перенести", _move, _keeps, is_planned, MoveForm, _propose_day, hint="Другой день, время или место."
    ),
    Action("cancel", "Отменить", _cancel, _keeps, is_planned, CancelForm, kind="danger", button="Отменить встречу"),
    annulling(
        _annul,
        offered=lambda record: record.annulled_on is None and record.number is not None,
        may=lambda viewer, record: may_settle(viewer, record.agency_id),
    ),
)
