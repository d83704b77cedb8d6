"""The words of the cells of the half-year forms, composed from dated facts.

Each fact is printed in the office's own words while they stand (`wording`); otherwise in the words of the form's notes.
The functions of the first part take plain values, so that a paper may print straight from a query.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from models.circumstances import Address, AddressKind, Placement, Situation, as_of
from models.graduates import Graduate, Sex
from models.support import Problem
from models.text import fold_spaces, normalise

NOTHING = "нет"
WAITS = "waiting_list"  # the code of those whose housing is the waiting list itself
OPEN_END = "по настоящее время"
# An organisation that everybody takes for an employer; before any other name stands «работает:».
EVIDENT_EMPLOYER = re.compile(r"(?:[«\"]|(?:ООО|ОАО|ЗАО|ПАО|АО|ИП|МУП|ГУП|МБУ|МАУ|МКУ|ГБУ|СПК|КФХ)\b)")
COMPLETES_EDUCATION = frozenset({"basic", "secondary", "vocational", "higher"})  # «основное общее» → «… образование»
NO_PROBLEMS = re.compile(
    r"(?:проблем\w*|трудност\w*)?\s*"
    r"(?:нет|не (?:имеется|выявлен\w*|имеет|возника\w+|наблюда\w+|отмеч\w+)|отсутству\w+|б/?п|без проблем)"
    r"\s*(?:проблем\w*)?[.\s]*"
)
MARITAL_BY_ANY_SEX = {
    "single": "не состоит в браке",
    "married": "в браке",
    "divorced": "в разводе",
    "widowed": "вдовство",
}


# -- From plain values -----------------------------------------------------------------------------------------------


def birth_date_text(day: date) -> str:
    """As note 3 of the form writes it."""
    return f"{day:%d.%m.%Y}г"


def period_text(starts_on: date, ends_on: date | None) -> str:
    """As note 4 of the form writes it."""
    return f"{starts_on:%d.%m.%Y} г-{f'{ends_on:%d.%m.%Y}' if ends_on else OPEN_END}"


def sex_of(sex: Sex, patronymic: str) -> Sex:
    """Where the card does not say, the patronymic's ending does."""
    if sex is not Sex.UNKNOWN:
        return sex
    ending = patronymic.lower()
    if ending.endswith(("вна", "чна", "кызы", "гызы")):
        return Sex.FEMALE
    return Sex.MALE if ending.endswith(("ич", "оглы", "угли", "уулу")) else Sex.UNKNOWN


def employment_text(*, wording: str, status: str, label: str, organisation: str, position: str) -> str:
    if wording:
        return wording
    place = ", ".join(part for part in (organisation, position) if part)
    if not place:
        return label
    if status == "employed":
        return place if EVIDENT_EMPLOYER.match(place) else f"работает: {place}"
    return place if normalise(place).startswith(normalise(label)) else f"{label}: {place}"


def family_text(*, wording: str, status: str, label: str, label_female: str, children: int, sex: Sex) -> str:
    if wording:
        return wording
    if sex is Sex.UNKNOWN:
        married = MARITAL_BY_ANY_SEX.get(status, label)
    else:
        married = (label_female or label) if sex is Sex.FEMALE else label
    if not children and status == "unknown":
        return married
    return f"{married}, {children_text(children)}"


def children_text(count: int) -> str:
    """«детей нет», «1 ребенок», «2 детей», as the offices write it."""
    if not count:
        return "детей нет"
    return f"{count} ребенок" if count == 1 else f"{count} детей"


def housing_text(
    *, wording: str, status: str, label: str, dwelling: str, queued_on: date | None, queue_number: str
) -> str:
    """«общежитие; состоит на учете с 20.01.2025, № 890»: whoever lives somewhere may wait for a home as well."""
    if wording:
        return wording
    place = f"{label} ({dwelling})" if dwelling else label
    queue = [f"с {queued_on:%d.%m.%Y}"] if queued_on else []
    queue += [f"№ {queue_number}"] if queue_number else []
    if not queue:
        return place
    return ", ".join([place, *queue]) if status == WAITS else f"{place}; состоит на учете {', '.join(queue)}"


def education_text(
    *, wording: str, level: str, level_label: str, status: str, organisation: str, course: int | None, sex: Sex
) -> str:
    if wording:
        return wording
    going_on = study_text(status=status, organisation=organisation, course=course, sex=sex)
    attained = f"{level_label} образование" if level in COMPLETES_EDUCATION and not going_on else level_label
    return "; ".join(part for part in (attained, going_on) if part)


def study_text(*, status: str, organisation: str, course: int | None, sex: Sex) -> str:
    """«обучается БПОУ ВО «…», 2 курс»."""
    ending = {Sex.FEMALE: "а", Sex.MALE: ""}.get(sex, "(а)")
    verbs = {
        "studying": "обучается",
        "completed": f"окончил{ending}",
        "expelled": f"отчислен{ending} из",
        "leave": "в академическом отпуске,",
    }
    if status == "none" or not (status or organisation or course):
        return ""
    verb = verbs.get(status, "")
    place = ", ".join(part for part in (organisation, f"{course} курс" if course else "") if part)
    return f"{verb} {place}".strip() if place else verb.removesuffix(",").removesuffix(" из")


