"""The schema of packs speaks the words of the models."""

import json
from enum import StrEnum
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from models import rule_terms
from models.reckoning import Roll, Unit
from models.territory import AgencyKind
from reports.catalogue import REPORTS
from services.regulations.schema import SCHEMA

SAID: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
ENUMS: dict[str, type[StrEnum]] = {
    "agencyKind": AgencyKind,
    "by": rule_terms.By,
    "condition": rule_terms.Condition,
    "evidence": rule_terms.EvidenceKind,
    "per": rule_terms.Per,
    "period": rule_terms.Period,
    "roll": Roll,
    "ruleKind": rule_terms.RuleKind,
    "trigger": rule_terms.Trigger,
    "unit": Unit,
    "who": rule_terms.Who,
}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SAID)


@pytest.mark.parametrize("name", ENUMS)
def test_a_vocabulary_is_that_of_the_models(name: str) -> None:
    assert SAID["$defs"][name]["enum"] == [member.value for member in ENUMS[name]]


def test_every_report_of_the_product_may_be_named() -> None:
    assert set(REPORTS) <= set(SAID["$defs"]["report"]["enum"])


def test_every_group_of_fields_is_closed() -> None:
    def open_groups(node: Any, path: str = "") -> list[str]:
        if not isinstance(node, dict | list):
            return []
        inner = node.items() if isinstance(node, dict) else enumerate(node)
        found = [place for key, value in inner for place in open_groups(value, f"{path}/{key}")]
        is_group = isinstance(node, dict) and node.get("type") in ("object", ["string", "object"])
        return [*found, path] if is_group and node.get("additionalProperties") is not False else found

    assert open_groups(SAID) == []


def test_the_terms_of_a_rule_and_the_schema_have_the_same_fields() -> None:
    """What the schema lets pass is understood, and what is understood may be said."""
    beside = {"code", "title", "clause", "serves", "planned", "in_force_from", "in_force_to"}
    assert set(SAID["$defs"]["rule"]["properties"]) - beside == set(rule_terms.RuleTerms.__dataclass_fields__)
