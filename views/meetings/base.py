"""KeepView: what the registers of councils, meetings, agendas and decisions have in common."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_admin import expose
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from models.access import Viewer
from services.errors import Refused
from views import doing, edge, labels, saving, totals
from views.base import EVERYBODY
from views.case_base import CaseView
from views.constraints import message_for
from views.extensions import db


class KeepView(CaseView):
    """Records are changed by verbs too: a form is handed to `change`, never written into the record."""

    creators = editors = EVERYBODY  # may_edit_record and the verbs say whose.

    def change(self, record: Any, form: Any) -> str:
        """Change the record by its verb, without committing; what was done, in words. Raises Refused."""
        raise NotImplementedError

    def viewer(self) -> Viewer:
        return edge.viewer()

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> str | Response | tuple[str, int]:
        record = self.record_or_404()
        self.require_edit(record)
        form = self.edit_form(obj=record)
        self.fit_form(form, record)
        messages: list[str] = []
        if request.method == "POST":
            if saving._is_stale(form, record):
                return saving._conflict(self, form, record)
            if saving.is_valid(self, form, record):
                key, told = self.get_pk_value(record), self._changed(record, form, messages)
                if told is not None:
                    flash(told, "success")
                    return saving._away(self, record, False)
                record = self.get_one(key)
        return saving.form_page(self, form, record, messages)

    def _changed(self, record: Any, form: Any, messages: list[str]) -> str | None:
        try:
            told = self.change(record, form)
            db.session.commit()
        except Refused as refusal:
            db.session.rollback()
            messages += [] if (said := doing.told_at_field(form, refusal)) == doing.BROKEN else [said]
            return None
        except StaleDataError:
            db.session.rollback()
            messages.append(doing.CHANGED)
            return None
        except IntegrityError as error:
            db.session.rollback()
            messages.append(message_for(error)[1])
            return None
        labels.forget()
        totals.forget()
        return told
