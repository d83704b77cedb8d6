"""«Записать работу»: one page for what a day is full of, by keyboard alone, for one person or for several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from models.access import visible_to
from models.audit import AccessKind
from models.graduates import Graduate
from models.work import Appeal, Consultation, ServiceRecord, Visit
from services.errors import Refused, need
from services.work import appeals, consultations, service_records, visits, warnings
from services.work.service_forms import FormsByHousing, forms_by_housing
from views import edge, labels, totals
from views import work_words as words
from views.case_base import wanted_number
from views.constraints import message_for
from views.deadline_look import log_people
from views.extensions import db
from views.fields import parse_date
from views.formats import counted
from views.saving import error_list
from views.work.fields import measures_of
from views.work.quick_form import QuickForm, What, may_write

pages = Blueprint("work", __name__, url_prefix="/work")
PHONE = "phone"
MANY = 100  # Each gets an entry with a number of its own.
MODELS: dict[What, type[Any]] = {
    What.TALK: Consultation,
    What.CALL: Consultation,
    What.APPEAL: Appeal,
    What.VISIT: Visit,
    What.SERVICE: ServiceRecord,
}


# -- Pages -----------------------------------------------------------------------------------------------------------


@pages.before_request
def _only_those_who_write() -> None:
    if not may_write():
        edge.log_access(AccessKind.REFUSED, subject="work")
        abort(403)


@pages.get("/")
def index() -> str:
    return _page(_fresh())


@pages.post("/")
def save() -> Response | tuple[str, int]:
    """One transaction: an entry for each person, a service with each where its kind is named."""
    form = QuickForm(request.form).ready()
    if not form.validate():
        return _page(form), 422
    try:
        made = _once(form)
    except Refused as refusal:
        return _page(form, _refused(form, refusal)), 422
    totals.forget()
    _tell(made)
    if "_minutes" in request.form and len(made) == 1 and isinstance(made[0], Consultation):
        return redirect(url_for("consultation_minutes.create_view", consultation=made[0].id))
    return redirect(url_for(".index", **_kept(form)))


@pages.get("/proposal")
def proposal() -> Response:
    """What follows from the one person chosen: the form of service by housing, measures that a service may fulfil."""
    number = wanted_number("graduate")
    graduate = _visible(number)
    if graduate is None:
        edge.log_access(AccessKind.REFUSED, subject="graduate", subject_id=number)
        abort(404)
    log_people([graduate.id], page="work")
    housing = graduate.current_housing_code
    form = _forms().proposed(housing)
    return jsonify(form=form, note=_housing_note(housing), measures=measures_of(graduate.id))


def _forms() -> FormsByHousing:
    return forms_by_housing(db.session(), agency_id=edge.viewer().agency_id, on=edge.today())


def _housing_note(housing: str | None) -> str:
    """Nothing where no regulation of the organisation binds the form to housing."""
    rule = _forms().rule(housing)
    if rule is None:
        return ""
    forms = " или ".join(labels.label("service_form", code) for code in rule.forms)
    dwelling = labels.label("housing_status", housing) or "нет сведений"
    return f"По жилью «{dwelling}»: {forms}."


def _fresh() -> QuickForm:
    """A blank form with what the address keeps: the day, the kind of work, the person."""
    form = QuickForm(formdata=None)
    args = request.args
    form.on.data = edge.today()
    if "on" in args:
        with suppress(ValueError):
            form.on.data = parse_date(args["on"])
    for name in ("what", "kind"):
        field: Any = form[name]
        field.data = next((one for one in field.enum if one.value == args.get(name)), field.default)
    channel = args.get("channel", "")
    form.channel_code.data = channel if channel in labels.labels().get("channel", {}) else None
    form.people.data = [number] if (number := wanted_number("graduate")) else []
    return form.ready()


def _only_person(form: QuickForm) -> Graduate | None:
    """The one person chosen, where the user sees him."""
    people = form.people.data or []
    return _visible(people[0]) if len(people) == 1 else None


def _visible(number: int | None) -> Graduate | None:
    query = select(Graduate).where(Graduate.id == (number or 0), visible_to(edge.viewer()))
    return db.session.scalars(query).one_or_none()


def _kept(form: QuickForm) -> dict[str, Any]:
    """What the next entry begins with."""
    kept = {"on": f"{form.on.data:%Y-%m-%d}", "what": form.what.data, "kind": form.kind.data}
    return {**kept, **({"channel": form.channel_code.data} if form.channel_code.data else {})}


def _page(form: QuickForm, message: str = "") -> str:
    errors = ([("", message, "")] if message else []) + error_list(form, "")
    person = _only_person(form)
    if person is not None and request.method == "GET":
        form.service_form.data = _forms().proposed(person.current_housing_code)
    return render_template(
        "work/quick.html",
        page_title="Записать работу",
        breadcrumbs=[],
        form=form,
        errors=errors,
        kinds=list(What),
        note=_housing_note(person.current_housing_code) if person is not None else "",
    )


# -- Saving ----------------------------------------------------------------------------------------------------------


def _once(form: QuickForm) -> list[Any]:
    """The entries that this form made: now, or with the first of two clicks. Raises Refused."""
    token = form.form_token.data or ""
    if made := _made_before(form, token):
        return made
    people = form.people.data or []
    need(people, "Выберите, с кем проведена работа.", field="people")
    need(len(people) <= MANY, f"За один раз – не больше {MANY} человек. Занятие записывают отдельно.", field="people")
    try:
        made = [_entry(form, graduate_id) for graduate_id in people]
        for number, record in enumerate(made):
            record.form_token = f"{token}-{number}" if token else None
        db.session.commit()
    except Refused:
        db.session.rollback()
        raise
    except IntegrityError as error:
        db.session.rollback()
        if made := _made_before(form, token):
            return made
        field, sentence = message_for(error)
        raise Refused(sentence, field=field or "") from None
    return made


def _made_before(form: QuickForm, token: str) -> list[Any]:
    if not token:
        return []
    model = MODELS[form.what.data]
    own = model.created_by_id == edge.viewer().user_id
    query = select(model).where(own, model.form_token.startswith(f"{token}-", autoescape=True))
    return list(db.session.scalars(query.order_by(model.id)))


def _entry(form: QuickForm, graduate_id: int) -> Any:
    """The entry about one person, and the service with it."""
    common = {"graduate_id": graduate_id, "agency_id": form.agency(), "by": edge.viewer(), "now": edge.now()}
    made = VERBS[form.what.data](form, common)
    if form.what.data is not What.SERVICE and form.service_kind.data:
        _service(form, common, ground=made)
    return made


def _talk(form: QuickForm, common: dict[str, Any]) -> Consultation:
    is_call = form.what.data is What.CALL
    return consultations.record(
        db.session(),
        held_on=form.on.data,
        kind=form.kind.data,
        channel_code=PHONE if is_call else form.channel_code.data,
        topic=form.topic.data or "",
        content=form.content.data or "",
        outcome_code=form.outcome_code.data,
        **common,
    )


def _appeal(form: QuickForm, common: dict[str, Any]) -> Appeal:
    return appeals.record(
        db.session(),
        received_on=form.on.data,
        channel_code=form.channel_code.data,
        content=form.topic.data or "",
        urgency=form.urgency.data,
        decision=form.content.data or "",
        outcome_code=form.outcome_code.data,
        **common,
    )


def _visit(form: QuickForm, common: dict[str, Any]) -> Visit:
    return visits.record(
        db.session(),
        visited_on=form.on.data,
        purpose=form.topic.data or "",
        is_opened=form.is_opened.data,
        result=form.content.data or "",
        **common,
    )


def _service(form: QuickForm, common: dict[str, Any], ground: Any = None) -> ServiceRecord:
    return service_records.record(
        db.session(),
        provided_on=form.on.data,
        kind_code=form.service_kind.data,
        form_code=form.service_form.data,
        title=form.topic.data or "",
        quantity=form.quantity.data if form.quantity.data is not None else 1,
        result="" if ground is not None else (form.content.data or "")[:500],
        measure_id=form.measure_id.data,
        ground=ground,
        **common,
    )


VERBS: dict[What, Callable[[QuickForm, dict[str, Any]], Any]] = {
    What.TALK: _talk,
    What.CALL: _talk,
    What.APPEAL: _appeal,
    What.VISIT: _visit,
    What.SERVICE: _service,
}


# -- Telling ---------------------------------------------------------------------------------------------------------


def _refused(form: QuickForm, refusal: Refused) -> str:
    """The sentence at its field, or on top of the page."""
    field = form.told_at(refusal.field) if refusal.field else None
    if field is None:
        return str(refusal)
    field.errors = [*field.errors, str(refusal)]
    return ""


def _tell(made: Sequence[Any]) -> None:
    flash(_recorded(made), "success")
    told = [sentence for record in made for sentence in warnings.about(db.session(), record=record, by=edge.viewer())]
    for sentence in dict.fromkeys(told):
        flash(sentence, "warning")


def _recorded(made: Sequence[Any]) -> Markup:
    """«Записано: беседа № 15/2026. Составить протокол.»"""
    first = made[0]
    if len(made) > 1:
        people = counted(len(made), "человек", "человека", "человек")
        names = Markup(", ").join(words.entry_link(record) for record in made)
        return Markup("Записано на {}: {}.").format(people, names)
    told = Markup("Записано: {}.").format(words.entry_link(first))
    if isinstance(first, Consultation):
        url = url_for("consultation_minutes.create_view", consultation=first.id)
        told += Markup(' <a href="{}">Составить протокол</a>').format(url)
    return told
