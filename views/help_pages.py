"""In-place help: the user guide of docs/, by role."""

from pathlib import Path

from flask import Blueprint, Flask, abort, render_template, url_for
from flask_login import current_user
from markdown_it import MarkdownIt
from markupsafe import Markup

page = Blueprint("help", __name__, url_prefix="/help")
GUIDE = Path(__file__).resolve().parent.parent / "docs" / "guide"


def chapters() -> list[tuple[str, str]]:
    """(name, title) of the guide's chapters, in their order."""
    found = []
    for path in sorted(GUIDE.glob("*.md")):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        found.append((path.stem, first.removeprefix("# ").strip()))
    return found


@page.get("/")
def index() -> str:
    role = current_user.role.value
    listed = chapters()
    own = [item for item in listed if item[0].endswith(role)]
    return render_template("help/index.html", page_title="Помощь", chapters=listed, own=own)


@page.get("/<name>")
def chapter(name: str) -> str:
    listed = chapters()
    if name not in dict(listed):
        abort(404)
    text = (GUIDE / f"{name}.md").read_text(encoding="utf-8").partition("\n")[2]
    body = Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))
    title = dict(listed)[name]
    return render_template(
        "help/chapter.html",
        page_title=title,
        breadcrumbs=[("Помощь", url_for("help.index")), (title, None)],
        body=body,
        chapters=listed,
        name=name,
    )


def init_app(app: Flask) -> None:
    app.register_blueprint(page)
