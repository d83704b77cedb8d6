"""Commands of the application: `flask --app app …`."""

from flask import Flask

from views import (
    cli_agencies,
    cli_audit,
    cli_calendar,
    cli_deadlines,
    cli_demo,
    cli_exchange,
    cli_files,
    cli_imports,
    cli_jobs,
    cli_journals,
    cli_regulations,
    cli_reports,
    cli_tools,
    cli_users,
    serving,
)


def init_app(app: Flask) -> None:
    registers = (cli_users, cli_agencies, cli_audit, cli_calendar, cli_demo, cli_imports, cli_regulations, cli_reports)
    for module in (*registers, cli_deadlines, cli_exchange, cli_files, cli_jobs, cli_journals, serving):
        module.register(app)
    for command in app.cli.commands.values():
        cli_tools.guard(command)
