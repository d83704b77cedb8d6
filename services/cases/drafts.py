"""What has no number yet may be put away by whoever keeps it: it stands in no journal."""

from typing import Any

from sqlalchemy.orm import Session

from models.access import Viewer
from services.cases.common import hold, need_live, need_registrar
from services.errors import need


def discard(session: Session, *, record: Any, reason: str, by: Viewer) -> None:
    """An application not registered, a contract not signed, a conclusion not approved. Raises Refused."""
    need_registrar(by, record.agency_id)
    hold(session, record)
    need_live(record)
    need(record.number is None, "У записи уже есть номер: её может только аннулировать руководитель.")
    need(reason.strip(), "Укажите причину.", field="reason")
    record.annulled_on, record.annulled_reason, record.annulled_by_id = by.on, reason.strip(), by.user_id
    session.flush()
