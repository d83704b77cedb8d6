"""Static files: versions, caching, the sprite of icons."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from views import assets, vendor

VIEWS = Path(vendor.__file__).parent
ICON_CALL = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")


def test_every_icon_that_a_template_or_view_names_is_in_the_sprite() -> None:
    sources = [*VIEWS.rglob("*.html"), *VIEWS.glob("*.py")]
    named = {name for path in sources for name in ICON_CALL.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 10
    assert named <= set(vendor.ICONS.split())


def test_version_of_an_address_follows_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.css"
    file.write_text("one")
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    first = assets._settled_url.__wrapped__("a.css", "")
    file.write_text("two, longer")
    assert assets._settled_url.__wrapped__("a.css", "") != first
    assert assets._settled_url.__wrapped__("a.css", "/app").startswith("/app/static/a.css?v=")


def test_versioned_file_is_kept_for_a_year_without_cookie_or_vary_on_it(client: FlaskClient) -> None:
    client.set_cookie("marshrut", "anything")
    answer = client.get("/static/css/marshrut.css?v=1", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 20_000


def test_file_without_version_is_asked_for_again(client: FlaskClient) -> None:
    answer = client.get("/static/css/marshrut.css", buffered=True)
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_icon_is_hidden_from_screen_readers_and_escapes_its_name() -> None:
    drawn = assets.icon('x"><script>')
    assert 'aria-hidden="true"' in drawn
    assert "<script>" not in drawn
