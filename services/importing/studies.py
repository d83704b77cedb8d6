# ruff: noqa: E501 (a table of wordings is read by its lines)
"""«Образование» taken apart: «среднее общее; обучается БПОУ ВО «Колледж», 4 курс»."""

import re
from dataclasses import dataclass

from services.importing.text import fold_spaces, plain

# Codes of the dictionaries «Уровень образования» and «Статус обучения».
LEVELS = (
    ("special", re.compile(r"коррекц|\b(?:8|viii) вида|свидетельств\w+ об обучении|специальн\w+ школ|\bскош\w*")),
    ("higher", re.compile(r"высше|бакалавр|магистр|специалитет|\bво\b(?! ?[«\"])(?=$|[;,.])")),
    ("vocational", re.compile(r"(?:средн|начальн)\w*[- ]?(?:проф|спец|техн)\w*|\bспо\b|\bнпо\b|\bср\.? ?(?:проф|спец)")),
    ("training", re.compile(r"професс\w+ (?:обуч|подгот)|курс\w* (?:проф|подгот|переподг)|рабоч\w+ професси")),
    ("secondary", re.compile(r"средн\w+ ?(?:\(полн\w+\) )?(?:общ|обр|$|[;,.])|полное среднее|11 ?(?:-?ти |-?х )?класс|\bсреднее\b")),
    ("basic", re.compile(r"основн\w+ ?(?:общ|обр|$|[;,.])|неполн\w+ средн|9 ?(?:-?ти )?класс|основное\b")),
    ("none", re.compile(r"^нет$|не имеет|без образован|начальн\w+(?: общ\w+)?")),
)  # fmt: skip
STATES = (
    ("expelled", re.compile(r"отчисл|исключен|бросил\w?|не (?:окончил|закончил)\w?|неоконч|незакон")),
    ("leave", re.compile(r"академ")),
    ("completed", re.compile(r"оконч|законч|выпускни|заверш|получил\w? диплом|диплом")),
    ("studying", re.compile(r"обуча|учит|студент|учащ|курсант|поступил|зачислен|\bкурс\b|ученик|ученица")),
)
QUOTED = re.compile(
    r"(?P<form>(?:\b[А-ЯЁ][А-ЯЁа-яё]*[А-ЯЁ]\b\s*)*)(?P<quote>[«\"„“])(?P<name>[^»\"”“;]+?)(?:[»\"”]|(?=,?\s*\d\s*курс)|$)"
)
SCHOOL = re.compile(
    r"(?P<name>(?:[А-ЯЁ][\w-]*\s){0,4}(?:\w+(?:ом|ий|ый|ая|ое|ой|ем)\s){0,3}"
    r"(?:[Кк]олледж\w*|[Тт]ехникум\w*|[Уу]ниверситет\w*|[Ии]нститут\w*|[Аа]кадеми[яию]\b|[Уу]чилищ\w+|[Лл]ице\w+|[Шш]кол\w+|"
    r"[Гг]имнази\w+|ПТУ|ПУ|ПОО|СПТУ|СОШ)(?:\s?(?:№|N)\s?\d+)?)"
)
COURSE = re.compile(
    r"\b([1-6])(?:\s?-?\s?(?:й|ый|ой|ий|м|ом|го))?\s*курс|курс\w*\s*[-:]?\s*([1-6])\b|\b(i{1,3}|iv|v|vi) курс"
)
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
PROGRAMME = re.compile(
    r"(?:по (?:специальности|профессии|направлению|программе)|специальност[ьи]|професси[яи])\s*[:-]?\s*"
    r"(?:[«\"](?P<quoted>[^»\"]+)[»\"]|(?P<bare>[^;,.]+))",
    re.IGNORECASE,
)
EDUCATION_VERB = re.compile(r"^(?:в|во|на|окончил\w*(?:\(а\))?|обучается|учится)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class ParsedStudy:
    """What was understood; a part that was not is "" or None."""

    level: str = ""
    status: str = ""
    organisation: str = ""
    course: int | None = None
    programme: str = ""

    @property
    def is_place(self) -> bool:
        """There is a place of study, not only a level."""
        return bool(self.organisation or self.status)


def parse_study(text: str) -> ParsedStudy | None:
    """The education in parts, or None where nothing of it was understood."""
    shown, looked = fold_spaces(text), plain(text)
    organisation = _organisation(shown)
    course = _course(looked)
    rest = plain(shown.replace(organisation, " ")) if organisation else looked
    study = ParsedStudy(
        level=next((code for code, pattern in LEVELS if pattern.search(rest)), ""),
        status=next((code for code, pattern in STATES if pattern.search(rest)), ""),
        organisation=organisation,
        course=course,
        programme=_programme(shown),
    )
    return None if study == ParsedStudy() else study


def _organisation(text: str) -> str:
    without_programme = PROGRAMME.sub(" ", text)
    match = QUOTED.search(without_programme)
    if match:
        return f"{match['form'].strip()} «{match['name'].strip(' ,')}»".strip()
    match = SCHOOL.search(without_programme)
    name = EDUCATION_VERB.sub("", match["name"].strip()) if match else ""
    return name if any(letter.isupper() or letter.isdigit() for letter in name) else ""


def _course(looked: str) -> int | None:
    match = COURSE.search(looked)
    if match is None:
        return None
    arabic = match[1] or match[2]
    return int(arabic) if arabic else ROMAN[match[3]]


def _programme(text: str) -> str:
    match = PROGRAMME.search(text)
    return (match["quoted"] or match["bare"] or "").strip() if match else ""
