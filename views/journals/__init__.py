"""Journals: views over the records, their print and their counters; the nomenclature of files."""

from flask import Flask
from flask_admin import Admin

from models.exchange import IncomingLetter, OutgoingLetter
from models.files import FileIndex
from views.journals import pages as pages
from views.journals import printing as printing
from views.journals import starting as starting
from views.journals.blueprint import journals
from views.journals.file_index import FileIndexView
from views.journals.letter_lines import IncomingLetterView, OutgoingLetterView


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    admin.add_view(FileIndexView(FileIndex, endpoint="file_index"))
    admin.add_view(IncomingLetterView(IncomingLetter, endpoint="incoming_letter"))
    admin.add_view(OutgoingLetterView(OutgoingLetter, endpoint="outgoing_letter"))
    app.register_blueprint(journals)
