"""Every address for everybody: what each of the cast is answered, about whose record. An address not listed fails.

Nobody is sent to sign in (302), a stranger to the record is told that there is none (404), a reader without the right
to act is refused (403). POST comes with an empty body: 200 and 422 show the form again, 302 means that it was done.
"""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from models.context import Actor, act_as
from models.dictionaries import DICTIONARIES
from tests.conftest import NOW
from tests.factories import Cast
from tests.records import OBJECTS
from tests.signing import sign_in

PARTS = Path(__file__).parent / "routes"  # What cases, plans, daily work … add to the table.
ROLES = ("nobody", "anna", "boris", "vera", "galina", "kira", "root")
# Registers by who may not read them; the doors of Flask-Admin that stay shut in each are listed once for all.
SHUT_TO = {
    (): (
        "graduate",
        "agency",
        "district",
        "agreement",
        "deadline",
        "occurrence",
        "regulation",
        *("application", "refusal", "contract", "conclusion", "support_episode"),
        "file_index",
        *("incoming_letter", "outgoing_letter"),
        "attachment",
        "personal_file",
        "appeal",
        "consultation",
        "consultation_minutes",
        "group_session",
        "visit",
        "housing_survey",
        "urgent_act",
        "service_record",
        "monitoring_card",
        "readiness_assessment",
        "examination",
        "plan",
        "measure",
        *("body", "meeting", "agenda_item", "decision"),
        *("library", "resource", "enrolment", "publication", "training"),
        *("curator_order", "benefit", "housing_document"),
        "referral",
        *(f"exchange/{box}" for box in ("inbox", "outbox", "awaited", "overdue", "drafts", "archive")),
    ),
    ("kira",): ("change_log", "access_log"),
    ("anna", "boris", "vera"): ("user", "exchange/grants"),
    ("anna", "boris", "vera", "kira"): ("declined_form",),
    ("anna", "boris", "vera", "galina"): ("possible_duplicate", "dictionary/channel"),
    ("anna", "boris", "vera", "galina", "kira"): ("field_group", "removed", "calendar_day", "calendar_year"),
}

