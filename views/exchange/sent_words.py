"""What is said of letters just saved or sent."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from models.exchange import Referral, ReferralStatus
from views.exchange.addresses import letter_url
from views.formats import counted

MUTABLE = (ReferralStatus.DRAFT, ReferralStatus.RETURNED)


def told_of(letters: Sequence[Referral]) -> Markup:
    """«Отправлено: исх. № 12/2026 – КЦСОН; исх. № 13/2026 – Служба.»"""
    if any(letter.status in MUTABLE for letter in letters):
        what = counted(len(letters), "черновик", "черновика", "черновиков")
        return Markup("Сохранено: {}. Письмо ещё не отправлено.").format(what)
    lines = (
        Markup('<a href="{}">исх. № {}</a> – {}').format(
            letter_url(letter.id), number_of(letter), letter.recipient_name
        )
        for letter in letters
    )
    return Markup("Отправлено: {}.").format(Markup("; ").join(lines))


def number_of(letter: Referral) -> str:
    """The outgoing number of the letter itself, the newest where it was sent twice."""
    own = [one for one in letter.outgoing if one.message_id is None and one.agency_id == letter.sender_id]
    return own[-1].number_text if own else ""
