"""`audit`: the proof that nothing was removed from the logs, altered or cut off."""

import click
from flask import Flask
from flask.cli import AppGroup

from services import anchors
from views import edge, proof
from views.cli_tools import Refusal

audit = AppGroup("audit", help="Журналы изменений и обращений.")


@audit.command("verify", help="Проверить, что из журналов ничего не удалено и в них ничего не изменено.")
def verify() -> None:
    faults = []
    for report in proof.verify():
        title = proof.TITLES[report.chain]
        faults += [f"{title}: {fault}" for fault in report.faults]
        if not report.faults:
            click.echo(f"{title}: записей {report.length}, цепочка цела.", err=True)
    if unreadable := anchors.damaged(proof.anchors_path()):
        faults.append(f"Файл отметок {proof.anchors_path()}: испорчено строк {unreadable}.")
    if faults:
        raise Refusal("\n".join(faults))
    proof.anchor(edge.today())


def register(app: Flask) -> None:
    app.cli.add_command(audit)
