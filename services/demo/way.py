"""The way since school: studies, work, family. Who is expelled does not study, who serves is a man of 18 or more."""

from services.demo.bulk import Value
from services.demo.days import between, iso, iso_or_none, month_of, ordinal, russian, year_of
from services.demo.names import FEMALE, MALE, feminine, pick, surname
from services.demo.wording import OTHER_WORK, OWN_BUSINESS, PROFESSION_NAMES, PROFESSIONS
from services.demo.world import COLLEGES, Person, World

COLLEGE_CODES = list(COLLEGES)


def studies(p: Person, w: World) -> None:
    """School until the ninth (some: the eleventh) form, then a college, or nothing."""
    rng = p.rng
    ninth = year_of(p.birth) + (16 if month_of(p.birth) < 10 else 17)
    luck = rng.random()
    finished = ninth + (2 if luck > 0.88 else 0)
    entered = ordinal(finished, 9, 1)
    level = "secondary" if finished > ninth else ("special" if luck < 0.05 else "basic")
    if entered > w.today:
        p.study = "school"
        _study(
            p,
            (ordinal(finished - (11 if finished > ninth else 9), 9, 1), None),
            "none",
            "studying",
            organisation=_school(p),
        )
        return
    if not w.is_light:
        begun = max(ordinal(ninth - 9, 9, 1), p.birth + 2200)
        _study(p, (begun, ordinal(finished, 6, 25)), "none", "studying", organisation=_school(p))
    if 0.05 <= luck < 0.09:
        p.study = "none"
        p.study_ends = ordinal(finished, 6, 25)
        _study(p, (p.study_ends + 1, None), level, "none", profession="нет")
        return
    _college(p, w, entered, level)


def _school(p: Person) -> str:
    return f"МБОУ «СОШ № {1 + int(p.rng.random() * 9)}»"


def _college(p: Person, w: World, entered: int, level: str) -> None:
    rng = p.rng
    p.entered = entered
    p.college = pick(rng, COLLEGE_CODES) if rng.random() < 0.3 else _nearest_college(p)
    p.profession = pick(rng, PROFESSION_NAMES[p.is_male])
    months = PROFESSIONS[p.profession][0]
    years = months // 12 + 1
    graduation = ordinal(year_of(entered) + years, 6, 30)
    order = f"приказ о зачислении № {10 + int(rng.random() * 90)}-С от {russian(entered - 12)}"
    luck = rng.random()
    if luck < 0.09:
        p.study_ends = between(rng, entered + 100, min(graduation - 60, w.today))
        if p.study_ends < w.today:
            p.study = "expelled"
            last = year_of(p.study_ends) - year_of(entered) + (month_of(p.study_ends) >= 9)
            _study(p, (entered, p.study_ends), level, "studying", w=w, course=max(1, last), order=order)
            expelled = f"приказ об отчислении № {10 + int(rng.random() * 90)}-С от {russian(p.study_ends)}"
            _study(p, (p.study_ends + 1, None), level, "expelled", w=w, order=expelled)
            return
    p.study_ends = graduation
    if graduation <= w.today:
        p.study = "completed"
        attained = "training" if months < 12 else "vocational"
        _study(p, (entered, graduation), level, "studying", w=w, course=years, order=order)
        if graduation < w.today:
            _study(p, (graduation + 1, None), attained, "completed", w=w)
        return
    course = w.on.year - year_of(entered) + (1 if w.on.month >= 9 else 0)
    p.study = "studying"
    _study(p, (entered, None), level, "studying", w=w, course=min(max(course, 1), years), order=order)


def _nearest_college(p: Person) -> str:
    return next(code for code, district in COLLEGES.items() if district == p.origin)


def _study(
    p: Person,
    days: tuple[int, int | None],
    level: str,
    status: str,
    *,
    w: World | None = None,
    organisation: str = "",
    course: int | None = None,
    profession: str = "",
    order: str = "",
) -> None:
    """`w` is given where it was the person's college."""
    start, end = days
    agency = w.agencies[p.college] if w else None
    p.rows["study"].append(
        (
            p.number, iso(start), True, iso_or_none(end), level, status, agency, organisation, course,
            p.profession if w else profession, True if w else None, order, None, None, "",
        )
    )  # fmt: skip
    if end is None:
        p.profession = p.profession if w else profession


def family(p: Person, w: World) -> None:
    """Marriages and children, of those who are of age."""
    rng = p.rng
    adult_since = p.turned_18
    if w.today < adult_since:
        _family(p, max(w.today - 200, p.birth + 5800), None, 0)
        return
    age = p.age_years(w.today)
    luck = rng.random() * (1.4 if p.is_male else 1)
    settled = 0.07 if age < 20 else (0.2 if age < 22 else 0.34)
    if luck < settled and w.today - adult_since > 200:
        p.marital = pick(rng, ["married", "married", "married", "partnership", "partnership", "divorced"])
    likely = {"single": 0.03 if p.is_male else 0.11}.get(p.marital, 0.5)
    earliest = max(p.birth + (17 if not p.is_male else 18) * 366, w.today - 5 * 365)
    if rng.random() < likely and earliest < w.today - 30:
        p.children = pick(rng, [1, 1, 1, 1, 2])
        _children(p, w, earliest)
    changed = between(rng, adult_since + 60, w.today - 20)
    if p.marital == "single" and not p.children:
        _family(p, adult_since, None, 0)
        return
    if p.marital == "single":
        changed = max(p.youngest_born, adult_since + 1)
    _family(p, adult_since, changed - 1, 0, status="single")
    _family(p, changed, None, p.children)
    if p.marital in ("married", "divorced") and not p.is_male and rng.random() < 0.7:
        _take_husbands_name(p)


