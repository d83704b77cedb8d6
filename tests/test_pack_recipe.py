"""The recipe «a regulation in an hour» says what is true: its vocabularies are those of the code, its pack loads."""

import re
from pathlib import Path

import pytest
from flask import Flask

import app as application
from models.base import LabelledEnum
from models.reckoning import Roll, Unit
from models.rule_terms import (
    RECORDED_BY_HAND,
    By,
    Condition,
    EvidenceKind,
    Per,
    Period,
    RecordKind,
    RuleKind,
    Trigger,
    Who,
)
from models.territory import AgencyKind
from services.deadlines import pieces
from services.regulations.checking import check_packs
from services.regulations.parsing import read_pack, shipped_packs

RECIPE = (Path(application.__file__).parent / "docs" / "writing-a-regulation.md").read_text(encoding="utf-8")
VOCABULARIES = (RuleKind, Period, Unit, Roll, Per, Who, Condition, AgencyKind, By, Trigger, EvidenceKind, RecordKind)


def section_of(title: str) -> str:
    return RECIPE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.__name__)
def test_the_recipe_of_packs_tells_every_word_as_the_panel_shows_it(vocabulary: type[LabelledEnum]) -> None:
    assert [word.value for word in vocabulary if f"\n| `{word.value}` | {word.label} |" not in RECIPE] == []


def test_the_recipe_of_packs_invents_no_words() -> None:
    told = set(re.findall(r"^\| `([a-z_.0-9]+)` \|", RECIPE, re.MULTILINE))
    assert told == {word.value for vocabulary in VOCABULARIES for word in vocabulary}


def test_the_recipe_says_which_facts_are_recorded_by_hand() -> None:
    read, by_hand = section_of("Facts").split("Recorded by hand")
    assert set(re.findall(r"^\| `(.+?)`", by_hand, re.MULTILINE)) == {trigger.value for trigger in RECORDED_BY_HAND}
    assert set(re.findall(r"^\| `(.+?)`", read, re.MULTILINE)) == set(Trigger) - set(RECORDED_BY_HAND)


def test_the_recipe_says_which_evidence_follows_from_records() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|\s]", section_of("Evidence"), re.MULTILINE)
    assert set(rows) == pieces.DERIVED


def test_the_pack_of_the_recipe_can_be_loaded(tmp_path: Path, app: Flask) -> None:
    example = re.search(r"```yaml\n(.+?)```", RECIPE, re.DOTALL)
    assert example
    file = tmp_path / "example.yaml"
    file.write_text(example[1], encoding="utf-8")
    found = read_pack(file)
    check_packs([found], among=shipped_packs(), endpoints=set(app.view_functions))
    assert {rule.terms.kind for rule in found.rules} >= {RuleKind.WINDOW, RuleKind.EVENT, RuleKind.QUOTA}
