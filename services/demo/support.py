"""Who accompanies the person: the responsible organisation, orders, consents, checks of the card."""

from services.demo.days import add_years, between, iso, iso_or_none
from services.demo.names import pick
from services.demo.origin import FAMILIES
from services.demo.staff import Specialist
from services.demo.world import CARE_CENTRE_OF, SERVICE_OF, Person, World

SECTIONS = ("identity", "origin", "contacts", "education", "employment", "family", "housing", "problems", "support")
PERMITTED = "фамилия, имя, отчество; дата рождения; место пребывания; сведения об учёбе и работе"


def tell(p: Person, w: World) -> None:
    """Before leaving: opeka or the care centre; afterwards mostly a service; nobody's after 23 (for most)."""
    before = f"opeka-{p.origin}" if p.form in FAMILIES else CARE_CENTRE_OF[p.origin]
    if p.left_on is None:
        p.agency, p.support_since = before, max(p.care_since, w.today - 500)
        _responsible(p, w, before, p.support_since, None, "подготовка к самостоятельной жизни")
    else:
        _after_leaving(p, w, before)
    if p.agency:
        _assignments(p, w, p.agency)
    _consents(p, w)
    _checks(p, w)


def _after_leaving(p: Person, w: World, before: str) -> None:
    assert p.left_on is not None
    rng, left = p.rng, p.left_on
    district = p.home or p.origin
    luck = rng.random()
    agency = SERVICE_OF[district] if luck < 0.55 else f"kcson-{district}" if luck < 0.75 else before
    p.support_since = left
    if p.turned_23 <= w.today and rng.random() < 0.65:
        p.support_until = p.turned_23
    passed_on = min(between(rng, left, left + 120), w.today)
    if agency != before and passed_on > left:
        _responsible(p, w, before, left, passed_on - 1, "выпуск, передача сведений в службу")
    else:
        passed_on = left
    _responsible(
        p, w, agency, passed_on, p.support_until, "заявление выпускника" if luck < 0.55 else "место пребывания"
    )
    p.was_supported_by = agency
    p.agency = agency if p.support_until is None else None
    if p.support_until is not None:
        ended = ("stable", iso(left), iso(p.support_until), "план сопровождения выполнен", "достижение 23 лет")
        p.rows["category_decision"].append((p.number, *ended))


def _responsible(p: Person, w: World, agency: str, start: int, end: int | None, ground: str) -> None:
    p.rows["responsibility"].append((p.number, w.agencies[agency], iso(start), iso_or_none(end), ground))


def _assignments(p: Person, w: World, agency: str) -> None:
    rng = p.rng
    if rng.random() < 0.85:
        curator = pick(rng, w.staff[agency])
        if not w.is_light and rng.random() < 0.2 and w.today - p.support_since > 300:
            changed = between(rng, p.support_since + 100, w.today - 30)
            _assign(p, "curator", pick(rng, w.staff[agency]), p.support_since, changed - 1)
            _assign(p, "curator", curator, changed, None)
        else:
            _assign(p, "curator", curator, p.support_since, None)
        p.curator = curator.name
    if rng.random() < 0.12:
        _assign(p, "mentor", pick(rng, w.staff["resource-centre"]), between(rng, p.support_since, w.today), None)
    if rng.random() < 0.2:
        social_centre = f"kcson-{p.home or p.origin}"
        _assign(
            p, "district_specialist", pick(rng, w.staff[social_centre]), between(rng, p.support_since, w.today), None
        )


def _assign(p: Person, kind: str, who: Specialist, start: int, end: int | None) -> None:
    position = {"mentor": "наставник", "district_specialist": "участковый специалист"}.get(kind, who.position)
    order = f"{1 + int(p.rng.random() * 180)}-ОД"
    p.rows["assignment"].append(
        (p.number, kind, who.user_id, who.name, position, who.phone, order, iso(start), iso(start), iso_or_none(end))
    )


def _consents(p: Person, w: World) -> None:
    """A separate consent for each purpose; some are withdrawn."""
    rng = p.rng
    agency = p.agency or p.was_supported_by
    wanted = [("support", 0.95), ("transfer", 0.8)]
    wanted += [] if w.is_light else [("photo", 0.25), ("health", 0.12)]
    given = min(p.support_since + int(rng.random() * 30), w.today)
    for purpose, likely in wanted:
        if rng.random() >= likely:
            continue
        withdrawn = between(rng, given, w.today) if rng.random() < 0.03 else None
        sheet = f"согласие № {1 + int(rng.random() * 400)}, личное дело"
        valid = iso(max(add_years(p.birth, 23), given))
        p.rows["consent"].append(
            (p.number, purpose, iso(given), valid, iso_or_none(withdrawn), sheet, PERMITTED, w.agencies[agency])
        )


def _checks(p: Person, w: World) -> None:
    """Sections of the card that somebody has confirmed within the last year."""
    rng = p.rng
    who = w.staff[p.agency or f"opeka-{p.origin}"][0].user_id
    sections = rng.sample(SECTIONS, 2 if w.is_light else 3 + int(rng.random() * 7))
    for section in sections:
        checked = between(rng, max(w.today - 400, p.care_since), w.today)
        p.rows["section_check"].append((p.number, section, iso(checked), who))
