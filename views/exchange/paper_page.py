"""«Зарегистрировать бумажное письмо»: what came on paper from somebody without an account (vologda 4.7)."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import exists, select
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from models.exchange import Delivery, Referral
from models.territory import Agency
from models.users import User
from services.errors import Refused
from services.exchange import paper
from services.exchange.kinds import kinds_for
from views import doing, edge, totals
from views.base import FormSection
from views.case_base import wanted_number
from views.doing import LINE, OnceField
from views.exchange.addresses import desk_crumb, desk_url
from views.exchange.referral_forms import ChoiceField
from views.extensions import db
from views.fields import EnumField, LongField, NumberField, RuDateField, TextField
from views.saving import error_list
from views.work.fields import PeopleField

pages = Blueprint("paper_letter", __name__, url_prefix="/exchange/paper")
TITLE = "Зарегистрировать бумажное письмо"
SECTIONS = (
    FormSection("Письмо", "letter", ("kind_key", "their_number", "written_on", "received_on", "delivery", "sheets")),
    FormSection(
        "От кого",
        "sender",
        ("sender_id", "sender_text"),
        "Организации, которые работают в «Маршруте», присылают письма сами: здесь их нет.",
    ),
    FormSection("Содержание", "content", ("summary", "text", "graduate_ids", "person_names", "answer_due_on")),
)


class KindField(wtforms.SelectField):
    """A kind of letter that may come to the organisation."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **kwargs)


class PaperLetterForm(wtforms.Form):
    kind_key = KindField("Вид письма", validators=[InputRequired("Выберите вид письма.")])
    their_number = TextField("Исходящий № отправителя", validators=[LINE])
    written_on = RuDateField("Дата письма", validators=[InputRequired("Укажите дату письма.")])
    received_on = RuDateField("Получено", validators=[InputRequired("Укажите, когда письмо получено.")])
    delivery = EnumField(label="Как доставлено", enum=Delivery, default=Delivery.POST)
    sheets = NumberField("Листов", default=1)
    sender_id = ChoiceField("Организация из справочника", render_kw={"data-picker": "", "data-placeholder": "Название"})
    sender_text = TextField("Или кто прислал", description="Если организации нет в справочнике", validators=[LINE])
    summary = TextField("О чём, кратко", description="Без имён: эта строка видна в списках", validators=[LINE])
    text = LongField("Содержание", validators=[Length(max=20_000, message="Не длиннее 20 000 знаков.")])
    person_names = LongField("О ком ещё", description="Кого нет в реестре: по одному имени в строке")
    answer_due_on = RuDateField("Ответить до")
    form_token = OnceField()


def _form_class() -> type[wtforms.Form]:
    """With the search of people, which knows its address only inside a request."""
    people = PeopleField("О ком", description="Карточки, которые вам видны")
    return type("PaperLetter", (PaperLetterForm,), {"graduate_ids": people})


def _made_form(posted: Any = None) -> Any:
    form: Any = _form_class()(posted)
    viewer = edge.viewer()
    kinds = kinds_for(db.session(), agency_id=viewer.agency_id, on=viewer.on)
    form.kind_key.choices = [("", ""), *((one.key, one.title) for one in kinds if viewer.agency_kind in one.to_kinds)]
    form.sender_id.offer(_senders(), empty="")
    return form


def _senders() -> list[tuple[int, str]]:
    """Organisations of the directory where nobody can sign in."""
    has_accounts = exists().where(User.agency_id == Agency.id, ~User.is_locked)
    query = select(Agency.id, Agency.short_name).where(Agency.is_active, ~has_accounts)
    query = query.where(Agency.id != edge.viewer().agency_id).order_by(Agency.short_name)
    return [(number, name) for number, name in db.session.execute(query)]


@pages.get("/")
def new() -> str:
    form = _made_form()
    form.received_on.data = edge.today()
    form.graduate_ids.data = [number] if (number := wanted_number("graduate")) else []
    return _page(form)


@pages.post("/")
def save() -> Response | tuple[str, int]:
    form = _made_form(request.form)
    if not form.validate():
        return _page(form), 422
    try:
        letter = doing.once(Referral, form.form_token.data or "", lambda: _register(form))
    except Refused as refusal:
        told = doing.told_at_field(form, refusal)
        return _page(form, "" if told == doing.BROKEN else told), 422
    totals.forget()
    number = next((one.number_text for one in letter.incoming if one.message_id is None), "")
    flash(f"Письмо зарегистрировано, вх. № {number}.", "success")
    return redirect(url_for("referral.details_view", id=letter.id))


def _register(form: Any) -> Referral:
    return paper.register(
        db.session(),
        kind_key=form.kind_key.data or "",
        agency_id=edge.viewer().agency_id,
        sender_id=form.sender_id.data,
        sender_text=form.sender_text.data or "",
        their_number=form.their_number.data or "",
        written_on=form.written_on.data,
        received_on=form.received_on.data,
        summary=form.summary.data or "",
        text=form.text.data or "",
        graduate_ids=form.graduate_ids.data or (),
        person_names=(form.person_names.data or "").splitlines(),
        answer_due_on=form.answer_due_on.data,
        delivery=form.delivery.data or Delivery.POST,
        sheets=form.sheets.data if form.sheets.data is not None else 1,
        by=edge.viewer(),
        now=edge.now(),
    )


def _page(form: Any, message: str = "") -> str:
    return render_template(
        "exchange/paper.html",
        page_title=TITLE,
        breadcrumbs=[desk_crumb(), (TITLE, None)],
        form=form,
        sections=SECTIONS,
        errors=([("", message, "")] if message else []) + error_list(form, ""),
        save_label="Зарегистрировать",
        cancel_url=desk_url(),
    )
