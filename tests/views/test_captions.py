"""Every field that the history, the log of changes or an export may show has a Russian name."""

import re

import pytest

from models import Model
from models.access_grants import AccessGrant
from models.cases import (
    Application,
    Conclusion,
    Contract,
    ContractAmendment,
    ContractSuspension,
    Refusal,
    SupportEpisode,
)
from models.deadlines import Deadline, DeadlineEvidence, Occurrence
from models.exchange import (
    IncomingLetter,
    OutgoingLetter,
    Referral,
    ReferralEvent,
    ReferralFile,
    ReferralMessage,
    ReferralNote,
    ReferralPerson,
    ReferralReading,
)
from models.files import FileIndex
from models.jobs import Job
from models.journals import JournalCounter
from models.notifications import FeedToken, Notification, NotificationSetting
from models.regulations import (
    AgencyRegulation,
    DeadlineRule,
    Regulation,
    RegulationVersion,
    RoleBinding,
    RuleSwitch,
)
from views.captions import caption, table_title

TABLES = [
    *(AgencyRegulation, DeadlineRule, Regulation, RegulationVersion, RoleBinding, RuleSwitch),
    *(Deadline, DeadlineEvidence, Occurrence),
    *(Notification, NotificationSetting, FeedToken),
    *(FileIndex, JournalCounter, Job),
    *(Referral, ReferralPerson, ReferralEvent, ReferralMessage, ReferralNote, ReferralFile, ReferralReading),
    *(OutgoingLetter, IncomingLetter, AccessGrant),
    *(Application, Refusal, Contract, ContractAmendment, ContractSuspension, Conclusion, SupportEpisode),
]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__tablename__)
def test_every_field_of_the_clock_has_a_russian_caption(model: type[Model]) -> None:
    kept = {"id", *model.__unaudited__}
    names = [column.key for column in model.__mapper__.column_attrs if column.key not in kept]
    latin = [name for name in names if not re.match("[А-ЯЁ]|№", caption(model.__tablename__, name)[0])]
    assert latin == []
    assert re.match("[А-ЯЁ]", table_title(model.__tablename__))
