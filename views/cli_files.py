"""`files`: the stored bytes of attachments and of files of letters."""

import time
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from services.exchange import files as letter_files
from services.files import attachments, storage
from services.library import documents
from views.cli_tools import reading
from views.formats import counted

YOUNG = 24 * 3600  # Seconds: a file may be there for so long before its row.

files = AppGroup("files", help="Файлы, приложенные к личным делам и письмам.")


@files.command("sweep", help="Удалить файлы, которые не относятся ни к одному документу и лежат дольше суток.")
def sweep() -> None:
    count = sweep_files()
    click.echo(f"Удалено: {counted(count, 'файл', 'файла', 'файлов')}.", err=True)


def sweep_files() -> int:
    """Files that a transaction left behind; how many there were."""
    with reading() as session:
        return storage.sweep(
            Path(current_app.config["DATA_DIR"]),
            referenced=lambda: (
                attachments.digests(session) | letter_files.digests(session) | documents.digests(session)
            ),
            before=time.time() - YOUNG,
        )


def register(app: Flask) -> None:
    app.cli.add_command(files)
