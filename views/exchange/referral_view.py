"""ReferralView: the address of one letter, its verbs and its rights; its page is put together in referral_card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, NoReturn

from flask import abort, g, redirect, url_for
from flask_admin import expose
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from models.access import Viewer
from models.audit import AccessKind
from models.exchange import Referral, ReferralReading
from models.exchange_access import referrals_visible_to
from services.exchange import notes
from views import edge
from views.base import EVERYBODY
from views.case_base import CaseView
from views.database import WRITES
from views.doing import Action
from views.exchange import referral_card
from views.exchange.addresses import desk_url
from views.exchange.composing import Composing, may_write
from views.exchange.referral_actions import ACTIONS, LetterAction
from views.exchange.referral_following import FOLLOWING
from views.exchange.referral_saying import SAYING
from views.exchange.sent_words import MUTABLE
from views.extensions import db
from views.listing import Column

Offered = tuple[Action, Any, bool]


class ReferralView(Composing, CaseView):
    title, icon, default_sort = "Обмен", "mail", "id"
    creators = editors = EVERYBODY
    details_template = "exchange/referral.html"
    form_overrides: ClassVar[dict[str, Any]] = {}
    actions = (*ACTIONS, *FOLLOWING, *SAYING)

    # -- Rights --------------------------------------------------------------------------------------------------------

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return referrals_visible_to(viewer)

    def may_edit_record(self, viewer: Viewer, record: Referral) -> bool:
        return may_write(viewer, record) and record.status in MUTABLE

    # -- There is no list here: letters are found in the boxes of the desk ---------------------------------------------

    def columns(self) -> Sequence[Column]:
        return ()

    @expose("/")
    def index_view(self) -> Response:
        return redirect(desk_url())

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> NoReturn:
        abort(404)

    # -- The page ------------------------------------------------------------------------------------------------------

    @expose("/details/")
    def details_view(self) -> str | Response:
        record = self.record_or_404()
        edge.log_access(AccessKind.OPENED, subject="referral", subject_id=record.id)
        _note_reading(record)
        return self.render(self.details_template, **self.page(record))

    def record_title(self, record: Referral) -> str:
        return record.kind_title

    def edit_url(self, record: Referral) -> str:
        """Where a draft, or what was returned, is written on; "" where it may not be."""
        return self.get_url(".edit_view", id=record.id) if self.can_edit_record(record) else ""

    def page(self, record: Referral, posted: str = "", form: Any = None, error: str = "") -> dict[str, Any]:
        """`form` holds what was typed into the action `posted`."""
        g.menu_place = _box_of(record)
        context = referral_card.context(self.record_title(record), record)
        header = context["header"]
        header["alerts"] = [*([("error", error)] if error else []), *header["alerts"]]
        saying = {one[0].name: one for one in _offered(SAYING, record, posted, form)}
        return context | {
            "record": record,
            "edit_url": self.edit_url(record),
            "actions": _offered(ACTIONS, record, posted, form),
            "following": _offered(FOLLOWING, record, posted, form),
            "can_say": saying.get("message"),
            "can_note": saying.get("note"),
            "can_attach": saying.get("attach"),
        }

    def after_action_url(self, record: Referral, name: str) -> str:
        return url_for("drafts.index_view") if name == "discard" else super().after_action_url(record, name)


def _offered(actions: Sequence[Action], record: Referral, posted: str, form: Any) -> list[Offered]:
    """(action, its form, whether it stands open) of what the viewer may do now."""
    viewer = edge.viewer()
    return [
        (_worded(action, viewer, record), form if is_posted else action.made_form(record), is_posted)
        for action in actions
        if action.may(viewer, record) and action.offered(record)
        for is_posted in [action.name == posted]
    ]


def _box_of(record: Referral) -> str:
    """Where in the menu the letter lies for the viewer."""
    if record.closed_at is not None:
        return "letters_archive"
    if record.sender_id != edge.viewer().agency_id:
        return "inbox"
    return "drafts" if record.status in MUTABLE else "outbox"


def _worded(action: Action, viewer: Viewer, record: Referral) -> Action:
    """What the other side does on paper is only written down here; an emergency is acknowledged first."""
    if action.name == "accept" and record.acknowledge_by is not None and record.acknowledged_at is None:
        action = replace(action, kind="")
    is_theirs = record.is_on_paper and viewer.agency_id == record.sender_id
    if not (is_theirs and isinstance(action, LetterAction) and action.paper_title):
        return action
    return replace(action, title=action.paper_title, button="Записать" if action.button else "")


def _note_reading(record: Referral) -> None:
    """The read receipt, in a short transaction of its own as the log of reading has: a page is read, not written."""
    viewer = edge.viewer()
    r = ReferralReading
    known = select(r.id).where(r.referral_id == record.id, r.user_id == viewer.user_id)
    if viewer.agency_id != record.recipient_id or db.session.scalar(known) is not None:
        return
    with Session(db.engines[None], join_transaction_mode="create_savepoint") as session, session.begin():
        session.connection(execution_options={WRITES: True})
        notes.read(session, referral=record, by=viewer, now=edge.now())
