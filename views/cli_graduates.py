"""`graduates`: the group of commands that load people from files and write them into files."""

from flask.cli import AppGroup

graduates = AppGroup("graduates", help="Выпускники: загрузка из файлов и выгрузка в файлы.")
