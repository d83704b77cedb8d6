"""Being signed in without the price of a password check."""

from flask.testing import FlaskClient

from models.users import User
from views import edge


def sign_in(client: FlaskClient, user: User) -> FlaskClient:
    """The same session as /login opens."""
    with client.application.app_context():
        moment = edge.clock()
    with client.session_transaction() as session:
        session["_user_id"] = user.get_id()
        session["_fresh"] = True
        session["seen_at"] = int(moment.timestamp())
    return client