TABLE = """
#    address                                    whose record       | nobody anna boris vera galina kira root
GET  /healthz                                   -                  | 200 200 200 200 200 200 200
GET  /readyz                                    -                  | 200 200 200 200 200 200 200
GET  /static/css/marshrut.css                   -                  | 200 200 200 200 200 200 200
GET  /static/admin/nothing.css                  -                  | 302 404 404 404 404 404 404
GET  /login                                     -                  | 200 302 302 302 302 302 302
POST /login                                     -                  | 401 401 401 401 401 401 401
POST /logout                                    -                  | 302 302 302 302 302 302 302
GET  /password                                  -                  | 302 200 200 200 200 200 200
POST /password                                  -                  | 302 422 422 422 422 422 422
GET  /profile                                   -                  | 302 200 200 200 200 200 200
POST /profile/leave-everywhere                  -                  | 302 302 302 302 302 302 302
GET  /                                          -                  | 302 200 200 200 200 200 200
GET  /search                                    -                  | 302 302 302 302 302 302 302
GET  /help/                                     -                  | 302 200 200 200 200 200 200
GET  /help/10-clerk                             -                  | 302 200 200 200 200 200 200
GET  /help/nothing                              -                  | 302 404 404 404 404 404 404

GET  /graduate/                                 -                  | 302 200 200 200 200 200 200
GET  /graduate/export/xlsx/                     -                  | 302 200 200 200 200 200 200
GET  /graduate/export/csv/                      -                  | 302 200 200 200 200 200 200
GET  /graduate/export/html/                     -                  | 302 404 404 404 404 404 404
GET  /graduate/new/                             -                  | 302 200 200 200 200 403 200
POST /graduate/new/                             -                  | 302 200 200 200 200 403 200
GET  /graduate/details/?id={}                   own                | 302 200 404 404 200 200 200
GET  /graduate/details/?id={}                   local              | 302 404 200 404 404 200 200
GET  /graduate/details/?id={}                   foreign            | 302 404 404 200 404 200 200
GET  /graduate/details/?id={}                   nobody's           | 302 404 404 404 404 404 404
GET  /graduate/details/?id={}                   removed            | 302 404 404 404 404 404 404
GET  /graduate/details/?id={}&tab=history       own                | 302 200 404 404 200 200 200
GET  /graduate/edit/?id={}                      own                | 302 200 404 404 200 403 200
GET  /graduate/edit/?id={}                      local              | 302 404 200 404 404 403 200
GET  /graduate/edit/?id={}                      foreign            | 302 404 404 200 404 403 200
GET  /graduate/edit/?id={}                      removed            | 302 404 404 404 404 404 404
POST /graduate/edit/?id={}                      own                | 302 200 404 404 200 403 200
POST /graduate/edit/?id={}                      local              | 302 404 200 404 404 403 200
POST /graduate/edit/?id={}                      foreign            | 302 404 404 200 404 403 200
POST /graduate/edit/?id={}                      nobody's           | 302 404 404 404 404 404 404
POST /graduate/check/?id={}&section=identity    own                | 302 302 404 404 302 403 302
POST /graduate/check/?id={}&section=identity    local              | 302 404 302 404 404 403 302
POST /graduate/check/?id={}&section=identity    foreign            | 302 404 404 302 404 403 302
POST /graduate/check/?id={}                     own                | 302 404 404 404 404 403 404
POST /graduate/remove/?id={}                    own                | 302 403 403 403 403 403 302
POST /graduate/remove/?id={}                    nobody's           | 302 403 403 403 403 403 404
POST /graduate/restore/?id={}                   removed            | 302 403 403 403 403 403 302
POST /graduate/restore/?id={}                   own                | 302 403 403 403 403 403 404
GET  /removed/                                  -                  | 302 403 403 403 403 403 200
GET  /removed/export/xlsx/                      -                  | 302 403 403 403 403 403 200
GET  /removed/new/                              -                  | 302 403 403 403 403 403 403
POST /removed/new/                              -                  | 302 403 403 403 403 403 403
GET  /removed/details/?id={}                    own                | 302 403 403 403 403 403 404
GET  /removed/details/?id={}                    removed            | 302 403 403 403 403 403 200
GET  /removed/edit/?id={}                       removed            | 302 403 403 403 403 403 403
POST /removed/edit/?id={}                       removed            | 302 403 403 403 403 403 403

GET  /agency/                                   -                  | 302 200 200 200 200 200 200
GET  /agency/export/xlsx/                       -                  | 302 200 200 200 200 200 200
GET  /agency/new/                               -                  | 302 403 403 403 403 403 200
POST /agency/new/                               -                  | 302 403 403 403 403 403 200
GET  /agency/details/?id={}                     agency             | 302 200 200 200 200 200 200
GET  /agency/details/?id={}                     nobody's           | 302 404 404 404 404 404 404
GET  /agency/edit/?id={}                        agency             | 302 403 403 403 403 403 200
POST /agency/edit/?id={}                        agency             | 302 403 403 403 403 403 200
GET  /district/                                 -                  | 302 200 200 200 200 200 200
GET  /district/export/xlsx/                     -                  | 302 200 200 200 200 200 200
GET  /district/new/                             -                  | 302 403 403 403 403 403 200
POST /district/new/                             -                  | 302 403 403 403 403 403 200
GET  /district/details/?id={}                   district           | 302 200 200 200 200 200 200
GET  /district/edit/?id={}                      district           | 302 403 403 403 403 403 200
POST /district/edit/?id={}                      district           | 302 403 403 403 403 403 200
GET  /agreement/                                -                  | 302 200 200 200 200 200 200
GET  /agreement/export/xlsx/                    -                  | 302 200 200 200 200 200 200
GET  /agreement/new/                            -                  | 302 403 403 403 200 200 200
POST /agreement/new/                            -                  | 302 403 403 403 200 200 200
GET  /agreement/details/?id={}                  agreement          | 302 200 200 404 200 200 200
GET  /agreement/details/?id={}                  others' agreement  | 302 404 404 200 404 200 200
GET  /agreement/edit/?id={}                     agreement          | 302 403 403 404 200 200 200
GET  /agreement/edit/?id={}                     others' agreement  | 302 404 404 403 404 200 200
POST /agreement/edit/?id={}                     agreement          | 302 403 403 404 200 200 200
POST /agreement/edit/?id={}                     others' agreement  | 302 404 404 403 404 200 200

GET  /user/                                     -                  | 302 403 403 403 200 200 200
GET  /user/export/xlsx/                         -                  | 302 403 403 403 200 200 200
GET  /user/new/                                 -                  | 302 403 403 403 403 403 200
POST /user/new/                                 -                  | 302 403 403 403 403 403 200
GET  /user/details/?id={}                       anna               | 302 403 403 403 200 200 200
GET  /user/details/?id={}                       vera               | 302 403 403 403 404 200 200
GET  /user/edit/?id={}                          anna               | 302 403 403 403 403 403 200
GET  /user/edit/?id={}                          vera               | 302 403 403 403 404 403 200
POST /user/edit/?id={}                          anna               | 302 403 403 403 403 403 200
POST /user/edit/?id={}                          vera               | 302 403 403 403 404 403 200
POST /user/password/?id={}                      anna               | 302 403 403 403 403 403 302
POST /user/password/?id={}                      vera               | 302 403 403 403 404 403 302
GET  /field_group/                              -                  | 302 403 403 403 403 403 200
GET  /field_group/export/xlsx/                  -                  | 302 403 403 403 403 403 200
GET  /field_group/new/                          -                  | 302 403 403 403 403 403 200
POST /field_group/new/                          -                  | 302 403 403 403 403 403 200
GET  /field_group/details/?id={}                member             | 302 403 403 403 403 403 200
GET  /field_group/edit/?id={}                   member             | 302 403 403 403 403 403 200
POST /field_group/edit/?id={}                   member             | 302 403 403 403 403 403 200
GET  /possible_duplicate/                       -                  | 302 403 403 403 403 200 200
GET  /possible_duplicate/export/xlsx/           -                  | 302 403 403 403 403 200 200
GET  /possible_duplicate/new/                   -                  | 302 403 403 403 403 403 403
POST /possible_duplicate/new/                   -                  | 302 403 403 403 403 403 403
GET  /possible_duplicate/details/?id={}         duplicate          | 302 403 403 403 403 200 200
GET  /possible_duplicate/edit/?id={}            duplicate          | 302 403 403 403 403 200 200
POST /possible_duplicate/edit/?id={}            duplicate          | 302 403 403 403 403 302 302
GET  /dictionaries/                             -                  | 302 403 403 403 403 200 200
GET  /dictionary/channel/                       -                  | 302 403 403 403 403 200 200
GET  /dictionary/channel/export/xlsx/           -                  | 302 403 403 403 403 200 200
GET  /dictionary/channel/new/                   -                  | 302 403 403 403 403 403 200
POST /dictionary/channel/new/                   -                  | 302 403 403 403 403 403 200
GET  /dictionary/channel/details/?id=phone      -                  | 302 403 403 403 403 200 200
GET  /dictionary/channel/details/?id=nothing    -                  | 302 403 403 403 403 404 404
GET  /dictionary/channel/edit/?id=phone         -                  | 302 403 403 403 403 403 200
POST /dictionary/channel/edit/?id=phone         -                  | 302 403 403 403 403 403 200

GET  /calendar_day/                             -                  | 302 403 403 403 403 403 200
GET  /calendar_day/export/xlsx/                 -                  | 302 403 403 403 403 403 200
GET  /calendar_day/new/                         -                  | 302 403 403 403 403 403 200
POST /calendar_day/new/                         -                  | 302 403 403 403 403 403 200
GET  /calendar_day/details/?id={}               calendar day       | 302 403 403 403 403 403 200
GET  /calendar_day/details/?id={}               nobody's           | 302 403 403 403 403 403 404
GET  /calendar_day/edit/?id={}                  calendar day       | 302 403 403 403 403 403 200
POST /calendar_day/edit/?id={}                  calendar day       | 302 403 403 403 403 403 200
GET  /calendar_year/                            -                  | 302 403 403 403 403 403 200
GET  /calendar_year/export/xlsx/                -                  | 302 403 403 403 403 403 200
GET  /calendar_year/new/                        -                  | 302 403 403 403 403 403 403
POST /calendar_year/new/                        -                  | 302 403 403 403 403 403 403
GET  /calendar_year/details/?id={}              calendar year      | 302 403 403 403 403 403 200
GET  /calendar_year/details/?id={}              nobody's           | 302 403 403 403 403 403 404
GET  /calendar_year/edit/?id={}                 calendar year      | 302 403 403 403 403 403 200
POST /calendar_year/edit/?id={}                 calendar year      | 302 403 403 403 403 403 200

GET  /people                                    -                  | 302 200 200 200 200 200 200
GET  /graduate/details/?id={}&tab=deadlines     own                | 302 200 404 404 200 200 200
GET  /deadline/                                 -                  | 302 200 200 200 200 200 200
GET  /deadline/export/xlsx/                     -                  | 302 200 200 200 200 200 200
GET  /deadline/new/                             -                  | 302 403 403 403 403 403 403
POST /deadline/new/                             -                  | 302 403 403 403 403 403 403
GET  /deadline/details/?id={}                   service's obligation | 302 200 200 404 200 200 200
GET  /deadline/details/?id={}                   nobody's           | 302 404 404 404 404 404 404
GET  /deadline/edit/?id={}                      service's obligation | 302 403 403 404 403 403 403
POST /deadline/edit/?id={}                      service's obligation | 302 403 403 404 403 403 403
POST /deadline/mark/?id={}                      service's obligation | 302 422 403 404 422 403 422
POST /deadline/unmark/?id={}                    service's obligation | 302 422 403 404 422 403 422
POST /deadline/pause/?id={}                     service's obligation | 302 422 403 404 422 403 422
POST /deadline/resume/?id={}                    service's obligation | 302 422 403 404 422 403 422
POST /deadline/close/?id={}                     service's obligation | 302 403 403 404 422 403 422
POST /deadline/reopen/?id={}                    service's obligation | 302 403 403 404 422 403 422
GET  /occurrence/                               -                  | 302 200 200 200 200 200 200
GET  /occurrence/export/xlsx/                   -                  | 302 200 200 200 200 200 200
GET  /occurrence/new/                           -                  | 302 200 200 200 200 200 200
POST /occurrence/new/                           -                  | 302 200 200 200 200 200 200
GET  /occurrence/details/?id={}                 service's event    | 302 200 404 404 200 200 200
GET  /occurrence/details/?id={}                 nobody's           | 302 404 404 404 404 404 404
GET  /occurrence/edit/?id={}                    service's event    | 302 403 404 404 403 403 403
POST /occurrence/edit/?id={}                    service's event    | 302 403 404 404 403 403 403
POST /occurrence/annul/?id={}                   service's event    | 302 422 404 404 422 403 422

GET  /change_log/                               -                  | 302 200 200 200 200 403 200
GET  /change_log/export/xlsx/                   -                  | 302 403 403 403 403 403 200
GET  /change_log/new/                           -                  | 302 403 403 403 403 403 403
POST /change_log/new/                           -                  | 302 403 403 403 403 403 403
GET  /change_log/details/?id={}                 anna's change      | 302 200 404 404 200 403 200
GET  /change_log/edit/?id={}                    anna's change      | 302 403 404 404 403 403 403
POST /change_log/edit/?id={}                    anna's change      | 302 403 404 404 403 403 403
GET  /access_log/                               -                  | 302 200 200 200 200 403 200
GET  /access_log/export/xlsx/                   -                  | 302 403 403 403 403 403 403
GET  /access_log/new/                           -                  | 302 403 403 403 403 403 403
POST /access_log/new/                           -                  | 302 403 403 403 403 403 403
GET  /access_log/details/?id={}                 nobody's           | 302 404 404 404 404 403 404
GET  /access_log/edit/?id={}                    nobody's           | 302 404 404 404 404 403 404
POST /access_log/edit/?id={}                    nobody's           | 302 404 404 404 404 403 404

GET  /imports/                                  -                  | 302 200 200 200 200 403 200
POST /imports/                                  -                  | 302 422 422 422 422 403 422
GET  /imports/{}                                anna's draft       | 302 200 404 404 404 404 404
GET  /imports/{}                                service's batch    | 302 200 404 404 200 404 200
GET  /imports/{}                                opeka's batch      | 302 404 200 404 404 404 200
GET  /imports/{}/file                           anna's draft       | 302 200 404 404 404 404 404
GET  /imports/{}/file                           service's batch    | 302 200 404 404 200 404 200
POST /imports/{}/apply                          anna's draft       | 302 302 404 404 404 404 404
POST /imports/{}/apply                          service's batch    | 302 302 404 404 302 404 302
POST /imports/{}/discard                        anna's draft       | 302 302 404 404 404 404 404
POST /imports/{}/discard                        opeka's batch      | 302 404 302 404 404 404 302
POST /imports/{}/undo                           service's batch    | 302 302 404 404 302 404 302
POST /imports/{}/undo                           opeka's batch      | 302 404 302 404 404 404 302
POST /imports/{}/undo                           nobody's           | 302 404 404 404 404 404 404

GET  /reports/                                  -                  | 302 200 200 200 200 200 200
GET  /reports/registry                          -                  | 302 200 200 200 200 200 200
GET  /reports/registry.csv                      -                  | 302 200 200 200 200 200 200
GET  /reports/vologda-appendix-1                -                  | 302 403 200 200 403 200 200
GET  /reports/vologda-appendix-1.xlsx           -                  | 302 403 200 200 403 400 400
GET  /reports/vologda-appendix-1.csv?agency=opeka-totma -          | 302 403 404 200 403 200 200
GET  /reports/vologda-appendix-2                -                  | 302 403 403 403 403 403 403
GET  /reports/kpi/records?figure=kpi.graduates.n&period=2025 - | 302 200 200 200 200 200 200
GET  /reports/vologda-appendix-1/records?figure=a.b.n -      | 302 403 404 404 403 404 404
GET  /reports/nothing                           -                  | 302 404 404 404 404 404 404

GET  /notifications/                            -                  | 302 200 200 200 200 200 200
POST /notifications/read                        -                  | 302 303 303 303 303 303 303
POST /notifications/{}/open                     anna's notice      | 302 303 404 404 404 404 404
POST /notifications/{}/read                     anna's notice      | 302 303 404 404 404 404 404
POST /notifications/{}/read                     nobody's           | 302 404 404 404 404 404 404
GET  /notifications/settings                    -                  | 302 200 200 200 200 200 200
POST /notifications/settings                    -                  | 302 303 303 303 303 303 303
POST /notifications/settings/feed               -                  | 302 303 303 303 303 303 303
POST /notifications/settings/feed/{}/revoke     anna's feed        | 302 303 404 404 404 404 404
POST /notifications/settings/feed/{}/revoke     nobody's           | 302 404 404 404 404 404 404
GET  /calendar/feed/{}.ics                      anna's token       | 200 200 200 200 200 200 200
GET  /calendar/feed/{}.ics                      nobody's           | 404 404 404 404 404 404 404

GET  /calendar/                                 -                  | 302 200 200 200 200 200 200
GET  /calendar/?view=list                       -                  | 302 200 200 200 200 200 200
GET  /calendar/?view=nothing                    -                  | 302 400 400 400 400 400 400
GET  /calendar/?agency=nobodys                  -                  | 302 400 400 400 400 400 400
GET  /calendar/events?start=2026-10-01&end=2026-11-01 -                  | 302 200 200 200 200 200 200
GET  /calendar/events                           -                  | 302 400 400 400 400 400 400
GET  /calendar/poster                           -                  | 302 200 200 200 200 200 200
GET  /calendar/poster?year=1                    -                  | 302 404 404 404 404 404 404

GET  /compliance/                               -                  | 302 200 200 200 200 200 200
GET  /compliance/?on=2025-13-01                 -                  | 302 400 400 400 400 400 400
GET  /compliance/?agency=opeka-totma            -                  | 302 404 404 200 404 200 200
GET  /compliance/?agency=nothing                -                  | 302 404 404 404 404 404 404
GET  /compliance/?regulation=nothing            -                  | 302 404 404 404 404 404 404
GET  /compliance/table.xlsx                     -                  | 302 400 400 400 400 400 400
GET  /compliance/table.xlsx?agency=opeka-totma  -                  | 302 404 404 400 404 400 400
GET  /compliance/territory                      -                  | 302 403 403 403 403 200 200
GET  /compliance/territory?period=2026-13       -                  | 302 403 403 403 403 400 400
GET  /compliance/territory?district=99999       -                  | 302 403 403 403 403 404 404
GET  /compliance/territory.xlsx                 -                  | 302 403 403 403 403 200 200
GET  /regulation/                               -                  | 302 200 200 200 200 200 200
GET  /regulation/export/xlsx/                   -                  | 302 200 200 200 200 200 200
GET  /regulation/new/                           -                  | 302 403 403 403 403 403 403
POST /regulation/new/                           -                  | 302 403 403 403 403 403 403
GET  /regulation/details/?id={}                 small regulation   | 302 200 200 200 200 200 200
GET  /regulation/details/?id={}&tab=clauses     small regulation   | 302 200 200 200 200 200 200
GET  /regulation/details/?id={}&tab=roles       small regulation   | 302 200 200 200 200 200 200
GET  /regulation/details/?id={}&tab=about       small regulation   | 302 200 200 200 200 200 200
GET  /regulation/details/?id={}&tab=versions    small regulation   | 302 200 200 200 200 200 200
GET  /regulation/details/?id={}                 nobody's           | 302 404 404 404 404 404 404
GET  /regulation/edit/?id={}                    small regulation   | 302 403 403 403 403 403 403
POST /regulation/edit/?id={}                    small regulation   | 302 403 403 403 403 403 403
GET  /regulation/rule/?id={}&rule=A01           small regulation   | 302 200 200 200 200 200 200
GET  /regulation/rule/?id={}&rule=Z99           small regulation   | 302 404 404 404 404 404 404
GET  /regulation/rule/edit/?id={}&rule=A01      small regulation   | 302 403 403 403 403 200 200
POST /regulation/rule/edit/?id={}&rule=A01      small regulation   | 302 403 403 403 403 422 422
GET  /regulation/rule/edit/?id={}&rule=Z99      small regulation   | 302 403 403 403 403 404 404
GET  /regulation/rule/new/?id={}                small regulation   | 302 403 403 403 403 200 200
POST /regulation/rule/new/?id={}                small regulation   | 302 403 403 403 403 422 422
POST /regulation/switch-off/?id={}&rule=A01     small regulation   | 302 403 403 403 403 422 422
POST /regulation/switch-on/?id={}&rule=A01      small regulation   | 302 403 403 403 403 404 404
POST /regulation/name/?id={}                    small regulation   | 302 403 403 403 403 422 422
POST /regulation/unname/?id={}                  small regulation   | 302 403 403 403 403 404 404
"""


