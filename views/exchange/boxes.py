"""The boxes of the exchange desk: registers of letters of the own organisation, told apart by what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import ColumnElement, select
from werkzeug.wrappers import Response

from models.access import Viewer
from models.exchange import OVER, ReferralPerson, ReferralStatus
from services.exchange import boxes
from services.exchange.boxes import OPEN, Box, Counters
from views import edge, listing, totals
from views.base import RegistryView
from views.deadline_look import log_people
from views.exchange import box_cells as cells
from views.exchange import box_filters, bulk
from views.exchange.addresses import letter_url
from views.extensions import db
from views.listing import Column, Filter, Found, Page

S = ReferralStatus


class BoxView(RegistryView):
    """One box; a subclass says which, with its columns. Letters of others are in no box."""

    icon = "mail"
    list_template = "exchange/box.html"
    can_view_details = False  # The page of a letter has an address of its own.
    box: ClassVar[Box]
    statuses: ClassVar[Sequence[ReferralStatus]] = OPEN
    search_placeholder_text = "Фамилия, вид, организация, номер"
    empty_text = "Измените поиск или снимите отбор. Законченные письма лежат в архиве."
    none_title = "Писем нет"

    def __init__(self, model: type[Any], **kwargs: Any) -> None:
        self.title = self.box.label
        super().__init__(model, **kwargs)

    def filters(self) -> Sequence[Filter]:
        return box_filters.filters(self.statuses)

    def parts(self) -> Sequence[ColumnElement[bool]]:
        return boxes.parts_of(self.box, agency_id=edge.viewer().agency_id, on=edge.today())

    def scope(self, viewer: Viewer) -> ColumnElement[bool]:
        return boxes.lies_in(self.box, agency_id=viewer.agency_id, on=viewer.on)

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return box_filters.found_by(text)

    # -- The list ------------------------------------------------------------------------------------------------------

    def asked(self, found: Found) -> Found:
        """The same list without the condition of the box, which its parts bring."""
        query = self.base_query(found.columns).where(*found.conditions[1:])
        return replace(found, query=query)

    def count(self, found: Found) -> int:
        asked = self.asked(found)
        return sum(listing.count_of(asked.query.where(part), found.key) for part in self.parts())

    def shown_total(self, found: Found) -> int:
        """The whole box has been counted for its tab."""
        if found.state.q or found.state.filters:
            return super().shown_total(found)
        return counted().boxes[self.box]

    def _fetch(self, found: Found) -> Page:
        sort, asked, parts = found.state.sort, self.asked(found), self.parts()
        only = parts[0] if len(parts) == 1 else None
        page = listing.fetch(
            asked.query.where(only) if only is not None else asked.query,
            count=lambda: self.shown_total(found),
            key=found.key,
            sort=sort.sort if sort is not None and sort.sort is not None else found.key,
            is_descending=found.state.is_descending,
            size=found.state.size,
            after=request.args.get("after", ""),
            before=request.args.get("before", ""),
            is_last=bool(request.args.get("last")),
            parts=() if only is not None else parts,
        )
        log_named(page, self.endpoint)
        return page

    def list_context(self, found: Found, page: Page) -> dict[str, Any]:
        context = super().list_context(found, page)
        context |= {
            "can_create": True,
            "create_url": url_for("referral.create_view"),
            "create_label": "Написать письмо",
        }
        numbers = counted()
        context["list_tabs"] = [
            {
                "label": box.label,
                "count": numbers.boxes[box],
                "url": url_for(f"{ENDPOINTS[box]}.index_view"),
                "active": box is self.box,
            }
            for box in Box
        ]
        for shown, row in zip(context["rows"], page.rows, strict=True):
            shown["url"] = letter_url(row[0])
            shown["css"] = "row-unread" if cells.is_unread(row[1]) else ""
        if not found.state.q and not found.state.filters:
            context["empty_title"], context["empty_text"] = self.none_title, self.none_text
        return context


class InboxView(BoxView):
    box, default_sort = Box.INBOX, "-sent"
    none_title = "Новых и незаконченных писем нет"
    none_text = "Письмо другой организации появится здесь сразу, как только его отправят. Законченные лежат в архиве."

    def columns(self) -> Sequence[Column]:
        return (
            cells.kind(marks_unread=True),
            cells.status(is_inbox=True),
            cells.sender(),
            cells.about(),
            cells.due(),
            cells.sent(),
            cells.number("Вх. №"),
            cells.executor(),
        )

    def list_context(self, found: Found, page: Page) -> dict[str, Any]:
        context = super().list_context(found, page) | {"has_urgent_strip": True}
        return context | (bulk.context(self, page) if page.rows else {})

    @expose("/bulk/", methods=("POST",))
    def bulk(self) -> Response:
        return bulk.perform(self)


class OutboxView(BoxView):
    box, default_sort = Box.OUTBOX, "-sent"
    none_title = "Отправленных писем нет"
    none_text = "Здесь будут письма, которые ваша организация отправила и по которым дело ещё не закончено."

    def columns(self) -> Sequence[Column]:
        return (
            cells.kind(),
            cells.status(),
            cells.recipient(),
            cells.about(),
            self.due(),
            cells.sent(),
            cells.number("Исх. №"),
            cells.executor("Занимается"),
        )

    def due(self) -> Column:
        return cells.due("Ответ до")


class AwaitedView(OutboxView):
    box, default_sort = Box.AWAITED, "due"
    none_title = "Ответов ждать не от кого"
    none_text = "Здесь стоят отправленные вами письма, на которые нужен ответ и его ещё нет."

    def due(self) -> Column:
        return cells.surely_due()


class OverdueView(BoxView):
    box, default_sort = Box.OVERDUE, "due"
    none_title = "Просроченных писем нет"
    none_text = "Здесь появятся письма, на которые вовремя не ответили вы или другая организация."

    def columns(self) -> Sequence[Column]:
        return (
            cells.kind(),
            cells.owes(),
            cells.other_side(),
            cells.about(),
            cells.surely_due(),
            cells.status(),
            cells.sent(),
            cells.number(),
            cells.executor(),
        )


class DraftsView(BoxView):
    box, default_sort = Box.DRAFTS, "-written"
    statuses = (S.DRAFT, S.RETURNED)
    empty_text = "Измените поиск или снимите отбор."
    none_title = "Черновиков нет"
    none_text = "Письмо, которое начали и не отправили, сохраняется здесь. Сюда же попадает то, что вернули доработать."

    def columns(self) -> Sequence[Column]:
        return (
            cells.kind(),
            cells.status(),
            cells.recipient(),
            cells.about(),
            cells.written(),
            cells.author(),
            cells.reason(),
        )


class ArchiveView(BoxView):
    box, default_sort = Box.ARCHIVE, "-sent"
    statuses = OVER
    empty_text = "Измените поиск или снимите отбор. Незаконченные письма лежат во входящих и исходящих."
    none_title = "В архиве пусто"
    none_text = "Сюда попадают письма, дело по которым закончено: закрытые, отклонённые, отозванные, переадресованные."

    def columns(self) -> Sequence[Column]:
        return (
            cells.kind(),
            cells.status(),
            cells.other_side(),
            cells.about(),
            cells.outcome(),
            cells.sent(),
            cells.number(),
            cells.closed(),
        )


# Endpoint, address and view of each box, in the order of the tabs.
VIEWS: dict[Box, tuple[str, str, type[BoxView]]] = {
    Box.INBOX: ("inbox", "inbox", InboxView),
    Box.OUTBOX: ("outbox", "outbox", OutboxView),
    Box.AWAITED: ("awaited", "awaited", AwaitedView),
    Box.OVERDUE: ("overdue_letters", "overdue", OverdueView),
    Box.DRAFTS: ("drafts", "drafts", DraftsView),
    Box.ARCHIVE: ("letters_archive", "archive", ArchiveView),
}
ENDPOINTS = {box: endpoint for box, (endpoint, _, _) in VIEWS.items()}


# -- Parts -------------------------------------------------------------------------------------------------------------


def counted() -> Counters:
    """The numbers of the tabs, as old as totals of lists may be."""
    agency_id, today = edge.viewer().agency_id, edge.today()
    return totals.remembered(
        ("boxes", agency_id, today), lambda: boxes.counters(db.session(), agency_id=agency_id, on=today)
    )


def log_named(page: Page, endpoint: str) -> None:
    """Note the people whose names stand in the lines; a line about several tells no name."""
    numbers = [row[0] for row in page.rows]
    if not numbers:
        return
    p = ReferralPerson
    single = select(p.referral_id).where(p.referral_id.in_(numbers), p.position > 0)
    query = select(p.graduate_id).where(
        p.referral_id.in_(numbers), p.referral_id.not_in(single), p.graduate_id.is_not(None)
    )
    log_people([number for number in db.session.scalars(query) if number is not None], page=endpoint)