def _take_husbands_name(p: Person) -> None:
    p.former_names = p.name.last
    p.name = type(p.name)(surname(p.rng, is_male=False), p.name.first, p.name.patronymic)


def _children(p: Person, w: World, earliest: int) -> None:
    born = sorted(between(p.rng, earliest, w.today - 20) for _ in range(p.children))
    if len(born) == 2 and 0 < born[1] - born[0] < 300:
        born[1] = born[0]  # Twins, rather than an impossible distance.
    p.youngest_born = born[-1]
    for day in born:
        is_boy = p.rng.random() < 0.5
        last = p.name.last if is_boy == p.is_male else _other_form(p.name.last, is_boy)
        name = f"{last} {pick(p.rng, MALE if is_boy else FEMALE)}"
        lives_with = "с матерью" if p.is_male and p.marital == "divorced" else "с родителем"
        p.rows["dependant"].append((p.number, name, iso(day), lives_with, ""))


def _other_form(last: str, is_boy: bool) -> str:
    """The mother's last name for a son, the father's for a daughter."""
    if not is_boy:
        return feminine(last)
    if last.endswith(("ова", "ева", "ёва", "ина", "ына")):
        return last[:-1]
    return last[:-2] + "ий" if last.endswith("ская") else last


def _family(p: Person, start: int, end: int | None, children: int, status: str | None = None) -> None:
    row: tuple[Value, ...] = (p.number, iso(start), False, iso_or_none(end), status or p.marital, children, "")
    p.rows["family_status"].append(row)


def employment(p: Person, w: World) -> None:
    """A student studies; then the army, work or the lack of it."""
    rng = p.rng
    if p.study == "school":
        return _employ(p, p.birth + 6200 if p.birth + 6200 <= w.today else w.today, None, "studying")
    if p.study == "studying":
        if not p.is_male and p.youngest_born > w.today - 500 and rng.random() < 0.7:
            return _go_on_leave(p)
        return _employ(p, p.entered, None, "studying")
    free_since = min(p.study_ends + 1, w.today)
    if p.study != "none" and not w.is_light:
        _employ(p, p.entered, free_since - 1, "studying")
    start = between(rng, min(max(free_since, p.turned_18 - 700), w.today), w.today)
    may_serve = p.is_male and w.today > max(free_since, p.turned_18) + 100
    if may_serve and rng.random() < (0.5 if p.study == "completed" else 0.25):
        called_up = between(rng, max(free_since, p.turned_18) + 30, w.today - 30)
        if called_up + 365 > w.today:
            return _employ(p, called_up, None, "military", "", "военная служба по призыву")
        _employ(p, called_up, called_up + 365, "military", "", "военная служба по призыву")
        start = between(rng, min(called_up + 366, w.today), w.today)
    return _settle(p, w, start)


def _go_on_leave(p: Person) -> None:
    """A student mother: the study goes on as a leave."""
    left = max(p.youngest_born, p.entered + 1)
    row = list(p.rows["study"][-1])
    order = f"приказ № {10 + int(p.rng.random() * 90)}-С от {russian(left)}"
    row[5], row[11], row[12], row[13] = "leave", order, "childcare_3", iso(p.youngest_born + 1095)
    p.rows["study"][-1] = tuple(row)
    p.study = "leave"
    _employ(p, p.entered, left - 1, "studying")
    _employ(p, left, None, "academic_leave")


OUTCOMES = (
    ["employed"] * 52 + ["employment_centre"] * 12 + ["none"] * 13 + ["informal"] * 11 + ["self_employed"] * 5
    + ["disabled"] * 3 + ["unknown"] * 3 + ["imprisoned"] * 1
)  # fmt: skip


def _settle(p: Person, w: World, start: int) -> None:
    outcome = pick(p.rng, OUTCOMES)
    if not p.is_male and p.children and p.youngest_born > w.today - 3 * 365 and p.rng.random() < 0.7:
        start = max(p.youngest_born, start if start <= w.today else w.today)
        outcome = "childcare_leave"
    employer, position = pick(p.rng, OTHER_WORK)
    if p.profession in PROFESSIONS and p.study == "completed" and p.rng.random() < 0.55:
        _, employer, position = PROFESSIONS[p.profession]
    if outcome == "self_employed":
        return _employ(p, start, None, outcome, "", pick(p.rng, OWN_BUSINESS))
    if outcome in ("employed", "informal"):
        if not w.is_light and start < w.today - 400 and p.rng.random() < 0.5:
            before = pick(p.rng, OTHER_WORK)
            changed = between(p.rng, start + 90, w.today - 60)
            _employ(p, start, changed - 1, "employed", *before)
            start = changed
        return _employ(p, start, None, outcome, employer if outcome == "employed" else "", position)
    return _employ(p, start, None, outcome)


def _employ(p: Person, start: int, end: int | None, status: str, organisation: str = "", position: str = "") -> None:
    p.rows["employment"].append((p.number, iso(start), True, iso_or_none(end), status, organisation, position, ""))
    if end is None:
        p.employment = status
