"""Organisations of two regulations that write to one another, with days that a test turns over, for the scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import create_app
from models.territory import Agency, AgencyKind, District
from models.users import Role, User
from tests.browser.site import CHEAP, PASSWORD, Site, serving, settings
from tests.clock import follow, load_law
from tests.factories import make_agency, make_district, make_user
from views.extensions import db

K, R = AgencyKind, Role
VOLOGDA, SYZRAN = "vologda-2022", "syzran-2022"
# Code, kind, full name, short name, district, regulation; then (login, name, role, position) of those who work there.
AGENCIES = (
    ("opeka-lake", K.GUARDIANSHIP, "Отдел опеки Приозёрного округа", "Опека Приозёрного округа", "lake", VOLOGDA,
     (("opeka", "Громова Вера Павловна", R.OFFICER, "главный специалист"),)),
    ("perekrestok", K.SUPPORT_SERVICE, "Служба сопровождения «Перекресток»", "Служба «Перекресток»", "lake", VOLOGDA,
     (("sluzhba", "Зимина Ольга Сергеевна", R.CLERK, "специалист"),
      ("sluzhba.head", "Котов Илья Борисович", R.HEAD, "руководитель службы"))),
    ("kcson-lake", K.SOCIAL_CENTRE, "КЦСОН Приозёрного округа", "КЦСОН Приозёрного округа", "lake", VOLOGDA,
     (("kcson", "Рябова Инна Олеговна", R.CLERK, "специалист по социальной работе"),
      ("kcson.head", "Белов Егор Ильич", R.HEAD, "директор"))),
    ("cpd-lake", K.CARE_CENTRE, "Приозёрный центр помощи детям", "Приозёрный ЦПД", "lake", VOLOGDA,
     (("cpd", "Носова Мария Львовна", R.CLERK, "социальный педагог"),)),
    ("college-lake", K.COLLEGE, "ПОО «Приозёрский колледж»", "ПОО «Приозёрский колледж»", "lake", VOLOGDA,
     (("college", "Савина Анна Юрьевна", R.CLERK, "социальный педагог"),)),
    ("department", K.DEPARTMENT, "Департамент социальной защиты населения", "Департамент соцзащиты", None, VOLOGDA,
     (("department", "Лапина Нина Ивановна", R.COORDINATOR, "консультант"),)),
    ("opeka-west", K.GUARDIANSHIP, "Отдел опеки Западного округа", "Опека Западного округа", "west", SYZRAN,
     (("opeka.west", "Юдина Роза Львовна", R.OFFICER, "главный специалист"),)),
    ("kcson-west", K.SOCIAL_CENTRE, "КЦСОН Западного округа", "КЦСОН Западного округа", "west", SYZRAN,
     (("kcson.west", "Фомина Лидия Ильинична", R.CLERK, "специалист"),
      ("kcson.west.head", "Сомов Лев Петрович", R.HEAD, "директор"))),
    ("sluzhba-west", K.SUPPORT_SERVICE, "Служба сопровождения фонда «Радость»", "Служба «Радость»", "west", SYZRAN,
     (("sluzhba.west", "Ершова Яна Олеговна", R.CLERK, "куратор"),)),
    ("college-west", K.COLLEGE, "ГБПОУ «Сызранский колледж»", "Сызранский колледж", "west", SYZRAN,
     (("college.west", "Панина Ада Егоровна", R.CLERK, "социальный педагог"),)),
    ("nadezhda", K.REGIONAL_OPERATOR, "Областной центр «Надежда»", "ОЦ «Надежда»", None, SYZRAN,
     (("nadezhda", "Титова Эмма Яновна", R.COORDINATOR, "оператор"),)),
    ("mayak", K.SUPPORT_SERVICE, "Служба сопровождения «Маяк»", "Служба «Маяк»", None, VOLOGDA,
     (("mayak", "Гусева Вера Антоновна", R.CLERK, "специалист"),
      ("mayak.head", "Осипов Олег Ильич", R.HEAD, "руководитель службы"))),
)  # fmt: skip


def _fill(session: Session) -> None:
    load_law(session, date(2025, 1, 1))
    districts = {
        "lake": make_district(session, "lake", "Приозёрный", "Приозёрск"),
        "west": make_district(session, "west", "Западный", "Сызрань"),
    }
    for code, kind, name, short_name, district, regulation, staff in AGENCIES:
        agency = _agency(session, code, kind, name, short_name, districts.get(district or ""))
        follow(session, agency, regulation)
        for login, person, role, position in staff:
            make_user(session, login, person, role, agency, position=position)
    session.execute(update(User).values(password_hash=CHEAP.hash(PASSWORD)))
    session.commit()


def _agency(
    session: Session, code: str, kind: AgencyKind, name: str, short_name: str, district: District | None
) -> Agency:
    """The service «Перекресток» keeps the data bank; the department sees the region."""
    return make_agency(
        session,
        code,
        kind,
        districts=(district,) if district else (),
        name=name,
        short_name=short_name,
        head_name="Орлова Анна Петровна",
        head_position="руководитель",
        is_data_bank_operator=code == "perekrestok",
        sees_whole_region=code == "department",
    )


def served_region(folder: Path) -> Iterator[Site]:
    app = create_app(settings(folder) | {"DEMO": False})
    with app.app_context():
        upgrade()
        _fill(db.session())
    with serving(app) as site:
        yield site
