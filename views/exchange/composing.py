"""Composing: what of ReferralView writes letters – a kind, a form, a look before sending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from models.access import Viewer
from models.audit import AccessKind
from models.deadlines import Deadline
from models.exchange import Referral
from models.territory import Agency
from services.errors import Refused, need
from services.exchange import drafting, proposals, workflow, writing
from services.exchange.kinds import ABOUT_PERSON, ReferralKind, sendable
from services.exchange.proposals import Proposal, subject_of
from views import edge, totals
from views.case_base import wanted_number
from views.constraints import message_for
from views.doing import CHANGED
from views.exchange import before_sending, kind_choice, letter_page
from views.exchange.addresses import letter_url
from views.exchange.letter_form import Composed, LetterForm, compose, is_subject, mark_routed, proposed_answer_day
from views.exchange.sent_words import MUTABLE, told_of
from views.extensions import db

REFILLED = "Получатели и поля заполнены по карточкам. Проверьте их и сохраните ещё раз."
Page = str | Response | tuple[str, int]


class Composing:
    """The pages `new`, `edit` and `before` of a letter; mixed into ReferralView."""

    # -- A new one -----------------------------------------------------------------------------------------------------

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Page:
        sender = _sender()
        deadline = own_deadline(sender)
        kind = _kind(sender, deadline)
        if kind is None:
            if request.method == "POST":
                abort(404)
            return self.render("exchange/choose_kind.html", **kind_choice.page(sender, deadline))  # type: ignore[attr-defined]
        made = compose(kind, sender, fresh=_posted() if request.method == "POST" else _fresh(kind, deadline))
        if request.method != "POST":
            return self._page(made)
        if made.has_new_people or "_fill" in request.form:
            return self._page(made, refilled="_fill" not in request.form)
        if not made.form.validate():
            return self._page(made), 422
        try:
            letters = self._write(made)
        except Refused as refusal:
            return self._page(_again(made), message=made.blame(refusal)), 422
        totals.forget()
        return _after(letters)

    def _write(self, made: Composed) -> list[Referral]:
        """The letters of this form, and commit. Raises Refused."""
        token, viewer = made.form.form_token.data or "", edge.viewer()
        try:
            letters = writing.write(
                db.session(),
                kind_key=made.kind.key,
                to=made.to(),
                told=made.told(),
                agency_id=made.sender.id,
                form_token=token,
                is_sent="_send" in request.form,
                by=viewer,
                now=edge.now(),
            )
            db.session.commit()
        except Refused:
            db.session.rollback()
            raise
        except IntegrityError as error:
            db.session.rollback()
            if letters := writing.written_before(db.session(), form_token=token, by=viewer):
                return letters
            raise Refused(message_for(error)[1]) from None
        return letters

    # -- A draft, or what was returned ---------------------------------------------------------------------------------

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Page:
        record = self._own_letter()
        if record.status not in MUTABLE:
            flash("Письмо уже отправлено: его текст не меняется. Можно написать сообщение или отозвать письмо.", "info")
            return redirect(letter_url(record.id))
        edge.log_access(AccessKind.OPENED, subject="referral", subject_id=record.id)
        kind = ReferralKind.of(record.terms)
        is_posted = request.method == "POST"
        made = compose(kind, _agency_of(record), record=record, fresh=_posted() if is_posted else _of(record, kind))
        if not is_posted:
            return self._page(made)
        if made.has_new_people or "_fill" in request.form:
            return self._page(made, refilled="_fill" not in request.form)
        if not made.form.validate():
            return self._page(made), 422
        if made.form.version.data != record.version:
            return self._changed(made)
        try:
            self._change(made, record)
        except Refused as refusal:
            return self._page(_again(made), message=made.blame(refusal)), 422
        except StaleDataError:
            db.session.rollback()
            return self._changed(_again(made))
        totals.forget()
        return _after([record])

    def _change(self, made: Composed, record: Referral) -> None:
        to = made.to()
        try:
            need(to, "Укажите, кому письмо.", field="recipient_id")
            need(len(to) == 1, "Одно письмо – один получатель. Другому напишите отдельно.", field="recipient_id")
            told, sent = made.told(), "_send" in request.form
            writing.change(
                db.session(), referral=record, to=to[0], told=told, is_sent=sent, by=edge.viewer(), now=edge.now()
            )
            db.session.commit()
        except Refused:
            db.session.rollback()
            raise
        except IntegrityError as error:
            db.session.rollback()
            raise Refused(message_for(error)[1]) from None

    def _changed(self, made: Composed) -> tuple[str, int]:
        """Somebody else saved the letter meanwhile: what is typed stays, what is stored now is shown beside it."""
        assert made.record
        made.form.version.data, made.form.version.raw_data = made.record.version, None
        return self._page(made, theirs=letter_page.differences(made)), 409

    # -- A look before sending -----------------------------------------------------------------------------------------

    @expose("/before/", methods=("GET", "POST"))
    def before_view(self) -> Page:
        """What travels, by which right, to whom, until when an answer: of a draft and of those written with it."""
        record = self._own_letter()
        letters = writing.of_batch(db.session(), referral=record)
        if record.status not in MUTABLE:
            return redirect(letter_url(record.id))
        edge.log_access(AccessKind.OPENED, subject="referral", subject_id=record.id)
        if request.method == "POST":
            try:
                for letter in letters:
                    need(request.form.get(f"version-{letter.id}") == str(letter.version), CHANGED)
                    workflow.send(db.session(), referral=letter, by=edge.viewer(), now=edge.now())
                db.session.commit()
            except (Refused, StaleDataError) as refusal:
                db.session.rollback()
                error = str(refusal) if isinstance(refusal, Refused) else CHANGED
                return self._before(writing.of_batch(db.session(), referral=record), error), 422
            totals.forget()
            return _after(letters)
        return self._before(letters)

    def _before(self, letters: Sequence[Referral], error: str = "") -> str:
        context = before_sending.context(letters, error)
        return self.render("exchange/before.html", **context)  # type: ignore[attr-defined]

    # -- Both ----------------------------------------------------------------------------------------------------------

    def _own_letter(self) -> Referral:
        """A letter that the user may see; 403 for whoever is not of its sender."""
        record: Referral = self.record_or_404()  # type: ignore[attr-defined]
        if not may_write(edge.viewer(), record):
            edge.log_access(AccessKind.REFUSED, subject="referral", subject_id=record.id)
            abort(403)
        return record

    def _page(self, made: Composed, message: str = "", refilled: bool = False, theirs: Any = None) -> str:
        mark_routed(made)
        context = letter_page.context(made, message, REFILLED if refilled else "", theirs)
        return self.render("exchange/compose.html", **context)  # type: ignore[attr-defined]


def may_write(viewer: Viewer, record: Referral) -> bool:
    """Whose own letter it is; an administrator corrects those of all senders of ours."""
    return record.sender_id is not None and (viewer.is_administrator or viewer.agency_id == record.sender_id)


def _sender() -> Agency:
    """The user's organisation; an administrator may write for another one."""
    viewer = edge.viewer()
    number = wanted_number("agency") if viewer.is_administrator else None
    return db.session.get(Agency, number or viewer.agency_id) or abort(404)


