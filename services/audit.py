"""The two append-only logs: changes in the transaction of the change, reading before the page is sent.

Each log is a keyed chain: `mac[n] = HMAC(key, mac[n-1] | n | digest of row n)`. Removing, altering or inserting a row
breaks it; cutting the tail off disagrees with `chain_head`, and with the anchors kept daily outside the database.
"""

import hashlib
import hmac
import json
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, event, insert, inspect, select, update
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from models.audit import AccessEvent, AccessKind, AuditEvent, ChainHead, ChangeKind
from models.base import Model
from models.context import Actor, actor_of
from models.graduates import Graduate

PENDING = "marshrut.pending_audit"
KEY = "marshrut.audit_key"
CHANGES, READING = "changes", "reading"
NOT_AUDITED = frozenset({AuditEvent, AccessEvent, ChainHead})


@dataclass
class _Pending:
    row: dict[str, Any]
    savepoint: SessionTransaction | None
    owner: Any = None  # whose version the change made


@dataclass(frozen=True)
class ChainReport:
    """Whether a chain is whole: how many rows, the head, and what is wrong (Russian sentences; empty: nothing)."""

    chain: str
    length: int
    mac: str
    faults: list[str] = field(default_factory=list)


def plain(value: Any) -> Any:
    """A column's value as JSON can keep it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    return value


def _sha256(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def digest_of(row: dict[str, Any]) -> str:
    """SHA-256 over everything that a row says; its payload counts by its own digest, so it can be erased by law."""
    said = {name: plain(value) for name, value in row.items() if name not in ("id", "mac", "seq", "payload")}
    said["at"] = f"{row['at'].timestamp():.6f}"
    return _sha256(said)


def link(key: bytes, previous: str, seq: int, digest: str) -> str:
    return hmac.new(key, f"{previous}|{seq}|{digest}".encode(), hashlib.sha256).hexdigest()


def append(connection: Connection, *, key: bytes, chain: str, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows to a chain; its head is locked until the transaction ends, so call it last."""
    model = AuditEvent if chain == CHANGES else AccessEvent
    head = connection.execute(select(ChainHead.length, ChainHead.mac).where(ChainHead.chain == chain).with_for_update())
    length, mac = head.one()
    linked = []
    for row in rows:
        length += 1
        row = {**row, "payload_digest": _sha256(row["payload"])}
        mac = link(key, mac, length, digest_of(row))
        linked.append({**row, "seq": length, "mac": mac})
    connection.execute(insert(model), linked)
    connection.execute(update(ChainHead).where(ChainHead.chain == chain).values(length=length, mac=mac))


# -- Changes ---------------------------------------------------------------------------------------------------------


def _unaudited(row: Model) -> set[str]:
    return {"version", *type(row).__unaudited__}


def _values(row: Model, *, created: bool) -> dict[str, list[Any]]:
    """Changed columns, old and new; of a new or a deleted row those that say anything."""
    state = inspect(row)
    changes: dict[str, list[Any]] = {}
    for attribute in state.mapper.column_attrs:
        if attribute.key in _unaudited(row) or attribute.key in ("id", "graduate_id") or attribute.deferred:
            continue
        history = state.attrs[attribute.key].history
        if created:
            value = plain(state.dict.get(attribute.key))
            if value not in (None, "", False, 0):
                changes[attribute.key] = [None, value]
        elif history.has_changes():
            old = plain(history.deleted[0]) if history.deleted else None
            new = plain(history.added[0]) if history.added else None
            if old != new:
                changes[attribute.key] = [old, new]
    return changes


