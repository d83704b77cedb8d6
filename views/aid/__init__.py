"""Orders on curators, state assistance, papers for a dwelling; the tab «Помощь» of the card."""

from flask import Flask
from flask_admin import Admin

from models import aid


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    from views.aid.benefits import BenefitView
    from views.aid.housing_papers import HousingDocumentView
    from views.aid.orders import CuratorOrderView

    admin.add_view(CuratorOrderView(aid.CuratorOrder, endpoint="curator_order"))
    admin.add_view(BenefitView(aid.Benefit, endpoint="benefit"))
    admin.add_view(HousingDocumentView(aid.HousingDocument, endpoint="housing_document"))
