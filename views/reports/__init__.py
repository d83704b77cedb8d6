"""The reports: what can be made, a look at it, the records behind its figures, and the same as a file."""

from flask import Flask

from views.reports import pages, records


def init_app(app: Flask) -> None:
    app.register_blueprint(pages.pages)
    app.register_blueprint(records.pages)
