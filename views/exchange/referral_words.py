"""How a letter is told in words: its status, its clock, its numbers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from markupsafe import Markup

from models.exchange import AT_RECIPIENT, Referral, ReferralStatus, ReferralUrgency
from views.formats import chip, counted, plural, ru_date, ru_datetime

S = ReferralStatus
STATUS_LOOK = {
    S.DRAFT: ("grey", "pencil"),
    S.SENT: ("blue", "mail"),
    S.RECEIVED: ("blue", "circle-dot"),
    S.ACCEPTED: ("blue", "circle-check"),
    S.IN_WORK: ("amber", "progress"),
    S.ANSWERED: ("green", "check"),
    S.CLOSED: ("grey", "archive"),
    S.RETURNED: ("amber", "arrow-back-up"),
    S.DECLINED: ("red", "circle-x"),
    S.REVOKED: ("grey", "ban"),
    S.FORWARDED: ("grey", "arrows-exchange"),
}
URGENCY_LOOK = {ReferralUrgency.THREE_DAYS: ("amber", "clock"), ReferralUrgency.IMMEDIATE: ("red", "urgent")}
MINUTE = timedelta(minutes=1)


def status_chip(status: ReferralStatus) -> Markup:
    return chip(status.label, *STATUS_LOOK[status])


def urgency_chip(urgency: ReferralUrgency) -> Markup:
    """Nothing for an ordinary letter."""
    look = URGENCY_LOOK.get(urgency)
    return chip(urgency.label, *look) if look else Markup()


def clock_text(referral: Referral, today: date) -> str:
    """«ответ до 03.04.2026, осталось 5 дней»; nothing where no answer is asked for or it is over."""
    if referral.answer_due_on is None or referral.is_over or referral.status is S.DRAFT:
        return ""
    if referral.answered_on is not None:
        late = (referral.answered_on - referral.answer_due_on).days
        told = f", на {days_text(late)} позже срока" if late > 0 else ""
        return f"ответ дан {ru_date(referral.answered_on)}{told}"
    left = (referral.answer_due_on - today).days
    when = f"просрочено на {days_text(-left)}" if left < 0 else f"осталось {days_text(left)}"
    return f"ответ до {ru_date(referral.answer_due_on)}, {when if left else 'сегодня последний день'}"


def is_pressing(referral: Referral, today: date) -> bool:
    """Whether three days or less are left for the answer."""
    is_waited_for = referral.status in AT_RECIPIENT and referral.answer_due_on is not None
    return is_waited_for and referral.answer_due_on is not None and (referral.answer_due_on - today).days <= 3


def acknowledgement_text(referral: Referral, now: datetime) -> str:
    """«подтвердить получение до 02.10.2026 10:15, осталось 12 минут»; nothing of an ordinary letter."""
    if referral.acknowledge_by is None:
        return ""
    if referral.acknowledged_at is not None:
        spent = int(
            max(referral.acknowledged_at - (referral.sent_at or referral.acknowledged_at), timedelta()) / MINUTE
        )
        return f"получение подтверждено {ru_datetime(referral.acknowledged_at)}, через {minutes_text(spent)}"
    if referral.is_over:
        return ""
    left = int((referral.acknowledge_by - now) / MINUTE)
    when = (
        f"осталось {minutes_text(left)}" if now <= referral.acknowledge_by else f"просрочено на {minutes_text(-left)}"
    )
    return f"подтвердить получение до {ru_datetime(referral.acknowledge_by)}, {when}"


def days_text(number: int) -> str:
    return counted(number, "день", "дня", "дней")


def minutes_text(number: int) -> str:
    """«12 минут», «2 часа 5 минут», «3 дня» once minutes say nothing."""
    if number >= 48 * 60:
        return days_text(number // (24 * 60))
    hours, minutes = divmod(number, 60)
    told = f"{hours} {plural(hours, 'час', 'часа', 'часов')} " if hours else ""
    return f"{told}{minutes} {plural(minutes, 'минута', 'минуты', 'минут')}" if minutes or not hours else told.strip()