def _remember(session: Session, row: Model, kind: ChangeKind, payload: dict[str, Any]) -> None:
    actor = actor_of(session)
    primary_key = inspect(row).mapper.primary_key_from_instance(row)[0]
    if isinstance(primary_key, str):  # A line of a dictionary has a code instead of a number.
        payload = {"code": [primary_key, primary_key], **payload}
    graduate = row if isinstance(row, Graduate) else getattr(row, "graduate", None)
    event_row = {
        "at": actor.now,
        "user_id": actor.user_id,
        "user_name": actor.name,
        "agency_id": actor.agency_id,
        "kind": kind.value,
        "subject": type(row).__tablename__,
        "subject_id": primary_key if isinstance(primary_key, int) else None,
        "graduate_id": graduate.id if isinstance(graduate, Graduate) else None,
        "record_version": None,
        "payload": payload,
    }
    owner = row if hasattr(row, "version") else graduate  # A child row of the card has the card's version.
    pending = _Pending(event_row, session.get_nested_transaction(), owner)
    session.info.setdefault(PENDING, []).append(pending)


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: UOWTransaction) -> None:
    for row in session.new:
        if isinstance(row, Model) and type(row) not in NOT_AUDITED:
            _remember(session, row, ChangeKind.CREATED, _values(row, created=True))
    for row in session.dirty:
        if isinstance(row, Model) and type(row) not in NOT_AUDITED and (changes := _values(row, created=False)):
            _remember(session, row, ChangeKind.CHANGED, changes)
    for row in session.deleted:
        if isinstance(row, Model) and type(row) not in NOT_AUDITED:
            gone = {name: [new, None] for name, (_, new) in _values(row, created=True).items()}
            _remember(session, row, ChangeKind.DELETED, gone)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    pending: list[_Pending] = session.info.pop(PENDING, [])
    if not pending:
        return
    for item in pending:
        if item.owner is not None:
            item.row["record_version"] = item.owner.version
    append(session.connection(), key=session.info[KEY], chain=CHANGES, rows=[item.row for item in pending])


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        kept = [item for item in session.info.get(PENDING, []) if item.savepoint is not transaction]
        session.info[PENDING] = kept
    else:
        session.info.pop(PENDING, None)


def record_action(session: Session, *, subject: str, subject_id: int | None, payload: dict[str, Any]) -> None:
    """Note an action that no single record shows: a bulk load, a batch undone."""
    actor = actor_of(session)
    row = {
        "at": actor.now,
        "user_id": actor.user_id,
        "user_name": actor.name,
        "agency_id": actor.agency_id,
        "kind": ChangeKind.ACTION.value,
        "subject": subject,
        "subject_id": subject_id,
        "graduate_id": None,
        "record_version": None,
        "payload": payload,
    }
    session.info.setdefault(PENDING, []).append(_Pending(row, session.get_nested_transaction()))


# -- Reading ---------------------------------------------------------------------------------------------------------


def record_access(
    connection: Connection,
    *,
    key: bytes,
    actor: Actor,
    kind: AccessKind,
    subject: str = "",
    subject_id: int | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """Note who read what; the caller's transaction ends before the page is sent."""
    row = {
        "at": actor.now,
        "user_id": actor.user_id,
        "user_name": actor.name,
        "agency_id": actor.agency_id,
        "kind": kind.value,
        "subject": subject,
        "subject_id": subject_id,
        "payload": payload or {},
        "address": actor.address,
        "request_id": actor.request_id,
    }
    append(connection, key=key, chain=READING, rows=[row])


# -- Proof -----------------------------------------------------------------------------------------------------------


def _rows(connection: Connection, chain: str) -> Generator[Row[Any]]:
    table = (AuditEvent if chain == CHANGES else AccessEvent).__table__
    query = select(table).order_by(table.c.seq).execution_options(yield_per=2000)
    with connection.execute(query) as streamed:
        yield from streamed


def verify(connection: Connection, *, key: bytes, chain: str, anchors: Sequence[tuple[int, str]] = ()) -> ChainReport:
    """Read a whole chain; `anchors` are (length, mac) pairs kept outside the database."""
    faults: list[str] = []
    expected = dict(anchors)
    length, mac = 0, ""
    with closing(_rows(connection, chain)) as rows:
        for row in rows:
            data = dict(row._mapping)
            length += 1
            if data["seq"] != length:
                faults.append(f"Пропущены записи с № {length} по № {data['seq'] - 1}.")
                break
            if data["payload"] is not None and _sha256(data["payload"]) != data["payload_digest"]:
                faults.append(f"Запись № {length} изменена.")
            mac = link(key, mac, length, digest_of(data))
            if mac != data["mac"]:
                faults.append(f"Цепочка нарушена на записи № {length}.")
                break
            if expected.pop(length, mac) != mac:
                faults.append(f"Запись № {length} не совпадает с отметкой вне базы данных.")
    head = connection.execute(select(ChainHead.length, ChainHead.mac).where(ChainHead.chain == chain)).one_or_none()
    if head is None:
        faults.append("Удалена отметка о конце журнала.")
    elif not faults and (head.length, head.mac) != (length, mac):
        faults.append(f"Конец журнала отрезан: записей {length}, а было {head.length}.")
    if not faults and expected:
        faults.append(f"Конец журнала отрезан: записей {length}, а отметка вне базы данных помнит {max(expected)}.")
    return ChainReport(chain, length, mac, faults)
