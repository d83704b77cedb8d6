"""Where a person lives, and the waiting list for a dwelling of one's own (159-ФЗ, art. 8)."""

from services.demo.days import add_years, between, iso, iso_or_none, russian
from services.demo.names import pick
from services.demo.territory import CENTRE, address
from services.demo.world import COLLEGES, Person, World

GROWN = (
    ["waiting_list"] * 38 + ["special_lease"] * 20 + ["assigned"] * 11 + ["rented"] * 7 + ["relatives"] * 6
    + ["owned"] * 4 + ["payment", "payment", "institution", "homeless", "homeless", "social_lease", "not_in_need"]
    + ["unknown", "social_hotel"]
)  # fmt: skip
YOUNG = ["waiting_list"] * 6 + ["assigned", "assigned", "relatives"]
IN_QUEUE = {"waiting_list", "dormitory", "rented", "relatives", "institution", "homeless", "social_hotel"}
OWN_DWELLING = {"special_lease", "assigned", "owned", "payment", "social_lease", "not_in_need"}


def tell(p: Person, w: World) -> None:
    """Housing with its history, then the addresses that follow from it."""
    rng = p.rng
    is_grown = p.left_on is not None and w.today > p.turned_18
    p.housing = pick(rng, GROWN if is_grown else YOUNG)
    if p.study == "studying" and rng.random() < 0.45 and p.housing not in ("special_lease", "owned"):
        p.housing = "dormitory"
    _choose_home(p)
    p.address = _dormitory(p) if p.housing == "dormitory" else address(rng, p.home)
    queued = between(rng, p.birth + 14 * 366, min(w.today, p.turned_18 + 90))
    if p.housing in ("special_lease", "payment"):
        moved = between(rng, min(p.turned_18 + 30, w.today), w.today)
        _housing(p, "waiting_list", queued, moved - 1 if moved > queued else queued, queued=queued)
        _housing(p, p.housing, moved, None)
    else:
        known_since = queued if p.housing in IN_QUEUE else p.left_on or w.today - 300
        _housing(p, p.housing, known_since, None, queued=queued if p.housing in IN_QUEUE else None)
    _addresses(p, w)


def _choose_home(p: Person) -> None:
    """Most stay; some move to Vologda, few leave the region's three districts."""
    luck = p.rng.random()
    if p.housing == "dormitory":
        p.home = COLLEGES[p.college]
    elif luck < 0.10:
        p.home = "vologda"
    elif luck < 0.13:
        p.home = None
    elif luck < 0.17:
        p.home = pick(p.rng, ["sokol", "totma"])


def _dormitory(p: Person) -> str:
    room = 100 + int(p.rng.random() * 400)
    return (
        f"г. {CENTRE[COLLEGES[p.college]]}, ул. Студенческая, д. {1 + int(p.rng.random() * 3)}, общежитие, комн. {room}"
    )


def _housing(p: Person, status: str, start: int, end: int | None, *, queued: int | None = None) -> None:
    rng = p.rng
    dwelling, contract, contract_ends = "", "", None
    if end is None and status in OWN_DWELLING:
        dwelling = p.address if rng.random() < 0.8 else address(rng, p.origin)
    if status == "special_lease":
        contract = f"договор найма № {1 + int(rng.random() * 200)} от {russian(start)}"
        contract_ends = add_years(start, 5)
    number = str(1 + int(rng.random() * 900)) if queued else ""
    body = "Департамент строительства Вологодской области" if queued else ""
    uninhabitable = status == "assigned" and rng.random() < 0.3
    priority = bool(queued) and p.employment == "military" and rng.random() < 0.1
    p.rows["housing"].append(
        (
            p.number, iso(start), True, iso_or_none(end), status, dwelling, uninhabitable, iso_or_none(queued), number,
            body, priority, contract, iso_or_none(contract_ends), "",
        )
    )  # fmt: skip


def _addresses(p: Person, w: World) -> None:
    left = p.left_on or p.care_since
    since = between(p.rng, left, w.today)
    if not w.is_light and p.left_on and since - left > 60:
        _address(p, w, left, since - 1, "residence", address(p.rng, p.origin), p.origin)
    _address(p, w, since, None, "residence", p.address, p.home)
    if not w.is_light and p.rng.random() < 0.6:
        _address(p, w, left, None, "registration", address(p.rng, p.origin), p.origin)


def _address(p: Person, w: World, start: int, end: int | None, kind: str, text: str, district: str | None) -> None:
    district_id = w.districts[district] if district else None
    p.rows["address"].append((p.number, iso(start), True, iso_or_none(end), kind, text, district_id))
