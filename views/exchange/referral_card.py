"""The page of a letter: where it stands, what it says and about whom, what was said since, what hangs on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import or_, select

from models.access import visible_to
from models.access_grants import AccessGrant, AccessProfile
from models.deadlines import Deadline
from models.exchange import Referral, ReferralPerson, ReferralStatus
from models.exchange_access import referrals_visible_to
from models.graduates import Graduate
from services.exchange import notes
from services.exchange.files import may_remove
from views import edge, history
from views.captions import table_title
from views.deadline_look import log_people
from views.exchange import referral_following
from views.exchange.addresses import desk_crumb
from views.exchange.contacts_page import contacts_of
from views.exchange.referral_links import council_links, file_links
from views.exchange.referral_thread import thread_of
from views.exchange.referral_words import acknowledgement_text, clock_text, is_pressing, status_chip, urgency_chip
from views.extensions import db
from views.files.cells import size_text, type_text
from views.formats import chip, ru_date, ru_datetime
from views.papers.links import papers_of

FRESH = (ReferralStatus.SENT, ReferralStatus.RECEIVED)
MANY = 200  # People shown of one letter.
Items = list[tuple[str, Any]]


def context(title: str, referral: Referral) -> dict[str, Any]:
    """All but the actions (ReferralView.page)."""
    visible = visible_people(referral)
    return {
        "page_title": title,
        "breadcrumbs": [desk_crumb(), (f"{title} № {referral.id}", None)],
        "header": _header(title, referral),
        "letter": _letter(referral),
        "people": _people(referral, visible),
        "files": [_file(one) for one in referral.files],
        "thread": thread_of(referral),
        "readings": [f"{one.who}, {ru_datetime(one.at)}" for one in notes.readings_of(db.session(), referral=referral)],
        "notes": notes.notes_of(db.session(), referral=referral, by=edge.viewer()),
        "grants": _grants(referral, visible),
        "related": list(_related(referral)),
        "next_links": referral_following.links(referral),
        "is_followed": referral_following.is_followed(referral),
        "history": _history(referral),
        "opened": "accept" if referral.status in FRESH else "",  # What most people open the page for.
        "blocks": [],
    }


def _history(referral: Referral) -> list[dict[str, Any]] | None:
    """What was changed in a draft is nobody's but the sender's; the others read the events."""
    viewer = edge.viewer()
    if viewer.agency_id != referral.sender_id and not viewer.is_administrator:
        return None
    entries = history.of_record(referral)
    made = f"{table_title('referral')}: создание"  # What it began with stands above.
    return [{**entry, "changes": []} if entry["what"] == made else entry for entry in entries]


def visible_people(referral: Referral) -> frozenset[int]:
    """Numbers of the cards that the viewer sees, of those in the letter."""
    ids = [one.graduate_id for one in referral.people if one.graduate_id is not None]
    if not ids:
        return frozenset()
    query = select(Graduate.id).where(Graduate.id.in_(ids), visible_to(edge.viewer()))
    found = frozenset(db.session.scalars(query))
    log_people(sorted(found), page="referral")
    return found


# -- The head --------------------------------------------------------------------------------------------------------


def _header(title: str, referral: Referral) -> dict[str, Any]:
    today = edge.today()
    chips = [status_chip(referral.status), urgency_chip(referral.urgency)]
    chips += [chip("просрочено", "red", "clock-exclamation")] if referral.is_late_on(today) else []
    chips += [chip("ждёт уточнения", "amber", "help")] if referral.paused_on else []
    chips += [chip("на бумаге", "grey", "file-text")] if referral.is_on_paper else []
    return {
        "title": title,
        "subtitle": referral.clause_text,
        "chips": [one for one in chips if one],
        "alerts": list(_alerts(referral)),
        "facts": _facts(referral),
        "actions": [],
        "papers": papers_of(referral),
    }


def _alerts(referral: Referral) -> Iterable[tuple[str, str]]:
    today = edge.today()
    clock, receipt = clock_text(referral, today), acknowledgement_text(referral, edge.now())
    if receipt and referral.acknowledged_at is None:
        yield "error", f"Экстренное извещение: {receipt}."
    if clock and referral.is_late_on(today):
        yield "error", f"{_capital(clock)}."
    elif clock and is_pressing(referral, today):
        yield "warning", f"{_capital(clock)}."
    if referral.paused_on is not None:
        yield "warning", f"Ждёт уточнения с {ru_date(referral.paused_on)}: {referral.pause_reason.rstrip('.')}."
    if referral.reason:
        yield "info", f"{_capital(referral.status.label)}: {referral.reason.rstrip('.')}."


def _facts(referral: Referral) -> Items:
    found: Items = [("От кого", referral.sender_name), ("Кому", referral.recipient_name)]
    found += [("Переслал", referral.forwarded_by.name)] if referral.forwarded_by else []
    if referral.sent_at is not None:
        found.append(("Исходящий", _outgoing(referral)))
    found += [("Входящий", told)] if (told := _incoming(referral)) else []
    found += [("Срок", _capital(told))] if (told := clock_text(referral, edge.today())) else []
    if referral.acknowledged_at is not None and (told := acknowledgement_text(referral, edge.now())):
        found.append(("Получение", _capital(told)))
    found += [("Результат", referral.outcome.label)] if referral.outcome else []
    return [*found, *([("Исполнитель", referral.executor.name)] if referral.executor else [])]


def _outgoing(referral: Referral) -> str:
    own = [f"№ {one.number_text} от {ru_date(one.sent_on)}" for one in referral.outgoing if one.message_id is None]
    if referral.their_number:
        own.append(f"№ {referral.their_number} от {ru_date(referral.sent_on)}")
    return ", ".join(own) or "без номера"


def _incoming(referral: Referral) -> str:
    """Out of the own journal only: how another organisation numbers its letters is its own affair."""
    viewer = edge.viewer()
    own = [
        one
        for one in referral.incoming
        if one.message_id is None and (one.agency_id == viewer.agency_id or viewer.reads_everybody)
    ]
    return ", ".join(f"№ {one.number_text} от {ru_date(one.received_on)}" for one in own)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# -- What it says ----------------------------------------------------------------------------------------------------


def _letter(referral: Referral) -> Items:
    found: Items = []
    if referral.summary != referral.kind_title:
        found.append(("О чём", referral.summary))
    found += [("О ком", referral.about_text)] if len(referral.people) > 1 else []
    found += [(_capital(fact["label"]), fact["value"]) for fact in referral.facts if fact["value"]]
    ground = referral.ground or "будет указано при отправке"
    author = referral.author.name if referral.author and referral.author.agency_id == referral.sender_id else ""
    return [*found, ("Основание передачи сведений", ground), *([("Составил", author)] if author else [])]


def _people(referral: Referral, visible: frozenset[int]) -> dict[str, Any] | None:
    """Whom it is about: what was told of each at sending, what the recipient tells now."""
    if not referral.people:
        return None
    told = list(dict.fromkeys(fact["label"] for one in referral.people for fact in one.facts if fact["value"]))
    labels = [label for label in told if label.casefold() not in ("фио", "дата рождения", "имя")]
    has_answers = any(one.answer for one in referral.people)
    is_born = any(one.birth_date for one in referral.people)
    columns = ["Человек", *(["Дата рождения"] if is_born else []), *(_capital(label) for label in labels)]
    contacts = contacts_of(referral)
    rows = []
    for one in referral.people[:MANY]:
        said = {fact["label"]: fact["value"] for fact in one.facts}
        row = [person_cell(one, visible, one.id in contacts), *([ru_date(one.birth_date)] if is_born else [])]
        rows.append([*row, *(said.get(label, "") for label in labels), *([one.answer] if has_answers else [])])
    left = len(referral.people) - len(rows)
    return {"columns": columns + (["Ответ получателя"] if has_answers else []), "rows": rows, "left": left}


def person_cell(person: ReferralPerson, visible: frozenset[int], has_contacts: bool) -> str | Markup:
    """The name as at sending; a link only where the viewer sees the card, or the contacts that were opened."""
    if person.graduate_id in visible:
        url = url_for("graduate.details_view", id=person.graduate_id)
        return Markup('<a href="{}">{}</a>').format(url, person.name)
    if has_contacts:
        url = url_for("contacts.show", person_id=person.id)
        return Markup('{} <a href="{}">контакты</a>').format(person.name, url)
    return person.name


# -- What hangs on it ------------------------------------------------------------------------------------------------


def _file(file: Any) -> dict[str, Any]:
    return {
        "file": file,
        "who": file.agency_id,
        "told": f"{type_text(file.media_type)}, {size_text(file.size)}, {ru_datetime(file.added_at)}",
        "links": file_links(file) if file.removed_on is None else [],
        "removed": f"Изъят {ru_date(file.removed_on)}: {file.removed_reason}" if file.removed_on else "",
        "may_remove": file.removed_on is None and may_remove(edge.viewer(), file),
    }


def _grants(referral: Referral, visible: frozenset[int]) -> list[list[Any]]:
    """Cards that the letter has opened: to whom, what of them, from when until when."""
    names = {one.graduate_id: one.name for one in referral.people}
    query = select(AccessGrant).where(AccessGrant.referral_id == referral.id).order_by(AccessGrant.id)
    rows = []
    for grant in db.session.scalars(query):
        is_over = grant.ends_on is not None and grant.ends_on < edge.today()
        state = chip("закрыт", "grey", "lock") if is_over else chip("открыт", "green", "key")
        rows.append(
            [names.get(grant.graduate_id, ""), grant.agency.short_name, _profile(grant), grant_term(grant), state]
        )
    return rows


def _profile(grant: AccessGrant) -> str:
    return "карточка" if grant.profile is AccessProfile.CARD else "контакты"


def grant_term(grant: AccessGrant) -> str:
    """«с 01.10.2026», «с 01.10.2026 по 15.11.2026»"""
    until = f" по {ru_date(grant.ends_on)}" if grant.ends_on else ", до закрытия письма и ещё 30 дней"
    return f"с {ru_date(grant.starts_on)}{until}"


def _related(referral: Referral) -> Iterable[tuple[str, list[Markup]]]:
    r, viewer = Referral, edge.viewer()
    same = r.batch == referral.batch if referral.batch else r.id == referral.origin_id
    query = select(r).where(
        or_(same, r.id == referral.origin_id, r.origin_id == referral.id),
        r.id != referral.id,
        referrals_visible_to(viewer),
    )
    found = list(db.session.scalars(query.order_by(r.id).limit(60)))
    for title, letters in (
        ("Переадресовано из", [one for one in found if one.id == referral.origin_id]),
        ("Переадресовано в", [one for one in found if one.origin_id == referral.id]),
        ("Отправлено вместе", [one for one in found if referral.batch and one.batch == referral.batch]),
    ):
        if letters:
            yield title, [_letter_link(one) for one in letters]
    if referral.deadline_id is not None and viewer.agency_id == referral.sender_id:
        deadline = db.session.get(Deadline, referral.deadline_id)
        url = url_for("deadline.details_view", id=referral.deadline_id)
        yield (
            "Срок, ради которого написано",
            [Markup('<a href="{}">{}</a>').format(url, deadline.rule.title if deadline else "")],
        )
    yield from council_links(referral)


def _letter_link(referral: Referral) -> Markup:
    url = url_for("referral.details_view", id=referral.id)
    told = f"{referral.kind_title} № {referral.id}, {referral.recipient_name}"
    return Markup('<a href="{}">{}</a> {}').format(url, told, status_chip(referral.status))
