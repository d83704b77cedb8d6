"""The register of councils and commissions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import wtforms
from flask import request
from sqlalchemy import ColumnElement, String, cast, func, or_, select
from wtforms.validators import DataRequired, InputRequired, Optional

from models.access import Viewer
from models.meeting_access import bodies_visible_to, may_keep, may_settle
from models.meetings import Body, BodyMember, MemberRole
from models.territory import Agency, AgencyKind
from models.users import User
from services.meetings import bodies
from views import edge, labels, listing
from views.base import FormSection
from views.cases import cells
from views.doing import LINE, Action
from views.extensions import db
from views.fields import REQUIRED, CodeField, EnumField, RuDateField, TextField
from views.formats import ru_date
from views.listing import Column, Filter
from views.meetings.base import KeepView
from views.meetings.body_page import blocks, header
from views.meetings.fields import KnownBodyField, ListedField
from views.registers import fragment


class BodyNameField(TextField):
    """May stay empty for a body that a regulation names; the verb asks for it else."""

    def __init__(self, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(validators=[LINE], **kwargs)


class UserField(CodeField):
    """Somebody of the own organisation who signs in."""

    def iter_choices(self) -> Any:
        yield ("", "", self.data is None, {})
        viewer = edge.viewer()
        query = select(User.id, User.name).where(~User.is_locked).order_by(User.name)
        if not viewer.is_administrator:
            query = query.where(User.agency_id == viewer.agency_id)
        yield from ((number, name, number == self.data, {}) for number, name in db.session.execute(query))


def _agency(label: str, help: str = "", **more: Any) -> Any:
    attributes = {"data-picker": "", "data-placeholder": "Выберите организацию"}
    return CodeField(
        table="agency",
        is_number=True,
        label=label,
        description=help,
        validators=[Optional()],
        render_kw=attributes,
        **more,
    )


class SeatForm(wtforms.Form):
    name = TextField("Фамилия, имя, отчество", validators=[LINE])
    role = EnumField(enum=MemberRole, label="Кем входит", default=MemberRole.MEMBER)
    category = TextField("Кого представляет", validators=[LINE])
    position = TextField("Должность", validators=[LINE])
    agency_id = _agency("Организация")
    user_id = UserField(
        table="user_account",
        is_number=True,
        label="Пользователь",
        description="Если это ваш сотрудник: имя и должность подставятся",
        validators=[Optional()],
    )
    starts_on = RuDateField("В составе с", validators=[InputRequired(REQUIRED)])


class SeatAction(Action):
    """Its form proposes the categories of the regulation, and today."""

    def made_form(self, record: Body, posted: str = "") -> wtforms.Form:
        form: Any = super().made_form(record, posted)
        known = bodies.known_body(db.session(), record, on=edge.today())
        if known is not None and known.categories:
            form.category.description = "По регламенту: " + "; ".join(known.categories)
        if posted != self.name:
            form.starts_on.data = max(record.starts_on, edge.today())
        return form


class UnseatForm(wtforms.Form):
    member_id = ListedField(label="Кто выходит", validators=[InputRequired(REQUIRED)])
    ends_on = RuDateField("Последний день в составе", validators=[InputRequired(REQUIRED)])


class UnseatAction(Action):
    def made_form(self, record: Body, posted: str = "") -> wtforms.Form:
        form: Any = super().made_form(record, posted)
        today = edge.today()
        form.member_id.listed = [
            (one.id, one.name) for one in record.members if one.ends_on is None or one.ends_on > today
        ]
        if posted != self.name:
            form.ends_on.data = today
        return form


class ComposeForm(wtforms.Form):
    recipient_id = _agency("Кому на согласование")


class AgreeForm(wtforms.Form):
    approved_on = RuDateField("Когда согласован", validators=[InputRequired(REQUIRED)])


class EndForm(wtforms.Form):
    ends_on = RuDateField("Последний день", validators=[InputRequired(REQUIRED)])
    note = TextField("Основание", validators=[DataRequired(REQUIRED), LINE])


def _seat(record: Body, form: Any) -> str:
    member = bodies.Seat(
        name=form.name.data or "",
        starts_on=form.starts_on.data,
        role=form.role.data or MemberRole.MEMBER,
        category=form.category.data or "",
        position=form.position.data or "",
        agency_id=form.agency_id.data,
        user_id=form.user_id.data,
    )
    made = bodies.seat(db.session(), body=record, member=member, by=edge.viewer())
    return f"В составе: {made.name}, с {ru_date(made.starts_on)}."


def _unseat(record: Body, form: Any) -> str:
    fields = {"member_id": form.member_id.data, "ends_on": form.ends_on.data}
    gone = bodies.unseat(db.session(), body=record, by=edge.viewer(), **fields)
    return f"{gone.name}: последний день в составе {ru_date(gone.ends_on)}."


def _compose(record: Body, form: Any) -> str:
    letter = bodies.send_composition(
        db.session(), body=record, recipient_id=form.recipient_id.data, by=edge.viewer(), now=edge.now()
    )
    return f"Состав отправлен на согласование: {letter.recipient_name}."


def _propose_department(form: Any, record: Body) -> None:
    """The only department there is."""
    query = select(Agency.id).where(Agency.kind == AgencyKind.DEPARTMENT, Agency.is_active)
    found = list(db.session.scalars(query.limit(2)))
    form.recipient_id.data = found[0] if len(found) == 1 else None


def _agree(record: Body, form: Any) -> str:
    bodies.agree(db.session(), body=record, approved_on=form.approved_on.data, by=edge.viewer())
    return f"Состав согласован {ru_date(record.approved_on)}."


def _end(record: Body, form: Any) -> str:
    bodies.end(db.session(), body=record, ends_on=form.ends_on.data, ground=form.note.data or "", by=edge.viewer())
    return f"Орган упразднён: последний день {ru_date(record.ends_on)}."


def _keeps(viewer: Viewer, record: Body) -> bool:
    return may_keep(viewer, record.agency_id)


def _settles(viewer: Viewer, record: Body) -> bool:
    return may_settle(viewer, record.agency_id)


def _lives(record: Body) -> bool:
    return record.ends_on is None or record.ends_on >= edge.today()


def _is_agreed_with_somebody(record: Body) -> bool:
    return _lives(record) and bodies.needs_agreement(db.session(), record, on=edge.today())


def _has_members(record: Body) -> bool:
    return bool(record.members_on(edge.today()))


class BodyView(KeepView):
    title, icon, create_label, default_sort = "Советы и комиссии", "users", "Создать орган", "name"
    search_placeholder_text = "Название, фамилия члена"
    details_template = "meetings/body.html"
    none_text = "Создайте совет или комиссию, чтобы вести состав и назначать заседания."
    form_overrides: ClassVar[dict[str, Any]] = {"key": KnownBodyField, "name": BodyNameField}
    form_sections = (
        FormSection("Орган", "about", ("key", "name", "starts_on", "note", "agency_id")),
        FormSection(
            "Кворум",
            "quorum",
            ("quorum_part", "quorum_of"),
            help="Какая часть членов должна прийти. Пусто – как в регламенте, а без него половина.",
        ),
    )
    actions = (
        SeatAction("seat", "Ввести в состав", _seat, _keeps, _lives, SeatForm, kind="primary"),
        UnseatAction("unseat", "Вывести из состава", _unseat, _keeps, _has_members, UnseatForm),
        Action(
            "compose",
            "Отправить состав на согласование",
            _compose,
            _keeps,
            _is_agreed_with_somebody,
            ComposeForm,
            _propose_department,
            button="Отправить",
            hint="Письмо уйдёт сразу, со списком тех, кто в составе сегодня.",
        ),
        Action(
            "agree",
            "Отметить согласование состава",
            _agree,
            _settles,
            _is_agreed_with_somebody,
            AgreeForm,
            button="Отметить",
        ),
        Action("end", "Упразднить", _end, _settles, _lives, EndForm, kind="danger", hint="Новых заседаний не будет."),
    )

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return bodies_visible_to(viewer)

    def may_edit_record(self, viewer: Viewer, record: Body) -> bool:
        return may_keep(viewer, record.agency_id)

    def columns(self) -> Sequence[Column]:
        quorum = cast(Body.quorum_part, String) + "/" + cast(Body.quorum_of, String)
        return (
            Column("name", "Название", Body.name, sort=Body.name, css="cell-long", width=50),
            Column("members", "Членов", _members(), css="cell-number", width=10),
            Column("quorum", "Кворум", quorum, width=10),
            cells.day("starts", "Создан", Body.starts_on, is_sorted=True),
            cells.day("approved", "Состав согласован", Body.approved_on),
            cells.day("ends", "Упразднён", Body.ends_on),
            cells.coded("agency", "Организация", Body.agency_id, "agency", 34),
        )

    def filters(self) -> Sequence[Filter]:
        return (listing.flag("over", "Упразднён", _is_over), *cells.agency_filter(Body))

    def search_condition(self, text: str) -> ColumnElement[bool]:
        members = select(BodyMember.body_id).where(fragment(text, BodyMember.name, BodyMember.category))
        return or_(fragment(text, Body.name), Body.id.in_(members))

    def fit_form(self, form: Any, record: Any | None) -> None:
        super().fit_form(form, record)
        if record is not None:
            del form["key"], form["starts_on"]
        elif request.method == "GET":
            form.starts_on.data = edge.today()
            form.quorum_part.data = form.quorum_of.data = None

    def record(self, form: Any) -> Body:
        quorum = (form.quorum_part.data, form.quorum_of.data)
        return bodies.create(
            db.session(),
            agency_id=self.agency_of(form),
            key=form.key.data or "",
            name=form.name.data or "",
            quorum=quorum if any(quorum) else None,
            starts_on=form.starts_on.data,
            note=form.note.data or "",
            by=edge.viewer(),
        )

    def told(self, record: Body) -> str:
        labels.forget()
        return f"Создано: {record.name}. Теперь введите членов."

    def change(self, record: Body, form: Any) -> str:
        bodies.change(
            db.session(),
            body=record,
            name=form.name.data or "",
            quorum=(form.quorum_part.data, form.quorum_of.data),
            note=form.note.data or "",
            by=edge.viewer(),
        )
        return "Изменения сохранены."

    def card_context(self, record: Body) -> dict[str, Any]:
        context = super().card_context(record)
        context["header"] |= header(record, edge.viewer())
        context["blocks"] = blocks(record, edge.viewer())
        return context


def _members() -> ColumnElement[int]:
    m, today = BodyMember, edge.today()
    number = select(func.count(m.id)).where(m.body_id == Body.id, m.starts_on <= today)
    return number.where(or_(m.ends_on.is_(None), m.ends_on >= today)).correlate(Body).scalar_subquery()


def _is_over() -> ColumnElement[bool]:
    return func.coalesce(Body.ends_on < edge.today(), False)
