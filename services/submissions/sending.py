"""Sending what is approved: a letter of the exchange desk to each recipient, with the frozen files (vologda 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access import Viewer, visible_to
from models.exchange import Referral
from models.graduates import Graduate
from models.regulations import COMMON
from models.submission_access import may_draw
from models.submissions import RowChange, RowState, Submission, SubmissionRecipient, SubmissionRow
from models.territory import Agency
from services.errors import Refused, need
from services.exchange import drafting, workflow
from services.exchange import files as letter_files
from services.exchange.drafting import MANY, Told
from services.exchange.kinds import ABOUT_NONE, ReferralKind, kinds_for
from services.exchange.submitted import SUBJECT
from services.files import recognition
from services.files.attachments import Examined, Upload
from services.submissions import files, obligations, verifying
from services.submissions.common import NOT_OWN, S, Step, claim, short_title, when

GENERAL = f"{COMMON}/report"  # Where no kind of the organisation's regulations carries the report.
BROKEN = (
    "Содержание отчёта не совпадает с контрольной суммой утверждения: отправлять его нельзя. Сообщите администратору."
)
MANY_RECIPIENTS = 50


@dataclass(frozen=True)
class Tally:
    """How many rows are sent, and how they stand to the last submission."""

    included: int
    new: int
    changed: int
    gone: int


def send(
    session: Session, *, submission: Submission, recipient_ids: Sequence[int], folder: Path, by: Viewer, now: datetime
) -> list[Referral]:
    """Send an approved report to organisations; of two clicks one does it. Raises Refused, StaleSubmission."""
    need(may_draw(by, submission.agency_id), NOT_OWN)
    wanted = list(dict.fromkeys(recipient_ids))
    need(wanted, "Выберите, кому отправить.", field="recipients")
    need(len(wanted) <= MANY_RECIPIENTS, f"Не больше {MANY_RECIPIENTS} получателей.", field="recipients")
    need(submission.status is not S.DRAFT, "Сначала отчёт утверждает руководитель.")
    need(verifying.is_whole(session, submission=submission), BROKEN)
    recipients = _recipients(session, submission, wanted)
    made = _files(session, submission)
    names = ", ".join(agency.short_name for agency in recipients)
    told = {"step": Step.SENT, "by": by, "now": now, "note": names}
    claim(session, submission=submission, expected=(S.APPROVED,), becomes=S.SENT, sent_at=now, **told)  # type: ignore[arg-type]
    counted = tally(session, submission)
    return [_to(session, submission, agency, made, counted, folder, by, now) for agency in recipients]


def tally(session: Session, submission: Submission) -> Tally:
    """One statement."""
    r = SubmissionRow
    query = select(r.state, r.change, func.count()).where(r.submission_id == submission.id).group_by(r.state, r.change)
    counts = {(state, change): number for state, change, number in session.execute(query)}

    def of(*changes: RowChange, state: RowState = RowState.INCLUDED) -> int:
        return sum(counts.get((state, change), 0) for change in changes)

    gone = of(RowChange.GONE, state=RowState.LEFT_OUT)
    return Tally(of(*RowChange), of(RowChange.NEW), of(RowChange.CHANGED), gone)


def kind_for(session: Session, *, submission: Submission, recipient: Agency, by: Viewer) -> ReferralKind:
    """The kind of letters that carries the report to such a recipient: of the own regulations, else the general one."""
    sender = submission.agency
    known = kinds_for(session, agency_id=sender.id, on=by.on)
    fitting = [kind for kind in known if kind.report == submission.report and kind.may_go(sender.kind, recipient.kind)]
    fitting += [kind for kind in known if kind.key == GENERAL]
    if not fitting:
        raise Refused("Регламенты не загружены: отправить отчёт не по чему.")
    return fitting[0]


def _recipients(session: Session, submission: Submission, wanted: Sequence[int]) -> list[Agency]:
    found = {one.id: one for one in session.scalars(select(Agency).where(Agency.id.in_(wanted)))}
    for number in wanted:
        agency = found.get(number)
        need(agency is not None and agency.is_active, "Такой организации в справочнике нет.", field="recipients")
        need(number != submission.agency_id, "Самим себе отчёт не сдают.", field="recipients")
    return [found[number] for number in wanted]


def _files(session: Session, submission: Submission) -> list[Examined]:
    """The frozen workbook, and the paper to sign where it is not too long for an editor of texts."""
    made = []
    for file_format in ("xlsx", "docx"):
        try:
            data = files.make(session, submission=submission, file_format=file_format)
        except Refused:
            if file_format == "xlsx":
                raise
            continue
        made.append(Examined(Upload(files.name_of(submission, file_format), data), recognition.recognise(data)))
    return made


def _to(
    session: Session,
    submission: Submission,
    recipient: Agency,
    made: Sequence[Examined],
    counted: Tally,
    folder: Path,
    by: Viewer,
    now: datetime,
) -> Referral:
    kind = kind_for(session, submission=submission, recipient=recipient, by=by)
    people = _people(session, submission, kind, by)
    window = obligations.window_for(session, submission=submission)
    of_recipient = [one.id for one in window.deadlines if one.recipient_id == recipient.id] if window else []
    told = Told(
        recipient_id=recipient.id,
        summary=short_title(submission)[:500],
        text=_text(submission, kind),
        graduate_ids=people,
        facts=_facts(submission, kind, counted) if kind.about == ABOUT_NONE else {},
        subject=f"{SUBJECT}{submission.id}",
        deadline_id=of_recipient[0] if of_recipient else submission.deadline_id,
        ground=kind.ground,
    )
    letter = drafting.draft(session, kind_key=kind.key, told=told, agency_id=submission.agency_id, by=by, now=now)
    for file in made:
        title = f"{short_title(submission)} ({file.seen.extension.upper()})"[:500]
        letter_files.attach(session, referral=letter, title=title, file=file, folder=folder, by=by, now=now)
    workflow.send(session, referral=letter, by=by, now=now)
    sent = SubmissionRecipient(agency_id=recipient.id, referral_id=letter.id, sent_at=now)
    submission.recipients.append(sent)
    session.flush()
    return letter


def _people(session: Session, submission: Submission, kind: ReferralKind, by: Viewer) -> list[int]:
    """Whom a letter that is about people names: those of the list whose cards are still there; the table has all."""
    if kind.about == ABOUT_NONE:
        return []
    r = SubmissionRow
    query = select(r.graduate_id).where(r.submission_id == submission.id, r.state == RowState.INCLUDED)
    seen = select(Graduate.id).where(Graduate.id.in_(query), visible_to(by)).order_by(Graduate.name_key, Graduate.id)
    return list(session.scalars(seen.limit(MANY)))


def _text(submission: Submission, kind: ReferralKind) -> str:
    lines = [kind.letter or "Направляем отчёт."]
    if submission.is_nil:
        lines.append("За этот срок нет сведений: таблица пустая.")
    if submission.edition > 1:
        lines.append(f"Это редакция {submission.edition}: она заменяет прежнюю.")
    return "\n".join([*lines, files.note_of(submission)])


def _facts(submission: Submission, kind: ReferralKind, counted: Tally) -> dict[str, str]:
    """What the fields of a kind that is about nobody say; by the words of their labels."""
    nothing = "нет сведений" if submission.is_nil else ""
    differs = f"новых {counted.new}, изменено {counted.changed}, выбыло {counted.gone}"
    half = f"{'I' if submission.period_to.month <= 6 else 'II'} полугодие {submission.period_to.year} года"
    is_list = bool(submission.content.get("columns"))
    said = {
        "полугодие": f"{half}, {when(submission)}",
        "период": when(submission),
        "отчёт": submission.title,
        "сколько строк в таблице": nothing or str(counted.included) if is_list else "таблицы с цифрами",
        "что изменилось": nothing or differs,
        "что сделано": "в приложенном отчёте",
    }
    return {one.label: said.get(one.label, "") for one in kind.fields}