def problems_text(statement: str, open_problems: Sequence[str]) -> str:
    """The office's text word for word while it names exactly the problems that are open; else the open ones."""
    if statement and names_exactly(statement, open_problems):
        return statement
    return "; ".join(open_problems) or NOTHING


def names_exactly(statement: str, open_problems: Iterable[str]) -> bool:
    """Whether nothing but the given problems, and numbers before them, stands in the text."""
    problems = sorted(map(_squash, open_problems), key=len, reverse=True)
    if not problems:
        return NO_PROBLEMS.fullmatch(fold_spaces(statement).lower().replace("ё", "е")) is not None
    rest = _squash(statement)
    for problem in problems:
        before, found, after = rest.partition(problem)
        if not found:
            return False
        rest = f"{before} {after}"
    return not any(character.isalpha() for character in rest)


def _squash(text: str) -> str:
    return "".join(character for character in normalise(text) if character.isalnum())


# -- From the card on a day ------------------------------------------------------------------------------------------


def stays(graduate: Graduate, on: date) -> str:
    """Every stay in a foster family that began by the day."""
    return "; ".join(period_text(p.starts_on, p.ends_on) for p in family_stays(graduate, on))


def family_stays(graduate: Graduate, on: date) -> list[Placement]:
    begun = [p for p in graduate.placements if p.form.is_family and p.starts_on <= on]
    return sorted(begun, key=lambda p: (p.starts_on, p.id))


def education(graduate: Graduate, on: date) -> str:
    study = as_of(graduate.studies, on)
    if study is None:
        return ""
    return education_text(
        wording=study.wording,
        level=study.level_code or "",
        level_label=study.level.label if study.level else "",
        status=study.status_code or "",
        organisation=study.agency.short_name if study.agency else study.organisation,
        course=study.course,
        sex=_sex(graduate),
    )


def profession(graduate: Graduate, on: date) -> str:
    study = as_of(graduate.studies, on)
    return study.profession if study else ""


def employment(graduate: Graduate, on: date) -> str:
    fact = as_of(graduate.employments, on)
    if fact is None:
        return ""
    return employment_text(
        wording=fact.wording,
        status=fact.status_code,
        label=fact.status.label,
        organisation=fact.organisation,
        position=fact.position,
    )


def family(graduate: Graduate, on: date) -> str:
    fact = as_of(graduate.family_statuses, on)
    if fact is None:
        return ""
    return family_text(
        wording=fact.wording,
        status=fact.status_code,
        label=fact.status.label,
        label_female=fact.status.label_female,
        children=fact.children,
        sex=_sex(graduate),
    )


def housing(graduate: Graduate, on: date) -> str:
    fact = as_of(graduate.housings, on)
    if fact is None:
        return ""
    return housing_text(
        wording=fact.wording,
        status=fact.status_code,
        label=fact.status.label,
        dwelling=fact.dwelling,
        queued_on=fact.queued_on,
        queue_number=fact.queue_number,
    )


def address(graduate: Graduate, on: date) -> str:
    fact: Address | None = as_of([a for a in graduate.addresses if a.kind == AddressKind.RESIDENCE], on)
    return fact.text if fact else ""


def problems(graduate: Graduate, on: date, agency_id: int | None = None) -> str:
    """Column 11: what is open on the day, in the office's own words while they are true."""
    stated = [said.problems for said in statements(graduate, on, agency_id) if said.problems]
    still_open = [problem.description for problem in open_problems(graduate, on)]
    true = (text for text in stated if names_exactly(text, still_open))
    return problems_text(next(true, ""), still_open)


def open_problems(graduate: Graduate, on: date) -> list[Problem]:
    return sorted((p for p in graduate.problems if p.is_open_on(on)), key=lambda p: (p.found_on, p.id))


def work_done(graduate: Graduate, on: date, agency_id: int | None = None, since: date = date.min) -> str:
    """Column 12: the newest text of the office itself, else of another one, of those said since a day."""
    said = (one for one in statements(graduate, on, agency_id) if one.starts_on >= since)
    return next((one.work_done for one in said if one.work_done), "")


def statements(graduate: Graduate, on: date, agency_id: int | None) -> list[Situation]:
    """What offices have said by the day, the newest first; what the asking office itself said before all others."""
    said = [s for s in graduate.situations if s.starts_on <= on and (s.ends_on is None or s.ends_on >= on)]
    return sorted(
        said, key=lambda s: (agency_id is not None and s.agency_id == agency_id, s.starts_on, s.id), reverse=True
    )


def _sex(graduate: Graduate) -> Sex:
    return sex_of(graduate.sex, graduate.patronymic)
