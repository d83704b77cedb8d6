"""A centre that follows «Аистёнок» and the programme of Kizil, with days that a test turns over, for the scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import create_app
from models.access import Viewer
from models.context import Actor, act_as
from models.graduates import Graduate
from models.journals import Journal
from models.territory import AgencyKind
from models.users import Role, User
from services import numbering
from tests.browser.conftest import PATIENCE, Trouble
from tests.browser.site import CHEAP, PASSWORD, Site, serving, settings
from tests.clock import at, follow, load_law
from tests.factories import make_agency, make_district, make_user
from views.extensions import db

CLERK, HEAD, OVERSEER = "aist.clerk", "aist.head", "region.coordinator"
KEPT_ON_PAPER = {  # The last numbers of the paper journals before the scenarios begin.
    (Journal.APPLICATIONS, 2026): 11,
    (Journal.CONTRACTS, 2026): 6,
    (Journal.PLANS, 2026): 6,
    (Journal.CONTRACTS, 2025): 2,
}


@dataclass
class Centre:
    """Whoever sits down at the centre on a day, in a browser of his own."""

    site: Site
    browser: Browser
    trouble: Trouble
    opened: list[BrowserContext] = field(default_factory=list)

    def sits(self, login: str, day: date) -> Page:
        self.site.app.config["TODAY"] = day
        context = self.browser.new_context(
            base_url=self.site.url, locale="ru-RU", viewport={"width": 1366, "height": 768}
        )
        context.set_default_timeout(PATIENCE)
        self.opened.append(context)
        page = context.new_page()
        self.trouble.watch(page)
        page.goto("/login")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/")
        return page

    def ask(self, query: Any) -> Any:
        return self.site.ask(query)

    def person(self, last_name: str) -> int:
        return int(self.ask(select(Graduate.id).where(Graduate.last_name == last_name)))

    def change(self, work: Callable[[Session, Viewer], None], *, login: str, day: date) -> None:
        """Done beforehand by a user, past the browser: what a scenario takes for granted."""
        self.site.app.config["TODAY"] = day
        with self.site.app.app_context():
            user = db.session.scalars(select(User).filter_by(login=login)).one()
            act_as(db.session(), Actor.of(user, at(day)))
            work(db.session(), Viewer.of(db.session(), user, day))
            db.session.commit()


def _fill(session: Session) -> None:
    load_law(session, date(2025, 1, 1))
    district = make_district(session, "lake", "Приозёрный", "Приозёрск")
    centre = make_agency(
        session,
        "aist",
        AgencyKind.CARE_CENTRE,
        districts=(district,),
        name="МБУ Центр «Аистёнок»",
        short_name="Центр «Аистёнок»",
        head_name="Орлова Анна Петровна",
        head_position="директор",
    )
    follow(session, centre, "aistenok", "kizil-programme")
    make_user(session, CLERK, "Лебедева Ольга Ивановна", Role.CLERK, centre, position="социальный педагог")
    head = make_user(session, HEAD, "Орлова Анна Петровна", Role.HEAD, centre, position="директор")
    region = make_agency(session, "region", AgencyKind.DEPARTMENT, sees_whole_region=True)
    make_user(session, OVERSEER, "Зимина Нина Львовна", Role.COORDINATOR, region, position="главный специалист")
    session.execute(update(User).values(password_hash=CHEAP.hash(PASSWORD)))
    session.commit()
    act_as(session, Actor.of(head, at(date(2026, 1, 12))))
    viewer = Viewer.of(session, head, date(2026, 1, 12))
    for (journal, year), last in KEPT_ON_PAPER.items():
        numbering.begin_after(session, agency_id=centre.id, journal=journal, year=year, last_number=last, by=viewer)
    session.commit()


def served_centre(folder: Path) -> Iterator[Site]:
    app = create_app(settings(folder) | {"DEMO": False})
    with app.app_context():
        upgrade()
        _fill(db.session())
    with serving(app) as site:
        yield site
