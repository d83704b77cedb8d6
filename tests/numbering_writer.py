"""A process that registers appeals one after another and may be killed at any moment.

`python -m tests.numbering_writer URL FOLDER AGENCY PERSON COUNT`: says the number of each before it commits; with
COUNT 0 it waits for ever between the number and the commit of the first.
"""

import sys
import time
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from app import create_app
from models.context import Actor, act_as
from models.work import Appeal
from services import numbering
from tests.conftest import NOW
from tests.databases import test_settings as settings_of
from views.extensions import db

ON = date(2026, 10, 1)


def register(session: Session, agency_id: int, graduate_id: int, on: date = ON) -> Appeal:
    """An appeal with its number; not committed."""
    act_as(session, Actor(NOW))
    record = Appeal(agency_id=agency_id, graduate_id=graduate_id, received_on=on, content="Обращение", created_at=NOW)
    numbering.assign(session, record=record, on=on)
    session.add(record)
    session.flush()
    return record


def main(url: str, folder: str, agency: str, person: str, count: str) -> None:
    app = create_app(settings_of(url, Path(folder)))
    with app.app_context():
        for _ in range(int(count) or 1):
            record = register(db.session(), int(agency), int(person))
            sys.stdout.write(f"{record.number}\n")
            sys.stdout.flush()
            if count == "0":
                time.sleep(600)
            db.session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
