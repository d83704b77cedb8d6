"""Being signed in without the price of a password check."""

from datetime import UTC, datetime

from flask.testing import FlaskClient

from models.users import User


def sign_in(client: FlaskClient, user: User) -> FlaskClient:
    """The same session as /login opens."""
    with client.session_transaction() as session:
        session["_user_id"] = user.get_id()
        session["_fresh"] = True
        session["seen_at"] = int(datetime.now(UTC).timestamp()) + 24 * 3600 * 365  # Tests move the day about.
    return client
