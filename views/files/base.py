"""What the registers of files have in common: who works with them."""

from __future__ import annotations

from models.case_access import may_record
from models.users import Role
from views import edge
from views.case_base import WRITERS, CaseView


class FileRegister(CaseView):
    """Written by the organisation's own people, and by the coordinator of the data bank's operator, not of others."""

    creators = WRITERS | {Role.COORDINATOR}

    def may(self, roles: frozenset[Role]) -> bool:
        viewer = edge.viewer()
        return super().may(roles) and (roles is not self.creators or may_record(viewer, viewer.agency_id))
