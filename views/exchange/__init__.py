"""The exchange desk: letters between organisations, from writing to the end (vologda 4; domain §3, Ж-8 … Ж-10)."""

from flask import Flask
from flask_admin import Admin

from models.access_grants import AccessGrant
from models.exchange import Referral
from views.exchange import desk, grants, urgent


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    urgent.init_app(app)
    admin.add_view(grants.GrantView(AccessGrant, endpoint="grant", url="/exchange/grants"))
    desk.register(admin, app)
    # Here, not above: the card of a person, which these pages lean on, shows letters of this package.
    from views.exchange import contacts_page, fan_out, letter_files, paper_page, proposals, referral_view

    admin.add_view(referral_view.ReferralView(Referral, endpoint="referral"))
    app.register_blueprint(letter_files.pages)
    app.register_blueprint(contacts_page.pages)
    app.register_blueprint(paper_page.pages)
    app.register_blueprint(fan_out.pages)
    app.register_blueprint(proposals.pages)
