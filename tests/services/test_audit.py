"""The two chains: whatever is removed, altered, inserted or cut off shows, and erasing a payload by law does not."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from models.audit import AccessEvent, AccessKind, AuditEvent, ChainHead
from models.context import Actor, NobodyActs, act_as
from models.territory import District
from services import anchors, audit
from tests.factories import make_district, make_graduate
from tests.fresh import fresh_app
from views import proof
from views.database import access_connection, audit_key
from views.extensions import db

NOW = datetime(2026, 10, 1, 9, 0, 0, 123456, tzinfo=UTC)
CHAINS = (audit.CHANGES, audit.READING)
ACTOR = Actor(NOW, name="Анна Клерк", agency_id=3, address="10.0.0.1", request_id="r1")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Flask]:
    with fresh_app(request.param, tmp_path_factory.mktemp(f"audit-{request.param}"), f"{worker_id}_audit") as app:
        yield app


@pytest.fixture(autouse=True)
def empty(own_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Empty chains for each test, and no anchors."""
    monkeypatch.setitem(own_app.config, "DATA_DIR", str(tmp_path))
    yield
    db.session.remove()
    for chain in CHAINS:
        with tampering(chain) as connection:
            connection.execute(delete(model_of(chain)))
            connection.execute(delete(ChainHead).where(ChainHead.chain == chain))
            connection.execute(insert(ChainHead).values(chain=chain, length=0, mac=""))
    with Session(db.engine) as session:
        session.execute(text("DELETE FROM graduate"))
        session.execute(text("DELETE FROM district"))
        session.commit()


def model_of(chain: str) -> Any:
    return AuditEvent if chain == audit.CHANGES else AccessEvent


def tampering(chain: str) -> Any:
    """A connection past the application, as somebody with the database's password has it."""
    return proof.engines()[chain].begin()


def change(number: int) -> None:
    """One change of one record: one row in the log of changes."""
    session = db.session()
    act_as(session, ACTOR)
    make_district(session, f"d{number}", f"Район {number}")
    session.commit()


def read(number: int) -> None:
    with access_connection() as connection:
        audit.record_access(
            connection,
            key=audit_key(),
            actor=ACTOR,
            kind=AccessKind.OPENED,
            subject="graduate",
            subject_id=number,
            payload={"ids": [number]},
        )


WRITERS: dict[str, Callable[[int], None]] = {audit.CHANGES: change, audit.READING: read}


def fill(chain: str, rows: int = 5) -> None:
    for number in range(rows):
        WRITERS[chain](number)


def verify(chain: str) -> audit.ChainReport:
    return next(report for report in proof.verify() if report.chain == chain)


def alter(chain: str, number: int, /, **values: Any) -> None:
    model = model_of(chain)
    with tampering(chain) as connection:
        connection.execute(update(model).where(model.seq == number).values(**values))


def remove(chain: str, *seqs: int) -> None:
    model = model_of(chain)
    with tampering(chain) as connection:
        connection.execute(delete(model).where(model.seq.in_(seqs)))


def set_head(chain: str, length: int) -> None:
    """Forge the head as if row `length` had been the last: its mac stands in the row itself."""
    model = model_of(chain)
    with tampering(chain) as connection:
        mac = connection.scalar(select(model.mac).where(model.seq == length)) or ""
        connection.execute(update(ChainHead).where(ChainHead.chain == chain).values(length=length, mac=mac))


both = pytest.mark.parametrize("chain", CHAINS)


@both
def test_an_untouched_chain_is_whole(chain: str) -> None:
    fill(chain)
    report = verify(chain)
    assert (report.length, report.faults) == (5, [])


@both
def test_an_empty_chain_is_whole(chain: str) -> None:
    assert verify(chain).faults == []


@both
@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_row_shows(chain: str, seq: int) -> None:
    fill(chain)
    remove(chain, seq)
    assert verify(chain).faults == [f"Пропущены записи с № {seq} по № {seq}."]


@both
def test_a_removed_row_shows_although_the_others_are_renumbered(chain: str) -> None:
    fill(chain)
    remove(chain, 3)
    alter(chain, 4, seq=3)
    alter(chain, 5, seq=4)
    set_head(chain, 4)
    assert verify(chain).faults == ["Цепочка нарушена на записи № 3."]


@both
@pytest.mark.parametrize(
    "values",
    [
        {"user_id": 8},
        {"agency_id": None},
        {"kind": "other"},
        {"subject": "user_account"},
        {"subject_id": 99},
        {"user_name": "Вера"},
        {"at": datetime(2026, 10, 2, tzinfo=UTC)},
    ],
)
def test_an_altered_row_shows(chain: str, values: dict[str, Any]) -> None:
    fill(chain)
    alter(chain, 3, **values)
    assert "Цепочка нарушена на записи № 3." in verify(chain).faults


