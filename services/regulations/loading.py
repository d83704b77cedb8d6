"""Packs into the database, in versions: what was said once is never overwritten."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from models.regulations import COMMON, DeadlineRule, Regulation, RegulationVersion, VersionSource
from models.rule_terms import RuleTerms
from models.users import User
from services.regulations.checking import check_packs
from services.regulations.pack import Pack, PackRule
from services.regulations.parsing import shipped_packs


class EditedSince(Exception):
    """A file would overwrite what was changed in the editor; the message is for the user."""

    def __init__(self, versions: Sequence[RegulationVersion]) -> None:
        self.codes = frozenset(version.regulation.code for version in versions)
        names = ", ".join(f"«{version.regulation.short_title}» (версия {version.number})" for version in versions)
        super().__init__(
            f"После прошлой загрузки в редакторе изменены: {names}. Файлы не загружены. "
            "Перенесите изменения в файл или загрузите его с заменой (--replace)."
        )


@dataclass(frozen=True)
class Loaded:
    """What became of a pack; the lists hold codes of rules."""

    code: str
    number: int
    is_new: bool = False
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


# -- In --------------------------------------------------------------------------------------------------------------


def load_packs(
    session: Session,
    *,
    packs: Sequence[Pack],
    now: datetime,
    on: date | None = None,
    by: User | None = None,
    note: str = "",
    replace: bool = False,
    endpoints: Collection[str] | None = None,
) -> list[Loaded]:
    """Store the packs that differ from what is stored, all or none.

    `on` is the region's day, by default that of `now`; `endpoints` are the pages that exist (see check_packs).
    Raises BrokenPacks, and EditedSince for a changed file over changes of the editor unless `replace`.
    """
    codes = {pack.code for pack in packs}
    check_packs(packs, among=[pack for pack in current_packs(session) if pack.code not in codes], endpoints=endpoints)
    newest = {pack.code: _newest(session, pack.code) for pack in packs}
    wanted = [pack for pack in packs if replace or not _is_loaded(session, pack, newest[pack.code])]
    edited = [version for pack in wanted if (version := newest[pack.code]) and version.source is VersionSource.EDITOR]
    if edited and not replace:
        raise EditedSince(edited)
    day = on or now.date()
    loaded = []
    for pack in packs:
        version = newest[pack.code]
        if version is not None and (pack not in wanted or version.digest == pack.digest):
            loaded.append(Loaded(pack.code, version.number))
        else:
            loaded.append(
                save_version(session, pack=pack, source=VersionSource.FILE, now=now, on=day, by=by, note=note)
            )
    return loaded


def load_shipped(
    session: Session, *, now: datetime, on: date | None = None, without: Collection[str] = ()
) -> list[Loaded]:
    """The packs that come with the product; `without` those whose changes in the editor are kept (EditedSince)."""
    packs = [pack for pack in shipped_packs() if pack.code not in without]
    return load_packs(session, packs=packs, now=now, on=on)


def save_version(
    session: Session, *, pack: Pack, source: VersionSource, now: datetime, on: date, by: User | None, note: str
) -> Loaded:
    """A new version of a regulation, and of those of its rules that say something else than before.

    Rules that the pack has no more end the day before `on`; duties that they have made stay.
    """
    regulation = _regulation(session, pack)
    last = session.scalar(
        select(func.max(RegulationVersion.number)).where(RegulationVersion.regulation_id == regulation.id)
    )
    made: dict[str, Any] = {"note": note, "created_at": now, "created_by_id": by.id if by else None}
    version = RegulationVersion(
        regulation=regulation,
        number=(last or 0) + 1,
        source=source,
        digest=pack.digest,
        content=dict(pack.content),
        **made,
    )
    session.add(version)
    added, changed, ended = _save_rules(session, pack, regulation, on, made)
    session.flush()
    return Loaded(pack.code, version.number, True, added, changed, ended)


def _newest(session: Session, code: str) -> RegulationVersion | None:
    query = select(RegulationVersion).join(Regulation).where(Regulation.code == code)
    return session.scalar(query.order_by(RegulationVersion.number.desc()).limit(1))


def _is_loaded(session: Session, pack: Pack, newest: RegulationVersion | None) -> bool:
    """The file says what is in force, or what its last loading said before the editor changed it."""
    if newest is None or newest.digest == pack.digest:
        return newest is not None
    query = select(RegulationVersion.digest).where(
        RegulationVersion.regulation_id == newest.regulation_id, RegulationVersion.source == VersionSource.FILE
    )
    return session.scalar(query.order_by(RegulationVersion.number.desc()).limit(1)) == pack.digest


def _regulation(session: Session, pack: Pack) -> Regulation:
    """The regulation's row, saying what the pack says."""
    regulation = session.scalar(select(Regulation).where(Regulation.code == pack.code))
    if regulation is None:
        regulation = Regulation(code=pack.code)
        session.add(regulation)
    data = pack.regulation
    for name in ("title", "short_title", "issuer", "number", "territory"):
        setattr(regulation, name, data.get(name, ""))
    for name in ("adopted_on", "in_force_from", "in_force_to"):
        setattr(regulation, name, date.fromisoformat(data[name]) if name in data else None)
    session.flush()
    return regulation


