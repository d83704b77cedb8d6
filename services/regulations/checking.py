"""What a schema cannot see: references inside a pack, between packs, and to the product itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from models import Model
from models.dictionaries import DictionaryEntry
from models.regulations import COMMON
from models.rule_terms import RecordKind, RuleTerms, full_key
from reports.catalogue import REPORTS
from reports.journals import JOURNALS
from services.regulations import checking_exchange, checking_library
from services.regulations.faults import BrokenPacks, Fault, Path
from services.regulations.pack import LISTS, ClauseRef, Element, Pack

RECORD_KINDS = frozenset(kind.value for kind in RecordKind)


def check_packs(packs: Sequence[Pack], *, among: Sequence[Pack] = (), endpoints: Collection[str] | None = None) -> None:
    """BrokenPacks with all faults of `packs`; `among` are other packs that hold beside them.

    `endpoints` are the names of the pages that exist; None where nobody can tell.
    """
    faults = [*_between(packs, among)]
    for pack in packs:
        for check in (
            _clauses,
            _codes,
            _roles,
            _rules,
            _profile,
            _scales,
            _rating,
            checking_exchange.kinds,
            checking_exchange.bodies,
            checking_library.documents_and_forms,
        ):
            faults += check(pack)
        faults += _bindings(pack, endpoints)
    if faults:
        raise BrokenPacks(faults)


# -- Between packs ---------------------------------------------------------------------------------------------------


def _between(packs: Sequence[Pack], among: Sequence[Pack]) -> Iterator[Fault]:
    codes = Counter(pack.code for pack in packs)
    for pack in packs:
        if codes[pack.code] > 1:
            yield pack.fault(("regulation", "code"), f"пакетов с кодом «{pack.code}» несколько: оставьте один.")
    everything = [*packs, *(pack for pack in among if pack.code not in codes)]
    owners = _owners(everything)
    for pack in packs:
        yield from _twice_declared(pack, owners)
        yield from _undeclared(pack, owners)
        yield from _nothing_to_replace(pack, everything)
        yield from _words_of_nothing(pack, everything)
    yield from _unserved(packs, {row for pack in everything for element in pack.elements for row in element.serves})


def _owners(packs: Sequence[Pack]) -> dict[str, list[str]]:
    """The codes of the packs that declare a row, one for each time."""
    owners: dict[str, list[str]] = {}
    for pack in packs:
        for row in pack.rows:
            owners.setdefault(row, []).append(pack.code)
    return owners


def _twice_declared(pack: Pack, owners: dict[str, list[str]]) -> Iterator[Fault]:
    for clause in pack.clauses:
        for row in clause.rows:
            if len(owners[row]) > 1:
                others = ", ".join(sorted(set(owners[row])))
                yield pack.fault(
                    (*clause.path, "rows"), f"строка {row} объявлена не один раз ({others}): оставьте одну."
                )


def _undeclared(pack: Pack, owners: dict[str, list[str]]) -> Iterator[Fault]:
    for element in pack.elements:
        for row in element.serves:
            if row not in owners:
                yield pack.fault((*element.path, "serves"), f"строки {row} нет ни в одном пункте (clauses.rows).")


def _nothing_to_replace(pack: Pack, everything: Sequence[Pack]) -> Iterator[Fault]:
    """Rules stand in place of common ones only."""
    common = {rule["code"] for other in everything if other.code == COMMON for rule in other.section("rules")}
    for number, entry in enumerate(pack.section("rules")):
        for code in entry.get("replaces", ()):
            if code not in common:
                yield pack.fault(("rules", number, "replaces"), f"правила «{code}» нет среди общих (common).")


def _words_of_nothing(pack: Pack, everything: Sequence[Pack]) -> Iterator[Fault]:
    """What a rule asks for is a kind of record, a measure, a kind of letters or a council of some pack."""
    letters = {f"{other.code}/{entry['code']}" for other in everything for entry in other.section("referrals")}
    bodies = {f"{other.code}/{entry['code']}" for other in everything for entry in other.section("bodies")}
    known = {*RECORD_KINDS, *letters, *bodies, *(f"{pack.code}/{entry['code']}" for entry in pack.section("measures"))}
    for number, entry in enumerate(pack.section("rules")):
        for word in entry.get("evidence_of", ()):
            if word not in known:
                sentence = f"слова «{word}» нет ни среди видов записей и писем, ни среди мероприятий."
                yield pack.fault(("rules", number, "evidence_of"), sentence)
        for word in entry.get("trigger_of", ()):
            if full_key(pack.code, word) not in letters:
                yield pack.fault(("rules", number, "trigger_of"), f"вида писем «{word}» нет в разделах referrals.")


def _unserved(packs: Sequence[Pack], served: set[str]) -> Iterator[Fault]:
    for pack in packs:
        for clause in pack.clauses:
            for row in clause.rows:
                if row not in served:
                    yield pack.fault((*clause.path, "rows"), f"строку {row} не обеспечивает ни один элемент (serves).")


# -- Inside a pack ---------------------------------------------------------------------------------------------------


def _clauses(pack: Pack) -> Iterator[Fault]:
    known: set[ClauseRef] = set()
    for clause in pack.clauses:
        if clause.ref in known:
            yield pack.fault((*clause.path, "number"), f"пункт {clause.ref} уже есть: укажите другой occurrence.")
        known.add(clause.ref)
    for element in pack.elements:
        if element.clause is not None and element.clause not in known:
            yield pack.fault((*element.path, "clause"), f"пункта {element.clause} нет в разделе clauses.")


def _codes(pack: Pack) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for element in pack.elements:
        if (element.section, element.code) in seen:
            yield pack.fault((*element.path, "code"), f"код «{element.code}» в этом разделе уже есть: нужен другой.")
        seen.add((element.section, element.code))


def _roles(pack: Pack) -> Iterator[Fault]:
    known = {role["code"] for role in pack.section("roles")}
    for number, entry in enumerate(pack.section("rules")):
        parties: list[tuple[Path, dict[str, Any]]] = [(("obliged",), entry["obliged"])]
        parties += [(("recipients", place), party) for place, party in enumerate(entry.get("recipients", ()))]
        for inner, party in parties:
            if party.get("role", "") and party["role"] not in known:
                path = ("rules", number, *inner, "role")
                yield pack.fault(path, f"роли «{party['role']}» нет в разделе roles.")


def _rules(pack: Pack) -> Iterator[Fault]:
    codes = {entry["code"] for entry in pack.section("rules")}
    declared = {entry["code"] for entry in pack.section("reports")}
    for number, entry in enumerate(pack.section("rules")):
        path, terms = ("rules", number), RuleTerms.of(entry)
        if terms.amount_to is not None and terms.amount_to <= terms.amount:
            yield pack.fault(
                (*path, "amount_to"), "промежуток кончается не позже, чем начинается: нужно больше amount."
            )
        for other in terms.instead_of:
            if other not in codes or other == entry["code"]:
                yield pack.fault((*path, "instead_of"), f"другого правила «{other}» в пакете нет.")
        if terms.report and terms.report not in REPORTS and terms.report not in declared:
            yield pack.fault((*path, "report"), f"отчёта «{terms.report}» нет ни в системе, ни в разделе reports.")
        if "in_force_from" in entry or "in_force_to" in entry:
            yield from _ends_after_start(pack, path, entry)
    yield from _ends_after_start(pack, ("regulation",), pack.regulation)


def _ends_after_start(pack: Pack, path: Path, entry: Mapping[str, Any]) -> Iterator[Fault]:
    """ISO days compare as text."""
    starts = entry.get("in_force_from", pack.regulation["in_force_from"])
    ends = entry.get("in_force_to") or pack.regulation.get("in_force_to", "")
    if ends and ends < starts:
        yield pack.fault((*path, "in_force_to"), f"действие кончается ({ends}) раньше, чем начинается ({starts}).")


def _profile(pack: Pack) -> Iterator[Fault]:
    for name in ("ages", "programme_ages"):
        ages = pack.profile.get(name)
        if ages and ages["from"] > ages["to"]:
            yield pack.fault(("profile", name), "возраст «от» больше возраста «до»: поменяйте их.")


def _scales(pack: Pack) -> Iterator[Fault]:
    """Each step is one of the scale, no sum stands in two bands, spheres are judged by 0 to 2."""
    for section, items in (("monitoring", "indicators"), ("readiness", "spheres")):
        content = pack.content.get(section)
        if content is None:
            continue
        values = {step["value"] for step in content["scale"]}
        if section == "readiness" and not values <= {0, 1, 2}:
            yield pack.fault((section, "scale"), "готовность оценивают от 0 до 2: исправьте value.")
        for number, entry in enumerate(content[items]):
            if "steps" in entry and {step["value"] for step in entry["steps"]} != values:
                path = (section, items, number, "steps")
                yield pack.fault(path, "ступени должны быть те же, что в scale: исправьте value.")
        yield from _bands(pack, section, content.get("bands", ()))


def _bands(pack: Pack, section: str, bands: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    ordered = sorted(enumerate(bands), key=lambda pair: pair[1]["from"])
    below = -1
    for number, band in ordered:
        if band["to"] < band["from"] or band["from"] <= below:
            yield pack.fault((section, "bands", number), "уровни пересекаются или from больше to: исправьте их.")
        below = max(below, band["to"])


def _rating(pack: Pack) -> Iterator[Fault]:
    """Weights make up a whole, scales go upwards, no code or grade stands twice."""
    rating: Mapping[str, Any] = pack.content.get("rating", {})
    criteria = rating.get("criteria", ())
    if criteria and sum(entry["weight"] for entry in criteria) != 100:
        yield pack.fault(("rating", "criteria"), "сумма весов (weight) должна быть 100: исправьте веса.")
    seen: set[str] = set()
    for number, entry in enumerate(criteria):
        if entry["code"] in seen:
            path: Path = ("rating", "criteria", number, "code")
            yield pack.fault(path, f"код «{entry['code']}» в этом разделе уже есть: нужен другой.")
        seen.add(entry["code"])
        if "scale" in entry and entry["scale"]["from"] >= entry["scale"]["to"]:
            yield pack.fault(("rating", "criteria", number, "scale"), "from должно быть меньше to: поменяйте их.")
    starts = [grade["from"] for grade in rating.get("grades", ())]
    if len(set(starts)) < len(starts):
        yield pack.fault(("rating", "grades"), "две оценки начинаются с одного балла: исправьте from.")


# -- To the product --------------------------------------------------------------------------------------------------


def _bindings(pack: Pack, endpoints: Collection[str] | None) -> Iterator[Fault]:
    """Planned elements name what is still to be built."""
    for element in pack.elements:
        if element.is_planned or element.section not in LISTS:
            continue
        if element.section == "reports" and element.code not in REPORTS:
            yield pack.fault((*element.path, "code"), f"отчёта «{element.code}» в системе нет: укажите planned: true.")
        if element.section == "journals" and element.code not in JOURNALS:
            yield pack.fault((*element.path, "code"), f"журнала «{element.code}» в системе нет: укажите planned: true.")
        for place, name in enumerate(element.binds):
            if missing := _missing(element, name, endpoints):
                yield pack.fault((*element.path, "binds", place), missing)


def _missing(element: Element, name: str, endpoints: Collection[str] | None) -> str:
    """What there is not; empty where there is."""
    if element.section == "records" and not _is_column(name):
        return f"таблицы или поля «{name}» в базе данных нет."
    if element.section == "dictionaries" and name not in dictionaries():
        return f"справочника «{name}» нет."
    if element.section == "pages" and endpoints is not None and name not in endpoints:
        return f"страницы «{name}» нет."
    return ""


def _is_column(name: str) -> bool:
    """A table, or table.column."""
    table, _, column = name.partition(".")
    found = Model.metadata.tables.get(table)
    return found is not None and (not column or column in found.columns)


def dictionaries() -> frozenset[str]:
    """Tables of the classifiers."""
    return frozenset(str(entry.__tablename__) for entry in DictionaryEntry.__subclasses__() if issubclass(entry, Model))