@pytest.mark.parametrize("values", [{"address": "10.6.6.6"}, {"request_id": "r2"}])
def test_an_altered_place_of_reading_shows(values: dict[str, Any]) -> None:
    fill(audit.READING)
    alter(audit.READING, 2, **values)
    assert "Цепочка нарушена на записи № 2." in verify(audit.READING).faults


@pytest.mark.parametrize("values", [{"graduate_id": 4}, {"record_version": 9}])
def test_an_altered_card_or_version_shows(values: dict[str, Any]) -> None:
    fill(audit.CHANGES)
    alter(audit.CHANGES, 2, **values)
    assert "Цепочка нарушена на записи № 2." in verify(audit.CHANGES).faults


@both
def test_an_altered_payload_shows(chain: str) -> None:
    fill(chain)
    alter(chain, 2, payload={"ids": [99]})
    assert verify(chain).faults == ["Запись № 2 изменена."]


@both
def test_an_altered_payload_shows_although_its_digest_is_renewed(chain: str) -> None:
    fill(chain)
    payload = {"ids": [99]}
    alter(chain, 2, payload=payload, payload_digest=audit._sha256(payload))
    assert verify(chain).faults == ["Цепочка нарушена на записи № 2."]


@both
def test_a_payload_erased_by_law_leaves_the_chain_whole(chain: str) -> None:
    fill(chain)
    alter(chain, 2, payload=None)
    assert verify(chain).faults == []


@both
def test_a_cut_tail_shows(chain: str) -> None:
    fill(chain)
    remove(chain, 4, 5)
    assert verify(chain).faults == ["Конец журнала отрезан: записей 3, а было 5."]


@both
def test_a_tail_cut_together_with_the_head_is_found_by_the_anchor(chain: str) -> None:
    fill(chain)
    proof.anchor(NOW.date())
    remove(chain, 4, 5)
    set_head(chain, 3)
    told = "Конец журнала отрезан: записей 3, а отметка вне базы данных помнит 5."
    assert verify(chain).faults == [told]


@both
def test_a_log_emptied_together_with_the_head_is_found_by_the_anchor(chain: str) -> None:
    fill(chain)
    proof.anchor(NOW.date())
    remove(chain, 1, 2, 3, 4, 5)
    set_head(chain, 0)
    assert verify(chain).faults == ["Конец журнала отрезан: записей 0, а отметка вне базы данных помнит 5."]


@both
def test_a_removed_head_shows(chain: str) -> None:
    fill(chain)
    with tampering(chain) as connection:
        connection.execute(delete(ChainHead).where(ChainHead.chain == chain))
    assert verify(chain).faults == ["Удалена отметка о конце журнала."]


@both
def test_an_inserted_row_shows(chain: str) -> None:
    """Somebody who does not know the key can copy a row, not link it."""
    fill(chain)
    model = model_of(chain)
    with tampering(chain) as connection:
        copied = dict(connection.execute(select(model.__table__).where(model.seq == 5)).one()._mapping)
        del copied["id"]
        connection.execute(insert(model).values({**copied, "seq": 6}))
        head = update(ChainHead).where(ChainHead.chain == chain).values(length=6, mac=copied["mac"])
        connection.execute(head)
    assert verify(chain).faults == ["Цепочка нарушена на записи № 6."]


@both
def test_a_log_written_anew_with_the_stolen_key_disagrees_with_the_anchor(chain: str) -> None:
    fill(chain)
    proof.anchor(NOW.date())
    model = model_of(chain)
    with tampering(chain) as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(model.__table__).order_by(model.seq))]
        mac = ""
        for row in rows:
            row["user_id"] = 8
            mac = audit.link(audit_key(), mac, row["seq"], audit.digest_of(row))
            connection.execute(update(model).where(model.seq == row["seq"]).values(user_id=8, mac=mac))
        connection.execute(update(ChainHead).where(ChainHead.chain == chain).values(mac=mac))
    assert verify(chain).faults == ["Запись № 5 не совпадает с отметкой вне базы данных."]