def _rows() -> list[tuple[str, str, str, tuple[int, ...]]]:
    """(method, address, whose record, answers in the order of ROLES) of the table and of the doors that stay shut."""
    rows = []
    parts = [path.read_text(encoding="utf-8") for path in sorted(PARTS.glob("*.txt"))]
    for line in "\n".join([TABLE, *parts]).splitlines():
        if line.strip() and not line.startswith("#"):
            asked, _, answers = line.partition("|")
            method, address, *whose = asked.split()
            rows.append((method, address, " ".join(whose), tuple(int(code) for code in answers.split())))
    for unread, registers in SHUT_TO.items():
        absent = (302, *(403 if who in unread else 404 for who in ROLES[1:]))
        for register in registers:
            rows += [("POST", f"/{register}/{door}/", "-", (302, *[403] * 6)) for door in ("action", "delete")]
            rows += [
                ("GET", f"/{register}/ajax/lookup/", "-", absent),
                ("POST", f"/{register}/ajax/update/", "-", absent),
            ]
    return rows


ROWS = _rows()


def _answer(app: Flask, cast: Cast, who: str, method: str, address: str, **options: object) -> int:
    client = app.test_client()
    if who != "nobody":
        sign_in(client, getattr(cast, who))
    answer = client.open(address, method=method, **options)
    answer.close()
    return answer.status_code


