"""Which form of social service a dwelling allows: a rule of the regulations that an organisation follows.

A pack says it in its section `services`: whoever lives so (`housing`) gets the service in these `forms`, the one to
propose first. The order of Syzran does (4.3–4.5): a student in a dormitory and whoever has a dwelling semi-stationary,
whoever has none semi-stationary and stationary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from services.profiles import own_packs
from services.regulations.pack import ClauseRef

SEMI_STATIONARY, STATIONARY, AT_HOME = "semi_stationary", "stationary", "at_home"
ALL = (SEMI_STATIONARY, STATIONARY, AT_HOME)


@dataclass(frozen=True)
class HousingRule:
    housing: frozenset[str]
    forms: tuple[str, ...]
    basis: str  # «Сызранский порядок, п. 4.3»


@dataclass(frozen=True)
class FormsByHousing:
    """Empty where no regulation of the organisation speaks of it: then every form is as good."""

    rules: tuple[HousingRule, ...] = ()

    def rule(self, housing_code: str | None) -> HousingRule | None:
        return next((rule for rule in self.rules if housing_code in rule.housing), None)

    def offered(self, housing_code: str | None) -> tuple[str, ...]:
        """Forms that a dwelling allows, the one to propose first; where nothing is known of it, all of them."""
        rule = self.rule(housing_code)
        return rule.forms if rule else ALL

    def proposed(self, housing_code: str | None) -> str:
        return self.offered(housing_code)[0]


def forms_by_housing(session: Session, *, agency_id: int, on: date) -> FormsByHousing:
    """The rules of all regulations that the organisation follows on a day."""
    return FormsByHousing(
        tuple(
            HousingRule(frozenset(entry["housing"]), tuple(entry["forms"]), _basis(pack.regulation, entry))
            for pack in own_packs(session, agency_id=agency_id, on=on)
            for entry in pack.section("services")
            if "housing" in entry
        )
    )


def _basis(regulation: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    title: str = regulation["short_title"]
    return f"{title}, п. {ClauseRef.of(entry['clause'])}" if "clause" in entry else title