@both
def test_a_wrong_key_proves_nothing(chain: str, own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(chain)
    monkeypatch.setitem(own_app.config, "AUDIT_KEY", "another")
    assert verify(chain).faults == ["Цепочка нарушена на записи № 1."]


@both
def test_two_writers_at_once_make_one_chain(chain: str, own_app: Flask) -> None:
    """Each commits; none waits for ever, none overwrites the other's link."""
    faults: list[BaseException] = []
    start = threading.Barrier(4)

    def work(first: int) -> None:
        with own_app.app_context():
            try:
                start.wait()
                for number in range(first, first + 8):
                    WRITERS[chain](number)
            except BaseException as error:
                faults.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    report = verify(chain)
    assert (report.length, report.faults) == (32, [])


def test_a_change_that_is_rolled_back_leaves_no_row() -> None:
    session = db.session()
    act_as(session, ACTOR)
    make_district(session, "lost", "Потерянный")
    session.rollback()
    change(1)
    assert verify(audit.CHANGES).length == 1


def test_a_savepoint_that_is_rolled_back_takes_its_rows_along() -> None:
    session = db.session()
    act_as(session, ACTOR)
    make_district(session, "kept", "Оставшийся")
    savepoint = session.begin_nested()
    make_district(session, "lost", "Потерянный")
    savepoint.rollback()
    session.commit()
    with tampering(audit.CHANGES) as connection:
        payloads = connection.scalars(select(AuditEvent.payload)).all()
    assert [payload["code"] for payload in payloads] == [[None, "kept"]]
    assert verify(audit.CHANGES).faults == []


def test_a_change_keeps_old_and_new_who_and_when() -> None:
    session = db.session()
    act_as(session, ACTOR)
    graduate = make_graduate(session, "Ёлкина Дарья Игоревна")
    session.commit()
    graduate.last_name = "Сизова"
    session.commit()
    with tampering(audit.CHANGES) as connection:
        row = connection.execute(select(AuditEvent.__table__).order_by(AuditEvent.seq.desc())).first()
    assert row is not None
    assert row.payload == {"last_name": ["Ёлкина", "Сизова"]}
    assert (row.kind, row.subject, row.subject_id, row.graduate_id) == ("changed", "graduate", graduate.id, graduate.id)
    assert (row.user_name, row.agency_id, row.at) == ("Анна Клерк", 3, NOW)
    assert row.record_version == graduate.version == 2


def test_nobody_changes_a_record_anonymously() -> None:
    with Session(db.engine) as session:
        session.add(District(code="x", name="x", short_name="x"))
        with pytest.raises(NobodyActs):
            session.flush()


def test_secrets_of_an_account_are_not_kept_in_the_log() -> None:
    from models.territory import AgencyKind
    from models.users import Role, User
    from tests.factories import make_agency, make_user

    session = db.session()
    act_as(session, ACTOR)
    user = make_user(session, "anna", "Анна", Role.CLERK, make_agency(session, "a", AgencyKind.OTHER))
    session.commit()
    with tampering(audit.CHANGES) as connection:
        payload = connection.scalar(select(AuditEvent.payload).where(AuditEvent.subject == "user_account"))
    assert payload["login"] == [None, "anna"]
    assert not {"password_hash", "session_token", "failed_logins"} & set(payload)
    session.delete(session.get_one(User, user.id))
    session.execute(text("DELETE FROM agency"))
    session.commit()


# -- Anchors ---------------------------------------------------------------------------------------------------------


def test_an_anchor_is_written_once_a_day_for_each_chain(tmp_path: Path) -> None:
    change(1)
    read(1)
    for _ in range(3):
        proof.anchor(NOW.date())
    change(2)
    proof.anchor(NOW.date())
    proof.anchor(NOW.date().replace(day=2))
    lines = [line.split()[:3] for line in proof.anchors_path().read_text().splitlines()]
    assert lines == [
        ["2026-10-01", "changes", "1"],
        ["2026-10-01", "reading", "1"],
        ["2026-10-02", "changes", "2"],
        ["2026-10-02", "reading", "1"],
    ]
    assert [report.faults for report in proof.verify()] == [[], []]


def test_of_two_anchors_of_one_length_the_earlier_counts(tmp_path: Path) -> None:
    path = tmp_path / "anchors"
    path.write_text("2026-10-01 changes 5 aaa\n2026-10-02 changes 5 bbb\nrubbish\n")
    assert anchors.read(path) == {"changes": [(5, "aaa")]}
    assert anchors.damaged(path) == 1


def test_no_anchor_is_written_of_a_chain_that_has_not_begun() -> None:
    proof.anchor(NOW.date())
    assert not proof.anchors_path().exists()


def test_verifying_waits_for_no_writer_and_stops_none(own_app: Flask) -> None:
    """A long import may hold the write lock meanwhile."""
    change(1)
    session = db.session()
    act_as(session, ACTOR)
    make_district(session, "held", "Открытый")
    assert verify(audit.CHANGES).faults == []
    session.commit()
    assert verify(audit.CHANGES).length == 2
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 2
