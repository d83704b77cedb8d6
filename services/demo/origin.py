"""Where a person comes from: care, its ends, legal status."""

from services.demo.bulk import Value
from services.demo.days import add_years, between, iso, iso_or_none, russian, year_of
from services.demo.names import LAST, family_of, pick
from services.demo.territory import CENTRE, locality
from services.demo.wording import CARE_LOSS
from services.demo.world import CARE_CENTRE_OF, Person, World

ORIGINS = ["sokol"] * 38 + ["totma"] * 27 + ["vologda"] * 35
# Ways through care; the last form is the one that the person leaves.
WAYS: list[tuple[str, ...]] = [
    *[("foster_family",)] * 34,
    *[("institution", "foster_family")] * 16,
    *[("foster_family", "institution")] * 5,
    *[("foster_family", "foster_family")] * 5,
    *[("guardianship",)] * 14,
    *[("rehabilitation", "institution")] * 12,
    *[("institution",)] * 12,
    *[("preliminary", "guardianship")] * 2,
]
FAMILIES = {"foster_family", "guardianship", "preliminary", "patronage"}


def tell(p: Person, w: World, way: tuple[str, ...] = ()) -> None:
    """Placements one after another, from the loss of care until majority (or until now)."""
    rng = p.rng
    p.origin = pick(rng, ORIGINS)
    p.home = p.origin
    way = way or pick(rng, WAYS)
    p.care_since = min(p.birth + int((0.4 + rng.random() ** 0.8 * 14) * 365), p.turned_18 - 500, w.today - 200)
    end = _end_of_care(p, w)
    starts = sorted(between(rng, p.care_since + 60, min(end - 200, w.today - 60)) for _ in way[1:])
    starts = [p.care_since, *starts]
    for place, (form, start) in enumerate(zip(way, starts, strict=True)):
        is_last = place == len(way) - 1
        last_day = end if is_last else starts[place + 1] - 1
        _placement(p, w, form, start, None if is_last and last_day > w.today else max(start, last_day), is_last)
    p.form = way[-1]
    p.left_on = end if end <= w.today else None


def _end_of_care(p: Person, w: World) -> int:
    """Majority; for some of an institution earlier, when they go to a college at 16."""
    if p.rng.random() < 0.08:
        return add_years(p.birth, 16) + int(p.rng.random() * 300)
    return p.turned_18


def _placement(p: Person, w: World, form: str, start: int, end: int | None, is_last: bool) -> None:
    agency_id: int | None = None
    if form == "institution":
        code = CARE_CENTRE_OF[p.origin]
        agency_id, place = w.agencies[code], w.agency_names[code]
    elif form == "rehabilitation":
        place = f"социально-реабилитационный центр, {CENTRE[p.origin]}"
    elif form == "foster_family":
        place = f"приёмная семья {family_of(pick(p.rng, LAST))}, {locality(p.rng, p.origin)}"
    else:
        place = pick(p.rng, ["семья бабушки", "семья тёти", "семья старшей сестры", "семья дяди"])
    ground = f"постановление № {1 + int(p.rng.random() * 900)} от {russian(start)}"
    reason = ""
    if end is not None:
        reason = (
            ("достижение 18 лет" if end >= p.turned_18 else "поступление в колледж")
            if is_last
            else "изменение формы устройства"
        )
    p.rows["placement"].append(
        (p.number, form, iso(start), iso_or_none(end), agency_id, place, w.districts[p.origin], ground, reason)
    )


def columns(p: Person, w: World) -> tuple[Value, ...]:
    """The card's own columns from legal status to graduating agency, in the order of COLUMNS."""
    rng = p.rng
    reason = pick(rng, CARE_LOSS)
    if w.today < p.turned_18:
        status = "orphan" if reason == "dead" else "without_care"
    else:
        status = "former_orphan" if w.today < p.turned_23 else "over_23"
    court = pick(rng, ["Сокольский районный суд", "Тотемский районный суд", "Вологодский городской суд"])
    act = "свидетельства о смерти" if reason == "dead" else f"решение суда ({court}) от {russian(p.care_since - 20)}"
    ground, document = None, ""
    if p.left_on is not None:
        is_family = p.form in FAMILIES
        ground = "came_of_age" if is_family else "stay_completed"
        kind = "акт о прекращении попечительства" if is_family else "приказ об отчислении"
        document = f"{kind} № {1 + int(rng.random() * 300)} от {russian(p.left_on)}"
    graduating = CARE_CENTRE_OF[p.origin] if p.form == "institution" else f"opeka-{p.origin}"
    found = f"{CENTRE[p.origin]}, журнал учёта за {year_of(p.care_since)} год"
    return (
        status, reason, act, found, iso(p.care_since), ground, document, iso_or_none(p.left_on),
        w.agencies[graduating],
    )  # fmt: skip
