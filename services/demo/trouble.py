"""Problems, what offices write about them, and the category of support that follows."""

from services.demo.days import between, iso, iso_or_none, russian
from services.demo.names import pick
from services.demo.wording import (
    GRAVE,
    GROUNDS,
    KIND_OF,
    LIGHT,
    MONITORING,
    NOTHING,
    OF_STUDENTS,
    OF_WORKERS,
    PROBLEMS,
    RESOLUTIONS,
    SOURCES,
)
from services.demo.world import Person, World

Trouble = tuple[str, int]  # kind of problem, severity
Told = tuple[int, str, str]  # found on, in the office's words, work done


def tell(p: Person, w: World) -> None:
    """Troubles of the present life first; the category is decided by them; the office's words follow."""
    troubles = _evident(p)
    category = _category(p, w, troubles)
    if category == "crisis" and all(severity < 3 for _, severity in troubles):
        grave = pick(p.rng, GRAVE)
        troubles.append(("income" if grave == "children_at_risk" and not p.children else grave, 3))
    elif category == "active" and not troubles and p.rng.random() < 0.8:
        troubles.append((_usual(p), 1 + int(p.rng.random() * 2)))
    if category in ("crisis", "active") and p.rng.random() < 0.35:
        troubles.append((_usual(p), 1 + int(p.rng.random() * 2)))
    told = [_problem(p, w, kind, severity) for kind, severity in dict(troubles).items()]
    p.open_problems = len(told)
    if not w.is_light:
        for _ in range(int(p.rng.random() * 2.4)):
            _solved(p, w)
    if p.support_since and p.support_until is None:
        _decisions(p, w, category)
    _situations(p, w, told)


def _evident(p: Person) -> list[Trouble]:
    """What the state of studies, work and housing says by itself."""
    rng, found = p.rng, []
    if p.housing == "homeless":
        found.append(("homeless", 3))
    if p.employment == "imprisoned":
        found.append(("offence", 3))
    if p.study == "expelled":
        found.append(("expelled", 2))
    if p.employment == "none":
        found.append(("jobless", 2))
    if p.employment == "unknown":
        found.append(("lost_contact", 2))
    if p.children and p.marital == "single" and not p.is_male and rng.random() < 0.6:
        found.append(("early_parenthood", 1 + int(rng.random() * 2)))
    return found


def _usual(p: Person) -> str:
    """A lighter trouble of somebody in this state."""
    if p.rng.random() < 0.6:
        return pick(p.rng, LIGHT)
    if p.study == "studying":
        return pick(p.rng, OF_STUDENTS)
    return pick(p.rng, OF_WORKERS) if p.employment in ("employed", "informal", "employment_centre") else "income"


def _category(p: Person, w: World, troubles: list[Trouble]) -> str:
    worst = max((severity for _, severity in troubles), default=0)
    luck = p.rng.random()
    if worst == 3 or luck < 0.085:
        return "crisis"
    is_fresh = p.left_on is not None and w.today - p.left_on < 183
    if (is_fresh and luck < 0.9) or (worst == 2 and luck < 0.85) or luck < 0.44:
        return "active"
    return "stable"


def _problem(p: Person, w: World, kind: str, severity: int) -> Told:
    """An open problem; returns when it was found, its words and the work on it."""
    description, work = (text.format(a=p.ending) for text in pick(p.rng, PROBLEMS[kind]))
    found = between(p.rng, max(w.today - 400, p.care_since), w.today - 10)
    kind = KIND_OF.get(kind, kind)
    p.rows["problem"].append((p.number, kind, description, severity, iso(found), pick(p.rng, SOURCES), None, ""))
    return found, description, work


def _solved(p: Person, w: World) -> None:
    kind = pick(p.rng, LIGHT)
    description = pick(p.rng, PROBLEMS[kind])[0].format(a=p.ending)
    found = between(p.rng, max(p.care_since, w.today - 1200), w.today - 60)
    solved = between(p.rng, found, w.today - 1)
    row = (p.number, kind, description, 1 + int(p.rng.random() * 2), iso(found), pick(p.rng, SOURCES), iso(solved))
    p.rows["problem"].append((*row, pick(p.rng, RESOLUTIONS)))


def _decisions(p: Person, w: World, category: str) -> None:
    """The way to the present category: usually active at first, then one or two decisions more."""
    since = p.support_since
    if w.today - since < 60:
        steps = [(category, since)]
    else:
        steps = [("active", since), (category, between(p.rng, since + 30, w.today))]
        if not w.is_light and p.rng.random() < 0.3 and steps[1][1] - since > 120:
            middle = between(p.rng, since + 30, steps[1][1] - 30)
            steps.insert(1, ("crisis" if category != "crisis" else "stable", middle))
    merged = [step for place, step in enumerate(steps) if place == 0 or step[0] != steps[place - 1][0]]
    ends: list[int | None] = [start - 1 for _, start in merged[1:]]
    for (code, start), end in zip(merged, [*ends, None], strict=True):
        ground = GROUNDS[code][0] if start == since else pick(p.rng, GROUNDS[code]).format(a=p.ending)
        decided = f"консилиум, протокол № {1 + int(p.rng.random() * 40)} от {russian(start)}"
        p.rows["category_decision"].append((p.number, code, iso(start), iso_or_none(end), ground, decided))
    p.category = category


def _situations(p: Person, w: World, told: list[Told]) -> None:
    """The half-year forms: what stood in the last one, and in the one before."""
    if p.left_on is None:
        return
    office = f"opeka-{p.origin}" if p.form == "foster_family" else f"kcson-{p.home or p.origin}"
    days = [day for day in w.reporting_days if day > p.left_on][: 1 if w.is_light else 3]
    for place, day in enumerate(days):
        known = [words for words in told if words[0] <= day]
        if known:
            problems = "; ".join(description for _, description, _ in known)
            work = "; ".join(work for _, _, work in known)
        else:
            problems, work = pick(p.rng, NOTHING), pick(p.rng, MONITORING)
        end = None if place == 0 else days[place - 1] - 1
        p.rows["situation"].append((p.number, iso(day), False, iso_or_none(end), problems, work, w.agencies[office]))
