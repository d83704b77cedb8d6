"""The application factory: settings, extensions, pages. Nothing happens at import."""

import os
from pathlib import Path
from typing import Any

from flask import Flask

from views.settings import check_settings, kept_secret, number

ROOT = Path(__file__).parent


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """The application; `config` overrides the environment (tests)."""
    from views import admin, auth, cli, edge, errors, health, logs, proof
    from views.database import configure_database
    from views.extensions import babel, csrf, login_manager, migrate

    app = Flask(
        __name__,
        root_path=str(ROOT / "views"),
        instance_path=str((config or {}).get("INSTANCE_PATH", ROOT / "instance")),
    )
    app.config.update(default_settings(Path(app.instance_path)))
    app.config.update(config or {})
    complete_settings(app)

    logs.configure(app)
    configure_database(app)
    from views.extensions import db

    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, default_locale="ru", default_timezone=app.config["TZ"])
    login_manager.init_app(app)
    edge.init_app(app)  # Before the CSRF check: an error page too has a request number.
    proof.init_app(app)
    csrf.init_app(app)
    errors.init_app(app)
    auth.init_app(app)
    health.init_app(app)
    admin.init_app(app)
    cli.init_app(app)
    return app


def default_settings(instance: Path) -> dict[str, Any]:
    """Every setting of the environment, documented in the README."""
    environ = os.environ
    return {
        # Where the data lie. SQLite by default; postgresql+psycopg://user@host/database.
        "SQLALCHEMY_DATABASE_URI": environ.get("DATABASE_URL") or f"sqlite:///{instance / 'marshrut.sqlite'}",
        # Uploads, finished exports, anchors of the audit.
        "DATA_DIR": environ.get("DATA_DIR") or str(instance / "data"),
        # Signs sessions. Generated into instance/ on the first run; required where the database is not SQLite.
        "SECRET_KEY": environ.get("SECRET_KEY", ""),
        # Keys the chain of the audit. Generated likewise; with PostgreSQL it follows from SECRET_KEY if not given.
        "AUDIT_KEY": environ.get("AUDIT_KEY", ""),
        # Largest upload, in megabytes.
        "MAX_UPLOAD_MB": number("MAX_UPLOAD_MB", 25),
        "LOG_LEVEL": environ.get("LOG_LEVEL", "").upper() or "INFO",
        # How many proxies stand in front (0: none); their X-Forwarded-* headers are believed.
        "BEHIND_PROXY": number("BEHIND_PROXY", 0),
        # From where the daily letters go out, smtps://user:password@host?from=address; empty: nowhere.
        "MAIL_URL": environ.get("MAIL_URL", "").strip(),
        # The address of this installation, as users type it: for links in letters.
        "BASE_URL": environ.get("BASE_URL", "").strip().rstrip("/"),
        # Time zone of the region.
        "TZ": environ.get("TZ", "") or "Europe/Moscow",
        # Minutes within which an emergency notice is to be acknowledged, where the regulation does not say.
        "URGENT_MINUTES": number("URGENT_MINUTES", 60, least=1, most=10_080),
        # A form in work outlives a break, not a day.
        "IDLE_MINUTES": 30,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "marshrut",
        "WTF_CSRF_TIME_LIMIT": None,
        # A long card has many fields; a file is limited by MAX_UPLOAD_MB.
        "MAX_FORM_PARTS": 20_000,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "ru",
    }


def complete_settings(app: Flask) -> None:
    """What follows from the settings: keys on the first run, limits, cookies."""
    config = app.config
    check_settings(config)
    is_sqlite = config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    if not config["SECRET_KEY"] and not is_sqlite:
        raise SystemExit("Задайте SECRET_KEY: он обязателен, когда DATABASE_URL указывает не на SQLite.")
    instance = Path(app.instance_path)
    instance.mkdir(parents=True, exist_ok=True)
    config["SECRET_KEY"] = config["SECRET_KEY"] or kept_secret(instance / "secret_key")
    if not config["AUDIT_KEY"]:
        config["AUDIT_KEY"] = kept_secret(instance / "audit_key") if is_sqlite else f"audit:{config['SECRET_KEY']}"
    config["MAX_CONTENT_LENGTH"] = (config["MAX_UPLOAD_MB"] + 1) * 1024 * 1024
    config["SESSION_COOKIE_SECURE"] = bool(config["BEHIND_PROXY"])
    if config["BEHIND_PROXY"]:
        from werkzeug.middleware.proxy_fix import ProxyFix

        hops = config["BEHIND_PROXY"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