@pytest.mark.parametrize(("method", "address", "whose", "answers"), ROWS)
def test_everybody_gets_the_answer_of_the_table(
    app: Flask,
    session: scoped_session[Session],
    cast: Cast,
    method: str,
    address: str,
    whose: str,
    answers: tuple[int, ...],
) -> None:
    found = {}
    for who in ROLES:
        act_as(session(), Actor(NOW))
        found[who] = _answer(app, cast, who, method, address.format(OBJECTS[whose](session(), cast)))
    assert found == dict(zip(ROLES, answers, strict=True))


def _family(endpoint: str) -> str:
    """The dictionaries are alike: one stands for all."""
    return (
        endpoint.replace(endpoint.partition(".")[0], "dictionary") if endpoint.startswith("dictionary_") else endpoint
    )


def test_every_address_is_in_the_table(app: Flask) -> None:
    there = {
        (_family(rule.endpoint), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    matcher = app.url_map.bind("localhost")
    listed = set()
    for method, address, _, _ in ROWS:
        endpoint, _ = matcher.match(address.partition("?")[0].format(1), method)
        listed.add((_family(endpoint), method))
    assert there - listed == set()


def test_the_dictionaries_are_alike(app: Flask) -> None:
    doors: dict[str, set[tuple[str, str]]] = {}
    for rule in app.url_map.iter_rules():
        name, _, door = rule.endpoint.partition(".")
        if name.startswith("dictionary_"):
            doors.setdefault(name, set()).update((door, method) for method in rule.methods or ())
    assert set(doors) == {f"dictionary_{model.__tablename__}" for model in DICTIONARIES}
    assert all(found == doors["dictionary_channel"] for found in doors.values())


@pytest.mark.parametrize("dictionary", sorted(model.__tablename__ for model in DICTIONARIES))
def test_every_dictionary_is_read_by_overseers_and_changed_by_the_administrator(
    app: Flask, cast: Cast, dictionary: str
) -> None:
    listed = {who: _answer(app, cast, who, "GET", f"/dictionary/{dictionary}/") for who in ROLES}
    assert listed == dict(zip(ROLES, (302, 403, 403, 403, 403, 200, 200), strict=True))
    made = {
        who: _answer(app, cast, who, "POST", f"/dictionary/{dictionary}/new/") for who in ("galina", "kira", "root")
    }
    assert made == {"galina": 403, "kira": 403, "root": 200}


def test_a_program_that_has_not_signed_in_is_told_so(app: Flask, cast: Cast) -> None:
    for method, address, _, answers in ROWS:
        if answers[0] == 302 and "logout" not in address:
            headers = {"Accept": "application/json"}
            assert _answer(app, cast, "nobody", method, address.format(1), headers=headers) == 401, address


@pytest.mark.parametrize("sign", ["%00", "%0B", "%ED%A0%80", "%F0%9F%98%80", "%27%22%3C"])
@pytest.mark.parametrize(
    "address",
    [
        "/graduate/?q={}",
        "/graduate/?f.district={0}&f.born={0}..{0}&sort={0}&size={0}&after={0}",
        "/graduate/details/?id={}",
        "/search?q={}",
        "/agency/?q={}",
        "/dictionary/channel/details/?id={}",
        "/reports/registry?on={0}&agency={0}",
        "/reports/{}",
        "/calendar/?on={0}&view={0}&agency={0}&regulation={0}&kind={0}&state={0}&rule={0}&graduate={0}",
        "/calendar/?view=list&from={0}&to={0}&after={0}&before={0}&size={0}&mine={0}&waiting={0}",
        "/calendar/events?start={0}&end={0}",
        "/calendar/poster?year={0}&agency={0}",
        "/imports/{}",
        "/help/{}",
        "/login?next={}",
        "/directory/?q={0}&kind={0}&district={0}&by={0}&page={0}&stale={0}",
        "/territories/?on={0}&faults={0}",
    ],
)
def test_no_sign_in_an_address_breaks_a_page(app: Flask, cast: Cast, address: str, sign: str) -> None:
    assert _answer(app, cast, "root", "GET", address.format(sign)) < 500
