"""The demonstration region: three districts, their organisations and users, and invented graduates with histories.

Everything but the passwords follows from the seed, the number of people and the day. From LIGHT_FROM people on,
histories are shorter: no school years, former addresses, second contacts and papers, incomes, solved problems and
earlier jobs; one half-year form and two consents at most; two checked sections.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.graduates import Graduate
from models.territory import Agency, District
from models.users import User
from services import audit
from services.accounts import HASHER
from services.demo import bulk, cases, clock, councils, handed_in, letters, lives, shelf
from services.demo.agencies import SPECS, build_agencies, build_districts
from services.demo.staff import Login, build_staff
from services.demo.world import World

__all__ = ["MOST", "DatabaseNotEmpty", "DemoResult", "Login", "load"]

LIGHT_FROM = 20_000
MOST = 5_000_000


class DatabaseNotEmpty(Exception):
    """The demonstration is loaded into an empty database only; the message is for the user."""

    def __init__(self) -> None:
        super().__init__("База данных не пуста: демонстрационный регион загружается только в пустую базу.")


@dataclass(frozen=True)
class DemoResult:
    graduates: int
    agencies: int
    logins: list[Login]


def load(
    *,
    session: Session,
    now: datetime,
    on: date,
    graduates: int = 400,
    seed: int = 1,
    hasher: PasswordHasher | None = None,
    progress: Callable[[int], None] | None = None,
    folder: Path | None = None,
) -> DemoResult:
    """Fill an empty, migrated database; raises DatabaseNotEmpty. One action in the audit stands for all rows.

    `folder` takes the texts of the library and the reports that were sent; without it there are none.
    """
    if any(session.scalar(select(model.id).limit(1)) is not None for model in (District, Agency, User, Graduate)):
        raise DatabaseNotEmpty
    rng = Random(f"{seed}/{on.isoformat()}/organisations")
    districts = build_districts(session)
    agencies = build_agencies(session, rng=rng, on=on, districts=districts)
    clock.load_law(session, now=now, on=on)
    clock.follow(session, agencies=agencies, on=on)
    staff = build_staff(session, rng=rng, agencies=agencies, hasher=hasher or HASHER)
    connection = session.connection()
    dialect = connection.dialect.name
    world = World(
        on=on,
        today=on.toordinal(),
        agencies=agencies,
        agency_names={spec.code: spec.name for spec in SPECS},
        districts=districts,
        staff=staff.by_agency,
        is_light=graduates >= LIGHT_FROM,
        loaded_at=bulk.moment(now, dialect),
        moment_suffix=" 09:00:00.000000" + ("" if dialect == "sqlite" else "+00"),
    )
    with bulk.without_indexes(connection):
        for done, rows in lives.chunks(world, graduates=graduates, seed=seed):
            bulk.write(connection, rows)
            if progress:
                progress(done)
    if not world.is_light:  # For very many people the daily run makes the duties, and cards are enough.
        cases.tell(session, on=on, now=now, seed=seed)
        letters.tell(session, on=on, now=now, also=councils.tell(session, on=on))
        shelf.tell(session, on=on, folder=folder)
        clock_rng = Random(f"{seed}/{on.isoformat()}/clock")
        clock.run_clock(session, rng=clock_rng, on=on, now=now, agencies=agencies)
        if folder is not None:
            handed_in.tell(session, on=on, folder=folder)
    payload = {"graduates": graduates, "seed": seed, "on": on.isoformat(), "agencies": len(agencies)}
    audit.record_action(session, subject="demo", subject_id=None, payload=payload)
    return DemoResult(graduates, len(agencies), staff.logins)
