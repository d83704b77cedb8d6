"""The card of a regulation in parts: rules, clauses and what serves them, names and whom they mean, versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import wtforms
from flask import url_for
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from wtforms.validators import DataRequired, InputRequired

from models.regulations import COMMON, AgencyRegulation, DeadlineRule, Regulation, RegulationVersion, RoleBinding
from models.territory import Agency, AgencyKind
from services.regulations.coverage import RowCoverage, coverage
from services.regulations.loading import current_packs
from services.regulations.pack import ClauseRef, Element, Pack
from services.regulations.wording import force_text, marks, party_text, when
from views import edge, labels
from views.compliance_links import record_link
from views.element_links import own_link
from views.extensions import db
from views.fields import REQUIRED, CodeField, OfferedField
from views.formats import chip, counted, ru_date, ru_datetime
from views.profile_words import profile_facts
from views.rule_page import AgencyField, roles_of, who

TABS = {"rules": "Сроки", "clauses": "Пункты", "roles": "Кто назван", "about": "О документе", "versions": "Версии"}
SECTIONS = {
    "regulation": "карточка",
    "profile": "правила учреждения",
    "rules": "срок",
    "referrals": "направление",
    "journals": "журнал",
    "forms": "форма",
    "reports": "отчёт",
    "records": "записи",
    "dictionaries": "справочник",
    "pages": "страница",
    "access": "доступ",
    "measures": "мероприятие",
    "services": "услуга",
    "categories": "категория",
    "bodies": "орган",
    "documents": "документ",
    "roles": "название",
    "monitoring": "мониторинг",
    "rating": "рейтинг",
    "monitoring.indicators": "показатель",
}


class RoleField(OfferedField):
    """A name that the regulation gives to somebody."""

    roles: Mapping[str, str] = {}

    def _coerce(self, value: Any) -> str | None:
        return value or None

    def iter_choices(self) -> Any:
        for code, title in self.roles.items():
            yield (code, title, self.data == code, {})

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in self.roles:
            raise wtforms.ValidationError("Выберите значение из списка.")


class BindingForm(wtforms.Form):
    role = RoleField(label="Название в регламенте", validators=[DataRequired(REQUIRED)])
    agency_id = AgencyField(label="Кого оно означает", validators=[InputRequired(REQUIRED)])
    district_id = CodeField(
        table="district", is_number=True, label="Только для людей этого района", description="Пусто – для всех районов"
    )


def binding_form(pack: Pack, data: Any = None) -> BindingForm:
    form = BindingForm(data, prefix="bind-")
    form.role.roles = roles_of(pack)
    active = select(Agency.id, Agency.short_name).where(Agency.is_active).order_by(Agency.short_name, Agency.id)
    form.agency_id.agencies = tuple((number, name) for number, name in db.session.execute(active))
    return form


# -- Rules -----------------------------------------------------------------------------------------------------------


def rules_part(regulation: Regulation, pack: Pack) -> dict[str, Any]:
    """Current rules in the order of the pack, those that have ended behind them."""
    query = select(DeadlineRule).where(DeadlineRule.regulation_id == regulation.id, DeadlineRule.is_current)
    places = {rule.code: place for place, rule in enumerate(pack.rules)}
    planned = {rule.code for rule in pack.rules if rule.is_planned}
    rules = sorted(db.session.scalars(query), key=lambda rule: (places.get(rule.code, len(places)), rule.code))
    roles = roles_of(pack)
    rows = {element.code: element.serves for element in pack.elements if element.section == "rules"}
    told = [_rule(regulation, rule, roles, rule.code in planned) for rule in rules]
    for line, rule in zip(told, rules, strict=True):
        if line["shown_by"] and rule.code not in planned:
            link = record_link(pack, rows.get(rule.code, ()), edge.viewer().agency_id)
            line["shown_url"] = link.url if link else ""
    return {"rules": told}


def _rule(regulation: Regulation, rule: DeadlineRule, roles: Mapping[str, str], is_planned: bool) -> dict[str, Any]:
    today = edge.today()
    state = chip("запланировано", "grey", "clock") if is_planned else ""
    if rule.in_force_to is not None and rule.in_force_to < today:
        state = chip(f"по {ru_date(rule.in_force_to)}", "grey", "ban")
    elif rule.in_force_from > today:
        state = chip(f"с {ru_date(rule.in_force_from)}", "blue", "calendar")
    return {
        "clause": rule.clause_text,
        "title": rule.title,
        "url": url_for("regulation.rule", id=regulation.id, rule=rule.code),
        "when": when(rule.terms),
        "marks": marks(rule.terms),
        "who": party_text(rule.terms.obliged, roles),
        "shown_by": rule.terms.shown_by,
        "state": state,
    }


# -- Clauses ---------------------------------------------------------------------------------------------------------


def clauses_part(regulation: Regulation, pack: Pack) -> dict[str, Any]:
    """Every clause with what serves its requirements, whichever pack it stands in."""
    found = coverage(current_packs(db.session()))
    serving: dict[ClauseRef, list[RowCoverage]] = defaultdict(list)
    for row in found.rows:
        if row.regulation == regulation.code:
            serving[row.clause].append(row)
    totals = found.by_regulation().get(regulation.code)
    return {
        "clauses": [
            {
                "number": clause.ref.number,
                "occurrence": clause.ref.occurrence,
                "heading": clause.heading,
                "summary": clause.summary,
                "elements": _elements(regulation, serving[clause.ref]),
            }
            for clause in pack.clauses
        ],
        "totals": totals,
    }


def _elements(regulation: Regulation, rows: list[RowCoverage]) -> list[Markup]:
    found: dict[tuple[str, str, str], Markup] = {}
    for row in rows:
        for code, element in row.elements:
            found.setdefault((code, element.section, element.code), _element(regulation, code, element))
    return list(found.values())


def _element(regulation: Regulation, code: str, element: Element) -> Markup:
    """«срок: Запрос в органы опеки» with a link where there is a page."""
    url = _url(regulation, code, element)
    title = Markup('<a href="{}">{}</a>').format(url, element.title) if url else element.title
    state = chip("запланировано", "grey", "clock") if element.is_planned else chip("готово", "green", "check")
    return Markup("{}: {} {}").format(SECTIONS.get(element.section, element.section), title, state)


def _url(regulation: Regulation, code: str, element: Element) -> str | None:
    """Of another pack's rule there is no page here."""
    found = own_link(element, regulation.id if code == regulation.code else None)
    return found.url if found is not None else None