def _save_rules(
    session: Session, pack: Pack, regulation: Regulation, on: date, made: dict[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Codes of the rules that were added, changed, ended."""
    of_it = DeadlineRule.regulation_id == regulation.id
    current = {rule.code: rule for rule in session.scalars(select(DeadlineRule).where(of_it, DeadlineRule.is_current))}
    last = select(DeadlineRule.code, func.max(DeadlineRule.version)).where(of_it).group_by(DeadlineRule.code)
    versions: dict[str, int] = dict(iter(session.execute(last)))
    added: list[str] = []
    changed: list[str] = []
    for rule in pack.rules:
        old, said = current.pop(rule.code, None), _said(rule)
        if old is not None and _says(old, said, rule.terms):
            continue
        if old is not None:
            old.is_current = False
        (added if old is None else changed).append(rule.code)
        key, version = f"{pack.code}/{rule.code}", versions.get(rule.code, 0) + 1
        terms = rule.terms.to_data()
        session.add(
            DeadlineRule(
                regulation=regulation, code=rule.code, key=key, version=version, terms_data=terms, **said, **made
            )
        )
    ended = [rule.code for rule in current.values() if _end(rule, on)]
    return tuple(added), tuple(changed), tuple(ended)


def _said(rule: PackRule) -> dict[str, Any]:
    """The columns of a rule beside its terms."""
    return {
        "title": rule.title,
        "clause": rule.clause.number,
        "clause_occurrence": rule.clause.occurrence,
        "clause_heading": rule.heading,
        "kind": rule.terms.kind,
        "in_force_from": rule.in_force_from,
        "in_force_to": rule.in_force_to,
    }


def _says(old: DeadlineRule, said: dict[str, Any], terms: RuleTerms) -> bool:
    """Whether a stored rule says the same already."""
    return old.terms == terms and all(getattr(old, name) == value for name, value in said.items())


def _end(rule: DeadlineRule, on: date) -> bool:
    """A rule that is gone was in force until yesterday; whether that is news."""
    if rule.in_force_to is not None and rule.in_force_to < on:
        return False
    yesterday = on - timedelta(days=1)
    if yesterday < rule.in_force_from:
        rule.is_current = False  # It never came into force.
    else:
        rule.in_force_to = yesterday
    return True


# -- Out -------------------------------------------------------------------------------------------------------------

_known: dict[str, Pack] = {}  # The pack last read of each code; its digest tells whether it is still the one.


def current_packs(session: Session) -> list[Pack]:
    """What is in force in this installation, the common pack first."""
    rows = session.execute(_versions().order_by(Regulation.code != COMMON, Regulation.code))
    return [_pack(session, *row) for row in rows.all()]


def pack_of(session: Session, code: str) -> Pack | None:
    """The newest version of a regulation; None where it was never loaded."""
    row = session.execute(_versions().where(Regulation.code == code)).one_or_none()
    return _pack(session, *row) if row is not None else None


def letter_titles(session: Session) -> dict[str, str]:
    """Titles of all kinds of letters by their keys."""
    packs = current_packs(session)
    return {f"{pack.code}/{entry['code']}": entry["title"] for pack in packs for entry in pack.section("referrals")}


def _versions() -> Select[str, str, int]:
    """Code, digest and id of the newest version of each regulation."""
    version, later = RegulationVersion, aliased(RegulationVersion)
    is_newest = ~exists().where(later.regulation_id == version.regulation_id, later.number > version.number)
    return select(Regulation.code, version.digest, version.id).join(version.regulation).where(is_newest)


def _pack(session: Session, code: str, digest: str, version_id: int) -> Pack:
    known = _known.get(code)
    if known is None or known.digest != digest:
        content = session.scalars(select(RegulationVersion.content).where(RegulationVersion.id == version_id)).one()
        known = _known[code] = Pack(content)
    return known
