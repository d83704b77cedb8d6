"""Errors as pages in Russian: they need no session, no user and no database."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, Response, current_app, g, jsonify, request
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from models.audit import AccessKind
from views import edge
from views.constraints import is_missing_table, message_for
from views.extensions import db

Sentences = tuple[str, str]

TEXTS: dict[int, Sentences] = {
    400: ("Запрос не понят", "В запросе что-то не так. Вернитесь на предыдущую страницу и попробуйте ещё раз."),
    401: ("Нужно войти", "Войдите в систему, чтобы открыть эту страницу."),
    403: ("Нет права на это действие", "Если оно нужно вам по работе, обратитесь к руководителю или администратору."),
    404: (
        "Страница не найдена",
        "Такой страницы нет, или она вам недоступна. Проверьте адрес или воспользуйтесь поиском.",
    ),
    405: ("Так эту страницу не открыть", "Это действие выполняется кнопкой на странице, а не по ссылке."),
    409: (
        "Запись уже изменилась",
        "Пока вы работали, запись изменил кто-то другой. Откройте её заново и повторите правку.",
    ),
    413: ("Слишком большой файл", ""),
    415: ("Такой файл не подходит", "Система не умеет читать файлы этого вида."),
    422: ("Данные не приняты", "Проверьте введённое и попробуйте ещё раз."),
    429: ("Слишком много попыток", "С вашего адреса было слишком много неудачных попыток входа. Подождите 15 минут."),
    500: ("Ошибка в системе", "Мы не смогли выполнить запрос. Ничего не сохранено; попробуйте ещё раз."),
    503: ("База данных не отвечает", "Она занята или перезапускается. Подождите минуту и попробуйте ещё раз."),
}
STALE_PAGE: Sentences = (
    "Страница устарела",
    "Она открыта слишком давно, или вы с тех пор вошли заново. Вернитесь назад, обновите её и повторите действие.",
)
NOT_READY: Sentences = ("База данных не готова", "Администратору: выполните flask --app app db upgrade.")


def page(code: int, title: str = "", text: str = "") -> Response:
    """The error in the form in which the request wanted its answer."""
    known_title, known_text = TEXTS.get(code, TEXTS[500 if code >= 500 else 400])
    title, text = title or known_title, text or known_text
    number = str(g.get("request_id", ""))
    if edge.wants_json():
        answer = jsonify(error={"code": code, "title": title, "text": text, "request_id": number})
    elif request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        answer = Response(_fragment(title, text), mimetype="text/html")
    else:
        template = current_app.jinja_env.get_template("error.html")
        body = template.render(code=code, title=title, text=text, page_title=title, request_id=number, request=request)
        answer = Response(body, mimetype="text/html")
    answer.status_code = code
    return answer


def _fragment(title: str, text: str) -> str:
    return Markup('<div class="notice notice-error" role="alert"><div><strong>{}</strong> {}</div></div>').format(
        title, text
    )


def _http(error: HTTPException) -> Response | HTTPException:
    code = error.code or 500
    if code < 400:  # A redirect that puts a slash right is no error.
        return error
    if code == 403 and "refusal_logged" not in g:
        _log_refusal()
    answer = page(code, text=_too_large() if code == 413 else "")
    for name in ("Allow", "Retry-After"):
        for value in error.get_response().headers.getlist(name):
            answer.headers[name] = value
    if code == 429:
        answer.headers.setdefault("Retry-After", "900")
    return answer


def _log_refusal() -> None:
    """A refusal that the view has not logged itself."""
    try:
        edge.log_access(AccessKind.REFUSED, subject=(request.blueprint or "")[:60])
    except SQLAlchemyError as error:
        current_app.logger.error("a refusal was not logged: %s", type(error).__name__)


def _too_large() -> str:
    limit = current_app.config["MAX_UPLOAD_MB"]
    if (request.content_length or 0) > current_app.config["MAX_CONTENT_LENGTH"]:
        return f"Файл больше {limit} МБ. Уменьшите его или разделите на несколько."
    return f"В форме слишком много данных. Файлы принимаются до {limit} МБ."


def _csrf(_error: CSRFError) -> Response:
    return page(400, *STALE_PAGE)


def _integrity(error: IntegrityError) -> Response:
    _roll_back()
    current_app.logger.warning("constraint violated", exc_info=error)
    return page(409, "Данные не сохранены", message_for(error)[1])


def _unfit(_error: DataError) -> Response:
    """A value that no column takes: a NUL sign, a number of a hundred digits."""
    _roll_back()
    return page(400)


def _stale(_error: StaleDataError) -> Response:
    _roll_back()
    return page(409)


def _database(error: DBAPIError) -> Response:
    _roll_back()
    current_app.log_exception((type(error), error, error.__traceback__))  # type: ignore[arg-type]
    if is_missing_table(error):
        return page(503, *NOT_READY)
    answer = page(503 if isinstance(error, OperationalError) else 500)
    if answer.status_code == 503:
        answer.headers["Retry-After"] = "60"
    return answer


def _unexpected(_error: Exception) -> Response:
    _roll_back()
    return page(500)


def _roll_back() -> None:
    with suppress(Exception):
        db.session.rollback()


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(ProgrammingError, _database)
    app.register_error_handler(500, _unexpected)
