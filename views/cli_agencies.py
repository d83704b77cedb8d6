"""`agencies`: codes, names, kinds and districts of the organisations."""

from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.territory import Agency, AgencyDistrict, AgencyKind
from views import edge
from views.cli_tools import Refusal, print_json, transaction
from views.database import reading_only

agencies = AppGroup("agencies", help="Организации.")


@agencies.command("list", help="Коды, названия, виды и районы организаций.")
@click.option("--kind", help="Только этого вида: guardianship, support_service …")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON.")
def show(kind: str | None, as_json: bool) -> None:
    if kind is not None and kind not in {member.value for member in AgencyKind}:
        known = ", ".join(member.value for member in AgencyKind)
        raise Refusal(f"Нет вида «{kind}»; есть: {known}.", 2)
    reading_only(True)
    with transaction() as session:
        rows = _rows(session, kind)
    reading_only(False)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo("\t".join([row["code"], row["name"], row["kind"], ", ".join(row["districts"])]).rstrip())


def _rows(session: Session, kind: str | None) -> list[dict[str, Any]]:
    query = select(Agency).options(selectinload(Agency.served).options(joinedload(AgencyDistrict.district)))
    query = query.where(Agency.is_active).order_by(Agency.code)
    if kind is not None:
        query = query.where(Agency.kind == kind)
    return [_row(agency) for agency in session.scalars(query)]


def _row(agency: Agency) -> dict[str, Any]:
    """The districts that it serves today, by code."""
    today = edge.today()
    serving = {
        served.district.code
        for served in agency.served
        if served.starts_on <= today and (served.ends_on is None or served.ends_on >= today)
    }
    return {"code": agency.code, "name": agency.name, "kind": agency.kind.value, "districts": sorted(serving)}


def register(app: Flask) -> None:
    app.cli.add_command(agencies)
