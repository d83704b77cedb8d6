"""Papers, contacts and kin; then the card's own row with every derived column."""

from operator import itemgetter

from models.text import digits, name_key, normalise
from services.demo import numbers, origin
from services.demo.bulk import Row
from services.demo.days import add_years, between, iso, russian, year_of
from services.demo.names import full_name, pick
from services.demo.wording import HEALTH, OFFENCES
from services.demo.world import Person, World

KIN = [
    "mother",
    "father",
    "sibling",
    "sibling",
    "grandparent",
    "aunt_uncle",
    "foster_parent",
    "foster_parent",
    "friend",
]
INCOMES = {
    "studying": ("академическая и социальная стипендия", 4),
    "employed": ("заработная плата", 34),
    "self_employed": ("доход от самозанятости", 30),
    "disabled": ("пенсия по инвалидности", 15),
    "childcare_leave": ("пособие по уходу за ребёнком", 12),
}


def papers(p: Person, w: World) -> None:
    """Documents, a phone, people who are close, restricted records."""
    _documents(p, w)
    _contacts(p, w)
    if p.rng.random() < (0.3 if w.is_light else 0.8):
        _close_person(p)
    if not w.is_light:
        _income(p, w)
    who = w.staff[p.agency or f"opeka-{p.origin}"][0].user_id
    day = iso(between(p.rng, max(p.care_since, w.today - 900), w.today))
    if p.employment == "disabled" or p.rng.random() < 0.05:
        until = iso(w.today + 700) if p.rng.random() < 0.5 else None
        p.rows["health_record"].append((p.number, day, pick(p.rng, HEALTH), until, who))
    if p.employment == "imprisoned" or p.rng.random() < 0.04:
        p.rows["offence_record"].append((p.number, day, pick(p.rng, OFFENCES).format(a=p.ending), who))


def _documents(p: Person, w: World) -> None:
    if p.rng.random() < 0.03:
        return  # Lost, or never entered.
    since = add_years(p.birth, 20)
    since = since if since + 30 <= w.today else add_years(p.birth, 14)
    issued = min(since + 5 + int(p.rng.random() * 25), w.today)
    series, number = numbers.passport(p.number, year_of(issued))
    _document(p, "passport", series, number, issued, "УМВД России по Вологодской области", "000-035")
    if w.is_light:
        return
    if p.rng.random() < 0.25:
        _document(
            p, "birth_certificate", "0-АА", numbers.passport(p.number + 500_000, 2000)[1], p.birth + 20, "отдел ЗАГС"
        )
    if p.rng.random() < 0.2:
        certificate = f"{p.number:05d}-С"
        _document(
            p, "status_certificate", "", certificate, max(p.support_since, p.birth), "орган опеки и попечительства"
        )


def _document(p: Person, kind: str, series: str, number: str, issued: int, by: str, division: str = "") -> None:
    p.rows["identity_document"].append((p.number, kind, series, number, iso(issued), by, division, None))
    p.found_by.append((1, normalise(f"{series} {number}")))
    p.found_by.append((2, digits(f"{series}{number}")))


def _contacts(p: Person, w: World) -> None:
    if p.rng.random() < 0.93:
        p.phone = numbers.mobile(p.number)
        p.rows["contact"].append((p.number, "phone", p.phone, ""))
        p.found_by.append((3, digits(p.phone)))
    if w.is_light:
        return
    if p.rng.random() < 0.3:
        mail = f"graduate{p.number}@mail.example"
        p.rows["contact"].append((p.number, "email", mail, ""))
        p.found_by += [(3, digits(mail)), (4, normalise(mail))]
    if p.rng.random() < 0.35:
        page = f"vk.example/person{p.number}"
        p.rows["contact"].append((p.number, "social_network", page, ""))
        p.found_by.append((3, digits(page)))


def _close_person(p: Person) -> None:
    kinship = pick(p.rng, KIN)
    is_man = kinship == "father" or (kinship != "mother" and p.rng.random() < 0.4)
    number = numbers.mobile(p.number + 3_000_000) if p.rng.random() < 0.6 else ""
    name = str(full_name(p.rng, is_man))
    p.rows["close_person"].append((p.number, name, kinship, number, pick(p.rng, [True, True, False, None]), ""))


def _income(p: Person, w: World) -> None:
    source, thousands = INCOMES.get(p.employment, ("", 0))
    if source and p.rng.random() < 0.8:
        amount = thousands * 1000 + int(p.rng.random() * thousands) * 400
        since = between(p.rng, max(p.care_since, w.today - 700), w.today)
        p.rows["income"].append((p.number, iso(since), False, None, source, amount))


def row(p: Person, w: World) -> Row:
    """The row of the graduate table; derived columns are those that models.derived would compute."""
    name, rng = p.name, p.rng
    key = name_key(name.last, name.first, name.patronymic)
    snils = numbers.snils(p.number) if rng.random() < 0.96 else ""
    policy = f"0000{p.number:012d}" if rng.random() < 0.7 else ""
    p.found_by.sort(key=itemgetter(0))  # The order of models.derived.
    found_by = [key, normalise(p.former_names), russian(p.birth), snils, policy, *(text for _, text in p.found_by)]
    search = " | ".join(dict.fromkeys(part for part in found_by if part))
    created = iso(min(max(p.support_since, w.today - 1500), w.today - 1)) + w.moment_suffix
    agency_id = w.agencies[p.agency] if p.agency else None
    district_id = w.districts[p.home] if p.home else None
    return (
        p.number, name.last, name.first, name.patronymic, p.former_names, iso(p.birth),
        "male" if p.is_male else "female", "Российская Федерация", snils, policy, *origin.columns(p, w),
        rng.random() < 0.03, "", agency_id, w.districts[p.origin], district_id, p.category, p.employment, p.marital,
        p.children, p.housing, p.address, p.profession, p.phone, p.curator, p.open_problems, key, search, created,
        w.loaded_at, w.staff[f"opeka-{p.origin}"][0].user_id, 1,
    )  # fmt: skip
