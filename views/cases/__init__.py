"""Applications, refusals, contracts, conclusions: the papers between an organisation and a graduate."""

from flask import Flask
from flask_admin import Admin

from models import cases


def register(admin: Admin, app: Flask) -> None:
    """Add the registers and pages of this part to the panel."""
    from views.cases.applications import ApplicationView
    from views.cases.conclusions import ConclusionView
    from views.cases.contracts import ContractView
    from views.cases.episodes import EpisodeView
    from views.cases.refusals import RefusalView

    admin.add_view(ApplicationView(cases.Application, endpoint="application"))
    admin.add_view(RefusalView(cases.Refusal, endpoint="refusal"))
    admin.add_view(ContractView(cases.Contract, endpoint="contract"))
    admin.add_view(ConclusionView(cases.Conclusion, endpoint="conclusion"))
    admin.add_view(EpisodeView(cases.SupportEpisode, endpoint="support_episode"))
