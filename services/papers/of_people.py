"""What papers say that rest on the card itself: the order on a curator, a letter, the card of support; a cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.assessments import MonitoringCard
from models.cases import Contract, SupportEpisode
from models.files import FileIndex
from models.graduates import Graduate
from models.journals import Journal
from models.territory import Agency
from models.work import HousingSurvey, ServiceRecord
from reports.templates import Field, rows
from services.errors import need
from services.papers.facts import (
    AGENCY,
    PERSON,
    SITUATION,
    agency_facts,
    curator_of,
    document_text,
    initials,
    person_facts,
    placement_text,
    situation_facts,
)
from services.papers.paper import Desk, Facts, day, joined, label, long_day, number

LATEST = 300  # services on a card of support
CURATOR_ORDER = (
    *AGENCY,
    *PERSON,
    Field("order_number", "номер приказа"),
    Field("order_date", "дата приказа"),
    Field("curator_name", "ФИО куратора"),
    Field("curator_name_accusative", "ФИО куратора в винительном падеже (назначить кого)"),
    Field("curator_name_dative", "ФИО куратора в дательном падеже (поручить кому)"),
    Field("curator_position_accusative", "должность куратора в винительном падеже"),
    Field("curator_initials", "куратор: И.О. Фамилия"),
    Field("curator_kind", "кем назначается: куратор, наставник"),
    Field("curator_kind_instrumental", "кем назначается, в творительном падеже"),
    Field("assigned_from", "с какого дня назначен"),
    Field("assigned_until", "по какой день назначен"),
    Field("contract", "договор: номер и дата"),
)
LETTER = (*AGENCY, *PERSON, Field("contract", "договор: номер и дата"))
SUPPORT_CARD = (
    *AGENCY,
    *PERSON,
    *SITUATION,
    Field("contract", "договор: номер и дата"),
    Field("accepted_on", "с какого дня на сопровождении"),
    rows(
        "relatives",
        "родственники, значимые взрослые",
        name="ФИО",
        kinship="степень",
        phone="телефон",
        support="поддерживает",
    ),
    rows("children", "дети", name="ФИО", birth_date="дата рождения", lives_with="с кем живёт"),
    rows("papers", "документы", text="документ", valid_until="действует до"),
    rows("route", "маршрут", on="дата", event="событие", category="категория"),
    rows("risks", "факторы риска", found_on="выявлено", text="в чём состоит", resolved_on="снято"),
    rows(
        "services",
        "оказанная помощь",
        provided_on="дата",
        kind="вид помощи",
        title="содержание",
        specialist="кто оказал",
        result="результат",
    ),
    rows("monitoring", "мониторинг", filled_on="дата", total="баллы", conclusion="вывод"),
    rows("surveys", "акты обследования жилья", act="акт: номер и дата", outcome="вывод"),
)
COVER = (
    *AGENCY,
    Field("journal", "название журнала"),
    Field("year", "год"),
    Field("volume", "номер тома"),
    Field("started_on", "когда начат"),
    Field("ended_on", "когда окончен"),
    Field("sheets", "на скольких листах"),
    Field("file_index", "индекс по номенклатуре дел"),
    Field("keep_years", "срок хранения, лет"),
)


def keeper(desk: Desk, graduate: Graduate) -> Agency:
    """Whose paper it is: the responsible organisation's, else the one's that prints it."""
    return graduate.agency or desk.session.get_one(Agency, desk.viewer.agency_id)


def curator_order(desk: Desk, graduate: Graduate) -> Facts:
    curator = curator_of(graduate, desk)
    name = desk.forms.name(curator.name if curator else "")
    position = desk.forms.position(curator.position if curator else "")
    kind = desk.forms.position(curator.kind.label if curator else "куратор")
    return {
        **about(desk, graduate),
        "order_number": curator.order_number if curator else "",
        "order_date": long_day(curator.order_on) if curator else "",
        "curator_name": name.nominative,
        "curator_name_accusative": name.accusative,
        "curator_name_dative": name.dative,
        "curator_position_accusative": position.accusative,
        "curator_initials": initials(name.nominative),
        "curator_kind": kind.nominative,
        "curator_kind_instrumental": kind.instrumental,
        "assigned_from": day(curator.starts_on) if curator else "",
        "assigned_until": day(curator.ends_on) if curator else "",
        "contract": contract_text(desk, graduate),
    }


def letter(desk: Desk, graduate: Graduate) -> Facts:
    return {**about(desk, graduate), "contract": contract_text(desk, graduate)}


def support_card(desk: Desk, graduate: Graduate) -> Facts:
    episode = _episode(desk, graduate)
    return {
        **about(desk, graduate),
        **situation_facts(desk, graduate),
        "contract": contract_text(desk, graduate),
        "accepted_on": day(episode.accepted_on) if episode else "",
        "relatives": [
            {
                "name": one.name,
                "kinship": label(one.kinship),
                "phone": one.phone,
                "support": "" if one.is_supportive is None else "да" if one.is_supportive else "нет",
            }
            for one in graduate.close_persons
        ],
        "children": [
            {"name": child.name, "birth_date": day(child.birth_date), "lives_with": child.lives_with}
            for child in graduate.dependants
        ],
        "papers": [{"text": document_text(one), "valid_until": day(one.expires_on)} for one in graduate.documents],
        "route": [
            {"on": day(on), "event": event, "category": category}
            for on, event, category in sorted(_route(desk, graduate), key=lambda step: step[0])
        ],
        "risks": [
            {
                "found_on": day(one.found_on),
                "text": joined(label(one.kind), one.description, by=": "),
                "resolved_on": joined(day(one.resolved_on), one.resolution),
            }
            for one in graduate.problems
        ],
        "services": _services(desk, graduate),
        "monitoring": _monitoring(desk, graduate),
        "surveys": _surveys(desk, graduate),
    }


def journal_cover(desk: Desk, agency: Agency) -> Facts:
    chosen = desk.options
    need(chosen.get("journal") in {journal.value for journal in Journal}, "Такого журнала нет.")
    journal = Journal(chosen["journal"])
    year = chosen.get("year") or str(desk.on.year)
    need(year.isdecimal() and len(year) == 4, "Год журнала не читается.")
    query = select(FileIndex).where(FileIndex.agency_id == agency.id, FileIndex.journal == journal)
    index = desk.session.scalars(query.order_by(FileIndex.id)).first()
    return {
        **agency_facts(desk, agency),
        "journal": journal.label,
        "year": year,
        "volume": chosen.get("volume", "1"),
        **{name: chosen.get(name, "") for name in ("started_on", "ended_on", "sheets")},
        "file_index": index.code if index else "",
        "keep_years": number(index.keep_years) if index else "",
    }


# -- Parts -----------------------------------------------------------------------------------------------------------


def about(desk: Desk, graduate: Graduate) -> Facts:
    return {**agency_facts(desk, keeper(desk, graduate)), **person_facts(desk, graduate)}


def contract_text(desk: Desk, graduate: Graduate) -> str:
    """The newest signed one of the organisation whose paper it is."""
    query = select(Contract).where(
        Contract.graduate_id == graduate.id,
        Contract.agency_id == keeper(desk, graduate).id,
        Contract.number.is_not(None),
        Contract.annulled_on.is_(None),
    )
    found = desk.session.scalars(query.order_by(Contract.signed_on.desc(), Contract.id.desc())).first()
    return f"№ {found.number_text} от {day(found.signed_on)}" if found else ""


def _episode(desk: Desk, graduate: Graduate) -> SupportEpisode | None:
    query = select(SupportEpisode).where(
        SupportEpisode.graduate_id == graduate.id,
        SupportEpisode.removed_on.is_(None),
        SupportEpisode.annulled_on.is_(None),
    )
    return desk.session.scalars(query.order_by(SupportEpisode.id.desc())).first()


def _route(desk: Desk, graduate: Graduate) -> Iterable[tuple[date, str, str]]:
    for stay in graduate.placements:
        yield stay.starts_on, f"устройство: {placement_text(stay)}", ""
    if graduate.left_on:
        yield graduate.left_on, joined("выпуск", graduate.exit_document), ""
    for decision in graduate.category_decisions:
        yield decision.starts_on, joined("решение о категории", decision.ground), label(decision.category)
    query = select(SupportEpisode).where(
        SupportEpisode.graduate_id == graduate.id, SupportEpisode.annulled_on.is_(None)
    )
    for episode in desk.session.scalars(query):
        yield episode.accepted_on, f"принят(а) на сопровождение: {episode.agency.short_name}", ""
        if episode.removed_on:
            yield episode.removed_on, f"снят(а) с сопровождения: {label(episode.removal_ground)}", ""


def _services(desk: Desk, graduate: Graduate) -> list[Facts]:
    query = select(ServiceRecord).where(ServiceRecord.graduate_id == graduate.id, ServiceRecord.annulled_on.is_(None))
    newest = query.order_by(ServiceRecord.provided_on.desc(), ServiceRecord.id.desc()).limit(LATEST)
    return [
        {
            "provided_on": day(one.provided_on),
            "kind": label(one.kind),
            "title": one.title,
            "specialist": one.specialist or one.agency.short_name,
            "result": one.result,
        }
        for one in reversed(list(desk.session.scalars(newest)))
    ]


def _monitoring(desk: Desk, graduate: Graduate) -> list[Facts]:
    query = select(MonitoringCard).where(
        MonitoringCard.graduate_id == graduate.id, MonitoringCard.annulled_on.is_(None)
    )
    query = query.options(selectinload(MonitoringCard.scores))
    cards = desk.session.scalars(query.order_by(MonitoringCard.filled_on, MonitoringCard.id))
    return [monitoring_line(card) for card in cards]


def monitoring_line(card: MonitoringCard) -> Facts:
    """The sum of what is known, and of how much nothing is."""
    known = [score.value for score in card.scores if score.value is not None]
    unknown = len(card.scores) - len(known)
    total = number(sum(known)) if known else ""
    if total and unknown:
        total = f"{total} (нет данных: {unknown})"
    return {"filled_on": day(card.filled_on), "total": total, "conclusion": card.conclusion}


def _surveys(desk: Desk, graduate: Graduate) -> list[Facts]:
    query = select(HousingSurvey).where(HousingSurvey.graduate_id == graduate.id, HousingSurvey.annulled_on.is_(None))
    found = desk.session.scalars(query.order_by(HousingSurvey.surveyed_on, HousingSurvey.id))
    return [{"act": f"№ {one.number_text} от {day(one.surveyed_on)}", "outcome": one.outcome.label} for one in found]
