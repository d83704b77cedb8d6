"""Filling in forms in tests: what a browser would send back for the page it was given."""

from typing import Any

import html5lib
from flask.testing import FlaskClient

HTML = "{http://www.w3.org/1999/xhtml}"


def fields_of(html: str, form_id: str = "record-form") -> dict[str, str]:
    """Names and values of the controls of a form, as a browser would post them unchanged."""
    tree = html5lib.parse(html)
    form = next(node for node in tree.iter(f"{HTML}form") if node.get("id") == form_id)
    found: dict[str, str] = {}
    for node in _controls(form):
        name = node.get("name")
        if not name or node.get("disabled") is not None:
            continue
        if node.tag == f"{HTML}select":
            chosen = [option for option in node.iter(f"{HTML}option") if option.get("selected") is not None]
            offered = chosen or list(node.iter(f"{HTML}option"))[:1]
            found[name] = (offered[0].get("value") or "") if offered else ""
        elif node.tag == f"{HTML}textarea":
            found[name] = "".join(node.itertext())
        elif node.get("type") in ("checkbox", "radio"):
            if node.get("checked") is not None:
                found[name] = node.get("value") or "y"
        elif node.get("type") not in ("submit", "button"):
            found[name] = node.get("value") or ""
    return found


def _controls(node: Any) -> Any:
    for child in node:
        if child.tag == f"{HTML}template":
            continue
        if child.tag in (f"{HTML}input", f"{HTML}select", f"{HTML}textarea", f"{HTML}button"):
            yield child
        yield from _controls(child)


def open_form(client: FlaskClient, url: str) -> dict[str, str]:
    response = client.get(url)
    assert response.status_code == 200, response.text[:500]
    return fields_of(response.text)