# -- Names -----------------------------------------------------------------------------------------------------------


def roles_part(regulation: Regulation, pack: Pack, *, may_edit: bool, form: BindingForm | None) -> dict[str, Any]:
    query = select(RoleBinding).where(RoleBinding.regulation_id == regulation.id).order_by(RoleBinding.id)
    bound: dict[str, list[RoleBinding]] = defaultdict(list)
    for binding in db.session.scalars(query):
        bound[binding.role].append(binding)
    return {
        "roles": [
            {
                "code": role["code"],
                "title": role["title"],
                "clause": _cited(ClauseRef.of(role["clause"])) if "clause" in role else "",
                "usual": usual(role.get("default", {})),
                "bound": [_binding(binding) for binding in bound[role["code"]]],
            }
            for role in pack.section("roles")
        ],
        "bind_form": (form or binding_form(pack)) if may_edit and pack.section("roles") else None,
    }


def _cited(ref: ClauseRef) -> str:
    return f"{ref.number} ({ref.occurrence}-й по счёту)" if ref.occurrence > 1 else ref.number


def usual(default: Mapping[str, Any]) -> str:
    """Whom a name means where nobody is bound to it."""
    if default.get("flag") == "data_bank_operator":
        return "организация, которая ведёт банк данных"
    kinds = default.get("kind", ())
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if not kinds:
        return ""
    told = ", ".join(AgencyKind(kind).label for kind in kinds)
    return f"{told} своего района" if default.get("by") else told


def _binding(binding: RoleBinding) -> dict[str, Any]:
    return {
        "id": binding.id,
        "agency": labels.label("agency", binding.agency_id),
        "district": labels.label("district", binding.district_id),
    }