def _agency_of(record: Referral) -> Agency:
    return record.sender or abort(404)


def own_deadline(sender: Agency) -> Deadline | None:
    """The obligation for which the letter is written; that of another organisation does not exist here."""
    number = wanted_number("deadline")
    if number is None:
        return None
    found = db.session.get(Deadline, number)
    if found is None or found.agency_id != sender.id:
        edge.log_access(AccessKind.REFUSED, subject="deadline", subject_id=number)
        abort(404)
    return found


def _kind(sender: Agency, deadline: Deadline | None) -> ReferralKind | None:
    """The kind that the address names, or the only one that fulfils the obligation; None: it is still to be chosen."""
    wanted = request.args.get("kind", "")
    if wanted:
        on = edge.today()
        kinds = sendable(db.session(), agency_id=sender.id, agency_kind=sender.kind, on=on)
        return next((kind for kind in kinds if kind.key == wanted), None) or abort(404)
    if deadline is None:
        return None
    if (proposal := _proposal(deadline)) is not None:
        return proposal.kind
    offered = kind_choice.offered(sender, deadline)
    return offered[0] if len(offered) == 1 else None


def _proposal(deadline: Deadline) -> Proposal | None:
    return proposals.proposal_of(db.session(), deadline_id=deadline.id, by=edge.viewer())


def _fresh(kind: ReferralKind, deadline: Deadline | None) -> LetterForm:
    """A blank form with what the address proposes."""
    form = LetterForm(formdata=None)
    form.summary.data = kind.title
    form.text.data = kind.letter
    form.answer_due_on.data = proposed_answer_day(kind)
    subject = request.args.get("subject", "")
    form.subject.data = subject if is_subject(subject) else ""
    person, recipient = wanted_number("graduate"), wanted_number("recipient")
    people: list[int] = []
    if deadline is not None:
        form.deadline.data = str(deadline.id)
        person, recipient = person or deadline.graduate_id, recipient or deadline.recipient_id
        form.outside.data = "" if deadline.recipient_id else deadline.recipient_text
        form.subject.data = form.subject.data or subject_of(deadline)
        proposal = _proposal(deadline)
        if proposal is not None and proposal.kind.key == kind.key:
            told = proposals.told_of(db.session(), proposal=proposal, by=edge.viewer())
            form.text.data, people = told.text or kind.letter, list(told.graduate_ids)
    if kind.about == ABOUT_PERSON:
        form.person.data = person
    else:
        form.people.data = [person] if person else people
    form.recipients.data = [recipient] if recipient else []
    return form


def _posted() -> LetterForm:
    return LetterForm(request.form)


def _of(record: Referral, kind: ReferralKind) -> LetterForm:
    """What a letter says now."""
    told = drafting.told_of(record)
    form = LetterForm(formdata=None)
    form.version.data = record.version
    form.summary.data, form.text.data = told.summary, told.text
    form.subject.data, form.deadline.data = told.subject, str(told.deadline_id or "")
    form.unknown_name.data, form.unknown_birth_date.data = told.unknown_name, told.unknown_birth_date
    form.recipients.data = [told.recipient_id] if told.recipient_id else []
    form.outside.data = told.recipient_text
    form.consent_id.data, form.ground.data = told.consent_id, told.ground if told.consent_id is None else ""
    form.answer_due_on.data = told.answer_due_on or proposed_answer_day(kind)
    if kind.about == ABOUT_PERSON:
        form.person.data = next(iter(told.graduate_ids), None)
    else:
        form.people.data = list(told.graduate_ids)
    return form


def _again(made: Composed) -> Composed:
    """The same form after a rollback, with what the database holds now."""
    if made.record is not None:
        db.session.refresh(made.record)
    return made


def _after(letters: Sequence[Referral]) -> Response:
    """Where one goes on: the letter, the page before sending, or the first of several letters."""
    first = letters[0]
    if "_check" in request.form and first.status in MUTABLE:
        return redirect(url_for("referral.before_view", id=first.id))
    flash(told_of(letters), "success")
    return redirect(letter_url(first.id))
