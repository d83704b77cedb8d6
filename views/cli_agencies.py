"""`agencies` and `districts`: what a new installation begins with, and codes for scripts."""

from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.territory import Agency, AgencyDistrict, AgencyKind, District
from views import edge
from views.cli_tools import Refusal, print_json, transaction
from views.database import reading_only

agencies = AppGroup("agencies", help="Организации.")
districts = AppGroup("districts", help="Районы.")


@agencies.command("list", help="Коды, названия, виды и районы организаций.")
@click.option("--kind", help="Только этого вида: guardianship, support_service …")
@click.option("--json", "as_json", is_flag=True, help="Один документ JSON.")
def show(kind: str | None, as_json: bool) -> None:
    if kind is not None:
        _check_kind(kind)
    reading_only(True)
    with transaction() as session:
        rows = _rows(session, kind)
    reading_only(False)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo("\t".join([row["code"], row["name"], row["kind"], ", ".join(row["districts"])]).rstrip())


@agencies.command("add", help="Завести организацию: с неё начинается новая установка.")
@click.argument("code")
@click.option("--kind", required=True, help="guardianship, support_service, department …")
@click.option("--name", required=True, help="Полное название.")
@click.option("--short-name", help="Краткое название; по умолчанию полное.")
@click.option("--district", "codes", multiple=True, help="Код обслуживаемого района; можно несколько раз.")
@click.option("--sees-whole-region", is_flag=True, help="Видит весь регион: координационный центр, департамент.")
def add(
    code: str, kind: str, name: str, short_name: str | None, codes: tuple[str, ...], sees_whole_region: bool
) -> None:
    _check_kind(kind)
    with transaction() as session:
        known = {district.code: district for district in session.scalars(select(District))}
        if missing := [wanted for wanted in codes if wanted not in known]:
            raise Refusal(f"Нет района с кодом «{missing[0]}». Сначала заведите его: flask --app app districts add.")
        agency = Agency(code=code, kind=AgencyKind(kind), name=name, short_name=(short_name or name)[:200])
        agency.sees_whole_region = sees_whole_region
        agency.served = [AgencyDistrict(district=known[wanted], starts_on=edge.today()) for wanted in codes]
        session.add(agency)
    click.echo(f"Организация «{name}» заведена, код {code}.", err=True)


@districts.command("add", help="Завести район.")
@click.argument("code")
@click.option("--name", required=True, help="Полное название.")
@click.option("--short-name", help="Краткое название; по умолчанию полное.")
@click.option("--locality", "localities", multiple=True, help="Населённый пункт района; можно несколько раз.")
def add_district(code: str, name: str, short_name: str | None, localities: tuple[str, ...]) -> None:
    with transaction() as session:
        places = "\n".join(localities)
        session.add(District(code=code, name=name, short_name=short_name or name, localities=places))
    click.echo(f"Район «{name}» заведён, код {code}.", err=True)


def _check_kind(kind: str) -> None:
    known = [member.value for member in AgencyKind]
    if kind not in known:
        raise Refusal(f"Нет вида «{kind}»; есть: {', '.join(known)}.", 2)


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
    app.cli.add_command(districts)
