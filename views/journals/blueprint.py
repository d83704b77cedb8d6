"""Under which address the journals stand."""

from flask import Blueprint

journals = Blueprint("journals", __name__, url_prefix="/journals")
