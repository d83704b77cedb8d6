"""`/directory/own/`: an organisation keeps its own contacts, and says when they were checked."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response
from wtforms.validators import Length

from models.territory import Agency
from services import directory
from services.errors import Refused
from views import edge
from views.captions import caption
from views.doing import BROKEN, CHANGED, told_at_field
from views.extensions import db
from views.fields import TextField
from views.formats import ru_date
from views.saving import error_list

pages = Blueprint("own_contacts", __name__, url_prefix="/directory/own")
LINE = Length(max=500, message="Не длиннее 500 знаков.")


def _field(name: str) -> wtforms.Field:
    label, help_text = caption("agency", name)
    return TextField(label, validators=[LINE], description=help_text)


class OwnForm(wtforms.Form):
    address = _field("address")
    phone = _field("phone")
    email = _field("email")
    head_name = _field("head_name")
    head_position = _field("head_position")
    responsible_name = _field("responsible_name")
    responsible_position = _field("responsible_position")
    responsible_order = _field("responsible_order")


@pages.get("/")
def form() -> str:
    agency = _own()
    return _page(agency, OwnForm(obj=agency))


@pages.post("/")
def save() -> Response | tuple[str, int]:
    agency, typed = _own(), OwnForm(request.form)
    message = "" if typed.validate() else BROKEN
    if not message:
        try:
            _need_same(agency)
            directory.correct(db.session(), agency=agency, values=typed.data, by=edge.viewer())
            db.session.commit()
        except Refused as refusal:
            db.session.rollback()
            message = told_at_field(typed, refusal)
        except StaleDataError:
            db.session.rollback()
            message = CHANGED
    if message:
        return _page(_own(), typed, message), 422
    flash("Контакты сохранены и отмечены проверенными сегодня.", "success")
    return redirect(url_for("own_contacts.form"), 303)


@pages.post("/checked")
def confirm() -> Response:
    try:
        agency = _own()
        _need_same(agency)
        directory.confirm(db.session(), agency=agency, by=edge.viewer())
        db.session.commit()
    except (Refused, StaleDataError):
        db.session.rollback()
        flash(CHANGED, "warning")
    else:
        flash("Отмечено: сведения проверены сегодня.", "success")
    return redirect(url_for("own_contacts.form"), 303)


def _own() -> Agency:
    return db.session.get_one(Agency, edge.viewer().agency_id)


def _need_same(agency: Agency) -> None:
    if request.form.get("version") != str(agency.version):
        raise Refused(CHANGED)


def _page(agency: Agency, typed: OwnForm, message: str = "") -> str:
    errors: list[Any] = ([("", message, "")] if message and message != BROKEN else []) + error_list(typed, "")
    return render_template(
        "directory/own.html",
        page_title="Контакты нашей организации",
        breadcrumbs=[("Справочник участников", url_for("directory.index")), ("Контакты нашей организации", None)],
        agency=agency,
        form=typed,
        errors=errors,
        checked=ru_date(agency.contacts_checked_on),
        is_stale=directory.is_stale(agency.contacts_checked_on, edge.today()),
    )


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
