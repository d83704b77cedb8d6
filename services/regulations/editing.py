"""Changing a regulation in the editor: a pack with another rule in it, checked like a file, is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.regulations import Regulation, RegulationVersion, VersionSource
from models.users import User
from services.regulations import schema
from services.regulations.checking import check_packs
from services.regulations.faults import BrokenPacks
from services.regulations.loading import Loaded, current_packs, save_version
from services.regulations.pack import Pack

Values = Mapping[str, Any]


class Outdated(Exception):
    """Somebody has stored a newer version than the one that was changed; the message is for the user."""

    def __init__(self, newest: RegulationVersion) -> None:
        who = newest.created_by.name if newest.created_by else "загрузка из файла"
        super().__init__(
            f"Пока форма была открыта, регламент изменили: версия {newest.number}, {who}. "
            "Введённое вами осталось в форме: проверьте его и посмотрите, что изменится, ещё раз."
        )
        self.number = newest.number


def rule_entry(pack: Pack, code: str) -> dict[str, Any] | None:
    """A rule as it stands in the pack."""
    return next((entry for entry in pack.section("rules") if entry["code"] == code), None)


def with_changes(pack: Pack, code: str, values: Values) -> Pack:
    """The pack with some fields of a rule set; None takes a field away."""
    content = deepcopy(dict(pack.content))
    entry = next(entry for entry in content["rules"] if entry["code"] == code)
    for name, value in values.items():
        if value is None:
            entry.pop(name, None)
        else:
            entry[name] = value
    return Pack(content)


def with_rule(pack: Pack, entry: Values) -> Pack:
    """The pack with one more rule."""
    content = deepcopy(dict(pack.content))
    content["rules"] = [*content.get("rules", ()), {name: value for name, value in entry.items() if value is not None}]
    return Pack(content)


def check(session: Session, pack: Pack) -> None:
    """BrokenPacks where a file that says the same could not be loaded."""
    faults = list(schema.faults(pack.content, file=pack.code, lines={}))
    if faults:
        raise BrokenPacks(faults)
    check_packs([pack], among=[other for other in current_packs(session) if other.code != pack.code])


def newest_version(session: Session, regulation_id: int) -> RegulationVersion:
    query = select(RegulationVersion).options(joinedload(RegulationVersion.created_by))
    query = query.where(RegulationVersion.regulation_id == regulation_id)
    return session.scalars(query.order_by(RegulationVersion.number.desc()).limit(1)).one()


def store(session: Session, *, pack: Pack, version: int, note: str, by: User | None, on: date, now: datetime) -> Loaded:
    """A new version made from the version of that number; raises BrokenPacks, and Outdated where it is not the newest.

    Of two editors at once the second waits here for the first.
    """
    held = select(Regulation).where(Regulation.code == pack.code).with_for_update()
    regulation = session.scalars(held).one()
    newest = newest_version(session, regulation.id)
    if newest.number != version:
        raise Outdated(newest)
    check(session, pack)
    return save_version(session, pack=pack, source=VersionSource.EDITOR, now=now, on=on, by=by, note=note)
