"""Why somebody belongs to a category of support: each rule tells its reason where it applies (domain: levels)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from models.reckoning import months_later
from models.text import plural
from services.assessments.situation import Situation

CRISIS, ACTIVE, STABLE = "crisis", "active", "stable"
GRAVE, SERIOUS = 3, 2  # Severity of a problem.
FIRST_MONTHS = 6  # after leaving, and after release from prison
IN_DANGER_AT_ZERO = ("law-abidingness", "housing")  # Indicators whose zero is a crisis by itself.
UNSETTLED_WORK = ("none", "employment_centre", "informal")
WITHOUT_HOME = ("homeless",)
SHELTER = ("institution", "social_hotel")


@dataclass(frozen=True)
class Reason:
    """A part of a sentence after «потому что»; `group`: it tells what only that field group may read."""

    text: str
    group: str = ""


Told = Iterator[Reason]
Rule = Callable[[Situation], Told]


def _when(applies: Callable[[Situation], bool], text: str) -> Rule:
    def rule(found: Situation) -> Told:
        if applies(found):
            yield Reason(text)

    return rule


# -- Crisis ----------------------------------------------------------------------------------------------------------


def _is_homeless(found: Situation) -> bool:
    return found.housing in WITHOUT_HOME or found.has("housing", severity=GRAVE)


def _is_back(found: Situation) -> bool:
    """An open problem of that kind, or a release within the first months."""
    lately = found.left_on is not None and found.on <= months_later(found.left_on, FIRST_MONTHS)
    return found.has("released") or (found.is_back_from_prison and lately)


def _zero(found: Situation) -> Told:
    for judged in found.judged:
        if judged.item.code in IN_DANGER_AT_ZERO and judged.value == 0:
            yield Reason(f"показатель «{judged.title}» – 0 баллов", judged.item.group)


def _sum_is_low(found: Situation) -> Told:
    if found.band == "low":
        yield Reason(f"сумма мониторинга низкая: {_points(found)}")


# -- Active ----------------------------------------------------------------------------------------------------------


def _left_lately(found: Situation) -> Told:
    if found.left_on is not None and found.on < months_later(found.left_on, FIRST_MONTHS):
        yield Reason(f"первые полгода после выпуска ({found.left_on:%d.%m.%Y})")


def _sum_is_middle(found: Situation) -> Told:
    if found.band == "middle":
        yield Reason(f"сумма мониторинга средняя: {_points(found)}")


def _weak(found: Situation) -> Told:
    for judged in found.judged:
        is_told = judged.item.code in IN_DANGER_AT_ZERO and judged.value == 0
        if judged.value <= 1 and not is_told:
            yield Reason(f"показатель «{judged.title}» – {_counted(judged.value)}", judged.item.group)


def _measures(found: Situation) -> Told:
    if count := found.open_measures:
        words = plural(count, "мероприятие плана", "мероприятия плана", "мероприятий плана")
        yield Reason(f"не {plural(count, 'выполнено', 'выполнены', 'выполнено')} {count} {words}")


def _other_problems(found: Situation) -> Told:
    """What no rule above names, as long as it is serious."""
    named = {"study", "work", "housing", "documents"}
    if any(grave >= SERIOUS and kind not in named for kind, grave in found.problems):
        yield Reason("есть открытая серьёзная проблема")


# -- Stable ----------------------------------------------------------------------------------------------------------


def _sum_is_high(found: Situation) -> Told:
    """The only way here: the rules above have all been silent."""
    if found.band == "high":
        yield Reason(f"сумма мониторинга высокая: {_points(found)}")


def _points(found: Situation) -> str:
    return f"{_counted(found.points or 0)} ({found.filled_on:%d.%m.%Y})" if found.filled_on else ""


def _counted(points: int) -> str:
    return f"{points} {plural(points, 'балл', 'балла', 'баллов')}"


# In the order in which they are tried: the first category that has a reason is proposed, with all its reasons.
RULES: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    (
        CRISIS,
        (
            _when(_is_homeless, "нет жилья"),
            _when(lambda s: s.has("violence"), "насилие или угроза жизни"),
            _when(lambda s: s.has("mental", severity=GRAVE), "суицидальный риск"),
            _when(lambda s: s.has("addiction", severity=GRAVE), "зависимость в обострении"),
            _when(_is_back, "вернулся из мест лишения свободы"),
            _when(lambda s: s.has("income", severity=GRAVE), "нет дохода и средств на еду"),
            _when(lambda s: s.has("children_at_risk"), "ребёнка могут отобрать"),
            _zero,
            _sum_is_low,
        ),
    ),
    (
        ACTIVE,
        (
            _left_lately,
            _when(lambda s: s.has("study"), "не решён вопрос с учёбой"),
            _when(lambda s: s.has("work") or s.employment in UNSETTLED_WORK, "не решён вопрос с работой"),
            _when(lambda s: s.has("housing") or s.housing in SHELTER, "не решён вопрос с жильём"),
            _when(lambda s: s.has("documents"), "не восстановлены документы"),
            _other_problems,
            _sum_is_middle,
            _weak,
            _measures,
        ),
    ),
    (STABLE, (_sum_is_high,)),
)


@dataclass(frozen=True)
class Proposal:
    """The category that the rules propose and why; no category: there is too little to judge by."""

    category: str | None
    reasons: tuple[Reason, ...] = ()

    def told_to(self, groups: frozenset[str]) -> tuple[str, ...]:
        """The reasons for somebody who may read some field groups."""
        open_ones = [reason.text for reason in self.reasons if not reason.group or reason.group in groups]
        return tuple(open_ones) if len(open_ones) == len(self.reasons) else (*open_ones, "есть закрытые сведения")


def propose(found: Situation) -> Proposal:
    for category, rules in RULES:
        if reasons := tuple(reason for rule in rules for reason in rule(found)):
            return Proposal(category, reasons)
    return Proposal(None)