# -- The document ----------------------------------------------------------------------------------------------------


def about_part(regulation: Regulation, pack: Pack) -> dict[str, Any]:
    data = pack.regulation
    follow = (
        select(AgencyRegulation)
        .where(AgencyRegulation.regulation_id == regulation.id)
        .order_by(AgencyRegulation.starts_on, AgencyRegulation.id)
    )
    return {
        "requisites": [
            ("Полное название", regulation.title),
            ("Вид", data.get("kind", "")),
            ("Кем принят", regulation.issuer),
            ("Номер", regulation.number),
            ("Дата принятия", ru_date(regulation.adopted_on)),
            ("Территория", regulation.territory),
            ("Действует", force_text(regulation.in_force_from, regulation.in_force_to)),
        ],
        "parents": [_parent(act) for act in data.get("based_on", ())],
        "profile": profile_facts(pack),
        "followers": [
            (
                Markup('<a href="{}">{}</a>').format(
                    url_for("agency.details_view", id=row.agency_id), labels.label("agency", row.agency_id)
                ),
                force_text(row.starts_on, row.ends_on),
            )
            for row in db.session.scalars(follow)
        ],
        "is_common": regulation.code == COMMON,
    }


def _parent(act: Mapping[str, Any]) -> str:
    day = ".".join(reversed(act["adopted_on"].split("-"))) if "adopted_on" in act else ""
    parts = [part for part in (act.get("number", ""), f"от {day}" if day else "") if part]
    return f"{act['title']} ({', '.join(parts)})" if parts else str(act["title"])


# -- Versions --------------------------------------------------------------------------------------------------------


def versions_part(regulation: Regulation) -> dict[str, Any]:
    """The newest first, each with the rules that it added or changed."""
    query = select(RegulationVersion).where(RegulationVersion.regulation_id == regulation.id)
    versions = db.session.scalars(
        query.options(joinedload(RegulationVersion.created_by)).order_by(RegulationVersion.number.desc())
    ).all()
    rules: dict[Any, list[DeadlineRule]] = defaultdict(list)
    of_it = select(DeadlineRule).where(DeadlineRule.regulation_id == regulation.id)
    for rule in db.session.scalars(of_it.order_by(DeadlineRule.code)):
        rules[rule.created_at].append(rule)
    return {"versions": [_version(regulation, version, rules[version.created_at]) for version in versions]}


def _version(regulation: Regulation, version: RegulationVersion, rules: list[DeadlineRule]) -> dict[str, Any]:
    changed = [rule for rule in rules if rule.version > 1]
    added = [rule for rule in rules if rule.version == 1]
    links = [
        Markup('{} <a href="{}">{}</a>').format(
            word, url_for("regulation.rule", id=regulation.id, rule=rule.code), rule.title
        )
        for word, some in (("изменено:", changed), ("новое:", added if version.number > 1 else []))
        for rule in some
    ]
    whole = counted(len(added), "правило", "правила", "правил")
    return {
        "number": version.number,
        "when": ru_datetime(version.created_at),
        "who": who(version.created_by_id),
        "source": version.source.label,
        "note": version.note,
        "rules": links or ([whole] if added else []),
    }


# -- The head --------------------------------------------------------------------------------------------------------


def head_facts(regulation: Regulation, pack: Pack) -> list[tuple[str, str]]:
    totals = coverage(current_packs(db.session())).by_regulation().get(regulation.code)
    rules = select(func.count()).where(DeadlineRule.regulation_id == regulation.id, DeadlineRule.is_current)
    served = f"{totals.served} из {totals.rows}" if totals else ""
    return [
        ("Принят", ", ".join(part for part in (ru_date(regulation.adopted_on), regulation.number) if part)),
        ("Действует", force_text(regulation.in_force_from, regulation.in_force_to)),
        ("Территория", regulation.territory),
        ("Пунктов", str(len(pack.clauses))),
        ("Правил", str(db.session.scalar(rules) or 0)),
        ("Требований обеспечено", served),
    ]
