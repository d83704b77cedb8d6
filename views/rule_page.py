"""The page of one rule: what it says, its versions and what changed in them, where it does not apply."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import wtforms
from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms.validators import DataRequired, InputRequired, Length

from models.regulations import AgencyRegulation, DeadlineRule, Regulation, RuleSwitch
from models.territory import Agency
from models.users import User
from services.deadlines import compliance
from services.regulations.loading import letter_titles, pack_of
from services.regulations.pack import Pack
from services.regulations.wording import differences, told
from views import edge, labels
from views.extensions import db
from views.fields import REQUIRED, OfferedField, RuDateField, TextField
from views.formats import chip, ru_date, ru_datetime

ON_PAPER = "ведётся на бумаге: в системе этих записей пока нет"


class AgencyField(OfferedField):
    """One of the organisations that the user may settle this for."""

    agencies: tuple[tuple[int, str], ...] = ()

    def _coerce(self, value: Any) -> int | None:
        return int(value) if value not in (None, "") else None

    def iter_choices(self) -> Any:
        yield ("", "", self.data is None, {})
        for number, name in self.agencies:
            yield (str(number), name, self.data == number, {})

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in dict(self.agencies):
            raise wtforms.ValidationError("Выберите организацию из списка.")


class SwitchForm(wtforms.Form):
    agency_id = AgencyField(label="Организация", validators=[InputRequired(REQUIRED)])
    starts_on = RuDateField("С какого дня не применять", validators=[InputRequired(REQUIRED)])
    reason = TextField(
        "Причина", validators=[DataRequired(REQUIRED), Length(max=500, message="Не длиннее 500 знаков.")]
    )


def switch_form(rule: DeadlineRule, data: Any = None) -> SwitchForm:
    """Offers those who follow the regulation, have the rule in force and whom the user oversees."""
    form = SwitchForm(data, prefix="switch-", starts_on=edge.today())
    follow = set(
        db.session.scalars(
            select(AgencyRegulation.agency_id).where(AgencyRegulation.regulation_id == rule.regulation_id)
        )
    )
    off = set(db.session.scalars(select(RuleSwitch.agency_id).where(RuleSwitch.rule_key == rule.key)))
    is_common = rule.regulation.code == "common"
    form.agency_id.agencies = tuple(
        (agency.id, agency.short_name)
        for agency in overseen()
        if (is_common or agency.id in follow) and agency.id not in off
    )
    return form


def overseen() -> list[Agency]:
    return list(compliance.agencies_for(db.session(), viewer=edge.viewer()))


def roles_of(pack: Pack | None) -> dict[str, str]:
    return {role["code"]: role["title"] for role in pack.section("roles")} if pack else {}


def context(
    regulation: Regulation, rule: DeadlineRule, *, may_edit: bool, form: SwitchForm | None = None
) -> dict[str, Any]:
    pack = pack_of(db.session(), regulation.code)
    roles, letters = roles_of(pack), letter_titles(db.session())
    planned = (
        {element.code for element in pack.elements if element.section == "rules" and element.is_planned}
        if pack
        else set()
    )
    in_pack = pack is not None and any(one.code == rule.code for one in pack.rules)
    chips = []
    if rule.code in planned:
        chips.append(chip("запланировано", "grey", "clock"))
    if rule.in_force_to is not None and rule.in_force_to < edge.today():
        chips.append(chip(f"действовало по {ru_date(rule.in_force_to)}", "grey", "ban"))
    return {
        "page_title": rule.title,
        "breadcrumbs": trail(regulation, rule.title),
        "regulation": regulation,
        "rule": rule,
        "header": {"title": rule.title, "subtitle": f"{rule.clause_text}, {regulation.short_title}", "chips": chips},
        "facts_shown": [(label, text) for label, text in told(rule, roles, letters) if text][1:],
        "planned_note": f"Сейчас {ON_PAPER}." if rule.code in planned else "",
        "versions": _versions(rule, roles, letters),
        "switches": _switches(rule, may_edit),
        "switch_form": (form or switch_form(rule)) if may_edit else None,
        "may_edit": may_edit and in_pack,
        "edit_url": url_for("regulation.rule_edit", id=regulation.id, rule=rule.code),
        "list_url": f"{url_for('deadline.index_view', show='all')}&{urlencode({'f.rule': rule.key})}",
    }


def trail(regulation: Regulation, *rest: str) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = [
        ("Регламенты", url_for("regulation.index_view")),
        (regulation.short_title, url_for("regulation.details_view", id=regulation.id)),
    ]
    return [*found, *((text, None) for text in rest)]


def _versions(rule: DeadlineRule, roles: dict[str, str], letters: dict[str, str]) -> list[dict[str, Any]]:
    """The newest first, each with what it says differently from the one before."""
    query = select(DeadlineRule).where(DeadlineRule.key == rule.key).order_by(DeadlineRule.version)
    versions = db.session.scalars(query.options(joinedload(DeadlineRule.regulation))).all()
    before: list[DeadlineRule | None] = [None, *versions[:-1]]
    return [
        {
            "number": version.version,
            "when": ru_datetime(version.created_at),
            "who": who(version.created_by_id),
            "note": version.note,
            "is_current": version.is_current,
            "changes": differences(old, version, roles, letters) if old else [],
        }
        for old, version in reversed(list(zip(before, versions, strict=True)))
    ]


def who(user_id: int | None) -> str:
    return labels.label(User.__tablename__, user_id) if user_id else "загрузка из файла"


def _switches(rule: DeadlineRule, may_edit: bool) -> list[dict[str, Any]]:
    query = select(RuleSwitch).where(RuleSwitch.rule_key == rule.key).order_by(RuleSwitch.starts_on, RuleSwitch.id)
    mine = {agency.id for agency in overseen()} if may_edit else set()
    return [
        {
            "id": switch.id,
            "agency": labels.label("agency", switch.agency_id),
            "since": ru_date(switch.starts_on),
            "reason": switch.reason,
            "who": who(switch.created_by_id) if switch.created_by_id else "",
            "may_edit": switch.agency_id in mine,
        }
        for switch in db.session.scalars(query)
    ]
