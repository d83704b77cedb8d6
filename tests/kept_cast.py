"""The cast built once for each database; its rows are put back at once, which is what a test waits for least."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Table, exists, insert, or_, select, update
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from models.audit import ChainHead
from models.base import Model
from tests.factories import Cast, build_cast

HEADS: Table = ChainHead.__table__  # type: ignore[assignment]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class KeptCast:
    """What building the cast leaves in an empty database."""

    rows: dict[Table, Rows]  # In the order in which they may be inserted.
    heads: Rows  # Of the chains of the audit, as they stand afterwards.
    members: dict[str, tuple[type[Model], int]]  # Who is who: the class and the number of each.

    @classmethod
    def build(cls, connection: Connection) -> "KeptCast":
        """By way of the models, with all that follows from saving; whoever calls rolls the connection back."""
        before = {table: _rows(connection, table) for table in Model.metadata.sorted_tables}
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            built = build_cast(session)
            session.commit()
            members = {one.name: getattr(built, one.name) for one in fields(built)}
            numbers = {name: (type(member), member.id) for name, member in members.items()}
        made = {table: [row for row in _rows(connection, table) if row not in old] for table, old in before.items()}
        heads = made.pop(HEADS)
        return cls({table: rows for table, rows in made.items() if rows}, heads, numbers)

    def fits(self, session: Session) -> bool:
        """Whether the numbers and the places in the chains are free: nothing of these kinds was made before."""
        taken = [exists(select(1).select_from(table)) for table in self.rows]
        session.flush()
        return not session.scalar(select(or_(*taken)))

    def put(self, session: Session) -> Cast:
        """The rows without the models' work; the members are read when a test asks for something of theirs."""
        for table, rows in self.rows.items():
            session.execute(insert(table), rows)
        for head in self.heads:
            session.execute(update(HEADS).where(HEADS.c.chain == head["chain"]).values(head))
        return Cast(**{name: _unread(session, *member) for name, member in self.members.items()})


def _rows(connection: Connection, table: Table) -> Rows:
    return [dict(row._mapping) for row in connection.execute(select(table))]


def _unread(session: Session, model: type[Model], number: int) -> Any:
    """A record as it is in a session after a commit: known by its number, read at the first question."""
    member = model.__mapper__.class_manager.new_instance()
    set_committed_value(member, "id", number)
    make_transient_to_detached(member)
    session.add(member)
    return member
