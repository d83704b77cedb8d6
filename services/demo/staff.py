"""Specialists who sign in to the demonstration, each with a password of this installation alone."""

import secrets
from dataclasses import dataclass, field
from random import Random

from argon2 import PasswordHasher
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.users import Role, User
from services.demo.agencies import SPECS, phone
from services.demo.names import staff_name

CONSONANTS, VOWELS, DIGITS = "bdfgklmnprstvz", "aeiou", "23456789"


@dataclass(frozen=True)
class Login:
    """An account as it is shown to whoever tries the demonstration."""

    login: str
    password: str
    name: str
    role: Role
    agency_code: str
    agency: str


@dataclass(frozen=True, slots=True)
class Specialist:
    """Somebody whom an order may name: a user, or a colleague without an account (no `user_id`)."""

    name: str
    position: str
    phone: str
    user_id: int | None = None


@dataclass
class Staff:
    logins: list[Login] = field(default_factory=list)
    by_agency: dict[str, list[Specialist]] = field(default_factory=dict)


# login, role, agency, position
ACCOUNTS = (
    ("opeka.sokol", Role.OFFICER, "opeka-sokol", "главный специалист"),
    ("opeka.sokol.head", Role.HEAD, "opeka-sokol", "начальник отдела"),
    ("opeka.totma", Role.OFFICER, "opeka-totma", "главный специалист"),
    ("opeka.totma.head", Role.HEAD, "opeka-totma", "начальник отдела"),
    ("opeka.vologda", Role.OFFICER, "opeka-vologda", "консультант"),
    ("opeka.vologda.head", Role.HEAD, "opeka-vologda", "начальник управления"),
    ("sluzhba", Role.CLERK, "sluzhba-stupeni", "специалист по социальной работе"),
    ("sluzhba.head", Role.HEAD, "sluzhba-stupeni", "руководитель службы"),
    ("sluzhba.vologda", Role.CLERK, "sluzhba-pristan", "социальный педагог"),
    ("sluzhba.vologda.head", Role.HEAD, "sluzhba-pristan", "руководитель службы"),
    ("cpd.sokol", Role.CLERK, "cpd-sokol", "социальный педагог"),
    ("cpd.vologda", Role.CLERK, "cpd-vologda", "социальный педагог"),
    ("kcson.sokol", Role.CLERK, "kcson-sokol", "специалист по социальной работе"),
    ("kcson.sokol.head", Role.HEAD, "kcson-sokol", "директор"),
    ("kcson.totma", Role.CLERK, "kcson-totma", "специалист по социальной работе"),
    ("kcson.vologda", Role.CLERK, "kcson-vologda", "специалист по социальной работе"),
    ("kcson.vologda.head", Role.HEAD, "kcson-vologda", "директор"),
    ("college", Role.CLERK, "college-service", "социальный педагог"),
    ("operator", Role.COORDINATOR, "perekrestok", "администратор базы данных"),
    ("operator.head", Role.HEAD, "perekrestok", "руководитель службы"),
    ("coordinator", Role.COORDINATOR, "resource-centre", "методист"),
    ("admin", Role.ADMINISTRATOR, "department", "консультант"),
)
COLLEAGUES = 2  # Without an account, in every organisation that accompanies people.


def issue_password() -> str:
    """Three groups to be read aloud, about 48 bits: «bako4-dune8-rimo2»."""
    pattern = (CONSONANTS, VOWELS, CONSONANTS, VOWELS, DIGITS)
    return "-".join("".join(secrets.choice(letters) for letters in pattern) for _ in range(3))


def build_staff(session: Session, *, rng: Random, agencies: dict[str, int], hasher: PasswordHasher) -> Staff:
    """The accounts, and everybody whom orders may appoint. It is a demonstration: nobody must change a password."""
    specs = {spec.code: spec for spec in SPECS}
    staff = Staff()
    rows = []
    for login, role, code, position in ACCOUNTS:
        password, name = issue_password(), str(staff_name(rng, rng.random() < 0.2))
        staff.logins.append(Login(login, password, name, role, code, specs[code].short_name))
        rows.append(
            {
                "login": login,
                "name": name,
                "position": position,
                "phone": phone(rng, specs[code].seat),
                "email": f"{login}@region.example",
                "role": role,
                "agency_id": agencies[code],
                "password_hash": hasher.hash(password),
                "session_token": secrets.token_hex(32),
                "must_change_password": False,
            }
        )
    session.execute(insert(User), rows)
    ids = dict(session.execute(select(User.login, User.id)).all())
    for row, (login, _, code, position) in zip(rows, ACCOUNTS, strict=True):
        specialist = Specialist(str(row["name"]), position, str(row["phone"]), ids[login])
        staff.by_agency.setdefault(code, []).append(specialist)
    for spec in SPECS:
        colleagues = [
            Specialist(str(staff_name(rng, False)), "специалист по социальной работе", phone(rng, spec.seat))
            for _ in range(COLLEAGUES)
        ]
        staff.by_agency.setdefault(spec.code, []).extend(colleagues)
    return staff
