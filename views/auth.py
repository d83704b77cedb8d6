"""Signing in and out, one's own password and profile."""

from __future__ import annotations

from argon2 import PasswordHasher
from flask import Flask, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_login import login_user
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.users import User
from services import accounts
from views import demo_logins, edge
from views.extensions import db, login_manager

WRONG = (
    "Неверный логин или пароль. После пяти неудачных попыток подряд вход в учётную запись закрывается на 15 минут "
    "и дольше."
)
SUBJECT = "user_account"


def hasher() -> PasswordHasher:
    """Tests set a cheaper one."""
    chosen: PasswordHasher = current_app.config.get("PASSWORD_HASHER") or accounts.HASHER
    return chosen


def load_user(remembered: str) -> User | None:
    """The signed-in user of a session, unless the account was locked or signed out everywhere since."""
    user_id, _, token = remembered.partition(":")
    if not user_id.isdecimal() or not user_id.isascii():
        return None
    user = db.session.get(User, int(user_id), options=[joinedload(User.agency)])
    if user is None or user.is_locked or user.session_token != token:
        return None
    return user


# -- Signing in ------------------------------------------------------------------------------------------------------


def login() -> str | Response | tuple[str, int]:
    next_url = edge.safe_next(request.values.get("next"))
    if request.method != "POST":
        return redirect(next_url or "/") if edge.signed_in() else _login_page(next_url)
    typed = "".join(sign for sign in request.form.get("login", "") if sign.isprintable())[:100]
    if _sign_in(typed, request.form.get("password", "")):
        return redirect(next_url or "/")
    return _login_page(next_url, login=typed, error=WRONG), 401


def _login_page(next_url: str | None, **values: str) -> str:
    shown = demo_logins.shown() if edge.is_demo() else []
    return render_template("login.html", next_url=next_url, demo_logins=shown, **values)


def _sign_in(typed: str, password: str) -> bool:
    """Charge the attempt, verify with no transaction open, then note how it ended."""
    try:
        attempt = accounts.begin_attempt(db.session(), login=typed, address=edge.address(), now=edge.now())
    except accounts.TooManyFailures:
        db.session.rollback()
        abort(429)
    db.session.commit()
    if not accounts.password_is_right(attempt, password, hasher=hasher()):
        edge.log_access(AccessKind.LOGIN_FAILED, SUBJECT, attempt.user_id)
        return False
    new_hash = accounts.better_hash(attempt, password, hasher=hasher())
    accounts.pardon(db.session(), attempt=attempt, now=edge.now(), new_hash=new_hash)
    db.session.commit()
    _open_session(attempt.user_id or 0)
    edge.log_access(AccessKind.LOGIN, SUBJECT, attempt.user_id)
    return True


def _open_session(user_id: int) -> None:
    """Nothing of the stranger's session is kept."""
    user = db.session.get(User, user_id, populate_existing=True, options=[joinedload(User.agency)])
    session.clear()
    login_user(user)
    session["seen_at"] = int(edge.now().timestamp())
    g.user_id = user_id


def logout() -> Response:
    edge.log_access(AccessKind.LOGOUT, SUBJECT, edge.user().id)
    session.clear()
    g.pop("_login_user", None)
    flash("Вы вышли.", "success")
    return redirect(url_for("login"))


# -- One's own account -----------------------------------------------------------------------------------------------


def password() -> str | Response | tuple[str, int]:
    """Change one's own password; an issued one has to be changed before anything else."""
    forced, next_url = edge.user().must_change_password, edge.safe_next(request.args.get("next"))
    errors = _change_password() if request.method == "POST" else []
    if request.method == "POST" and not errors:
        flash("Пароль изменён. На других устройствах вход закрыт.", "success")
        return redirect(next_url or "/")
    page = render_template(
        "password.html",
        page_title="Смена пароля",
        forced=forced,
        errors=errors,
        rules=accounts.PASSWORD_RULES,
        cancel_url=next_url or url_for("profile"),
    )
    return (page, 422) if errors else page


def _change_password() -> list[tuple[str, str, str]]:
    """Change it, or say what is wrong: [(label, message, field)]."""
    user = edge.user()
    user_id, user_login, name = user.id, user.login, user.name
    old, new, again = (request.form.get(field, "") for field in ("current_password", "new_password", "repeat_password"))
    if old == new and old:
        return [("Новый пароль", "Новый пароль совпадает с прежним.", "new_password")]
    if fault := accounts.password_fault(new, login=user_login, name=name):
        return [("Новый пароль", fault, "new_password")]
    if new != again:
        return [("Новый пароль ещё раз", "Пароли не совпадают.", "repeat_password")]
    if not _knows_password(user_login, old):
        return [("Действующий пароль", "Действующий пароль указан неверно.", "current_password")]
    password_hash = hasher().hash(new)
    user = db.session.get_one(User, user_id)
    accounts.set_own_password(db.session(), user=user, password_hash=password_hash)
    db.session.commit()
    _open_session(user_id)
    return []


def _knows_password(user_login: str, typed: str) -> bool:
    """The old password is asked as at a sign-in, failures counted: a session left open is no way to guess it."""
    try:
        attempt = accounts.begin_attempt(db.session(), login=user_login, address=edge.address(), now=edge.now())
    except accounts.TooManyFailures:
        db.session.rollback()
        abort(429)
    db.session.commit()
    if not accounts.password_is_right(attempt, typed, hasher=hasher()):
        edge.log_access(AccessKind.LOGIN_FAILED, SUBJECT, attempt.user_id)
        return False
    accounts.pardon(db.session(), attempt=attempt, now=edge.now())
    db.session.commit()
    return True


def profile() -> str:
    return render_template("profile.html", page_title="Мой профиль", breadcrumbs=[("Мой профиль", None)])


def leave_everywhere() -> Response:
    """«Выйти на всех устройствах», this one too."""
    user = db.session.get_one(User, edge.user().id)
    accounts.sign_out_everywhere(db.session(), user=user)
    db.session.commit()
    edge.log_access(AccessKind.LOGOUT, SUBJECT, user.id, {"everywhere": True})
    session.clear()
    g.pop("_login_user", None)
    flash("Вы вышли на всех устройствах.", "success")
    return redirect(url_for("login"))


def init_app(app: Flask) -> None:
    login_manager.user_loader(load_user)
    login_manager.session_protection = None  # The token in the session is stronger, and phones change addresses.
    app.add_url_rule("/login", "login", login, methods=["GET", "POST"])
    app.add_url_rule("/logout", "logout", logout, methods=["POST"])
    app.add_url_rule("/password", "password", password, methods=["GET", "POST"])
    app.add_url_rule("/profile", "profile", profile)
    app.add_url_rule("/profile/leave-everywhere", "leave_everywhere", leave_everywhere, methods=["POST"])
