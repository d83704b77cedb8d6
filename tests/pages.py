"""Every page that any test opens is reviewed: valid HTML, one heading, labels, no foreign or inline code, Russian."""

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HTML = "{http://www.w3.org/1999/xhtml}"
# Faults that html5lib finds where the standard of today finds none.
TOLERATED = {
    "unexpected-start-tag-implies-end-tag",  # <noscript> in <template>, which html5lib 1.1 does not know
}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
# What Flask-Admin, WTForms and Werkzeug say when nobody has translated them.
ENGLISH = re.compile(
    r"\b(Save|Cancel|Submit|Create|Edit|Delete|Details|Search|Filters?|None|True|False|Records?|Export|Actions?|Apply|"
    r"Reset|Logout|Home|Add|With selected|Not a valid|Invalid|This field|is required|Forbidden|Not Found|"
    r"Internal Server Error|Traceback|undefined|NaN|CSRF)\b"
)
SHOWN_ATTRIBUTES = ("title", "placeholder", "alt", "aria-label", "data-confirm", "data-placeholder")
LOADING_ATTRIBUTES = ("src", "href", "action", "formaction", "srcset", "poster", "data")


def review(html: str, nonce: str = "") -> list[str]:
    """What is wrong with a page, as sentences; an empty list: nothing."""
    parser = html5lib.HTMLParser()
    page = parser.parse(html)
    faults = [f"HTML: {code} {data} near {where}" for where, code, data in parser.errors if code not in TOLERATED]
    nodes = [node for node in page.iter() if isinstance(node.tag, str)]
    for check in (_heading, _ids, _labels, _code, _hosts, _words):
        faults += check(page, nodes, nonce)
    return faults


def text_of(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _heading(page: Any, nodes: list[Any], _nonce: str) -> Iterator[str]:
    """One h1, which is the page's title too; the language."""
    if page.get("lang") != "ru":
        yield "<html> does not say lang=ru"
    headings = [text_of(node) for node in nodes if node.tag == f"{HTML}h1"]
    titles = [text_of(node) for node in nodes if node.tag == f"{HTML}title"]
    if len(headings) != 1 or not headings[0]:
        yield f"one h1 is wanted, there are: {headings}"
    elif titles != headings:
        yield f"the title {titles} is not the heading {headings}"


def _ids(_page: Any, nodes: list[Any], _nonce: str) -> Iterator[str]:
    """Ids are single, and what points to an id finds it."""
    ids = Counter(node.get("id") for node in nodes if node.get("id") is not None)
    for name, count in ids.items():
        if count > 1:
            yield f"id «{name}» stands {count} times"
        if not name or re.search(r"\s", name):
            yield f"id «{name}» is no name"
    for node in nodes:
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for name in (node.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute}={name} points to nothing"


def _labels(_page: Any, nodes: list[Any], _nonce: str) -> Iterator[str]:
    """Every control, button, link and picture says what it is."""
    named = {node.get("for") for node in nodes if node.tag == f"{HTML}label" and text_of(node)}
    wrapped = {id(inner) for node in nodes if node.tag == f"{HTML}label" and text_of(node) for inner in node.iter()}
    for node in nodes:
        kind = node.tag.removeprefix(HTML)
        has_name = bool(node.get("aria-label") or node.get("aria-labelledby"))
        if kind in ("input", "select", "textarea") and node.get("type") not in UNLABELLED:
            if not (has_name or node.get("id") in named or id(node) in wrapped):
                yield f"{kind} «{node.get('name') or node.get('id')}» has no label"
        elif kind in ("button", "a", "summary", "th", "legend", "dt") and not (has_name or text_of(node)):
            yield f"{kind} without text: {dict(node.attrib)}"
        elif kind == "img" and node.get("alt") is None:
            yield f"a picture without alt: {node.get('src')}"


def _code(_page: Any, nodes: list[Any], nonce: str) -> Iterator[str]:
    """Scripts and styles of ours only: a file, or the nonce of this very page; nothing inline."""
    for node in nodes:
        kind = node.tag.rpartition("}")[2]
        is_inline = kind == "style" or (kind == "script" and node.get("src") is None)
        if is_inline and (not nonce or node.get("nonce") != nonce):
            yield f"an inline <{kind}> without the nonce of the page"
        for name, value in node.attrib.items():
            if name == "style" or name.startswith("on") or str(value).strip().lower().startswith("javascript:"):
                yield f'inline code: <{kind} {name}="{value}">'


def _hosts(_page: Any, nodes: list[Any], _nonce: str) -> Iterator[str]:
    """Nothing leads or loads from elsewhere."""
    for node in nodes:
        for attribute in LOADING_ATTRIBUTES:
            parts = urlsplit(node.get(attribute) or "")
            if parts.netloc or parts.scheme not in ("", "mailto", "tel", "data"):
                yield f"a foreign address: {attribute}={node.get(attribute)}"


def _words(page: Any, nodes: list[Any], _nonce: str) -> Iterator[str]:
    """Nothing that the reader sees is left in English."""
    shown = [node.get(name) or "" for node in nodes for name in SHOWN_ATTRIBUTES]
    hidden = {id(inner) for node in nodes if node.tag in (f"{HTML}script", f"{HTML}style") for inner in node.iter()}
    shown += [part or "" for node in nodes if id(node) not in hidden for part in (node.text, node.tail)]
    for text in shown:
        if found := ENGLISH.search(text):
            yield f"an English word: {found[0]} in «{' '.join(text.split())[:80]}»"


_faultless: set[bytes] = set()  # Digests of what was reviewed and found right: the same page is not read twice.


def review_answer(answer: TestResponse) -> list[str]:
    """What is wrong with the page of an answer; what is of one answer only is replaced by what is in every answer."""
    policy = re.search(r"'nonce-([^']+)'", answer.headers.get("Content-Security-Policy", ""))
    html, nonce = answer.text, ""
    if policy:
        nonce = "0" * len(policy[1])
        html = html.replace(policy[1], nonce)
    if number := answer.headers.get("X-Request-Id"):
        html = html.replace(number, "1" * len(number))
    digest = sha256(f"{nonce} {html}".encode("utf-8", "surrogatepass")).digest()
    if digest in _faultless:
        return []
    faults = review(html, nonce)
    if not faults:
        _faultless.add(digest)
    return faults


class ReviewingClient(FlaskClient):
    """Opens a page as any client does and reviews what it got.

    The same tests open the same pages on both databases: those of SQLite are looked at.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        is_whole = answer.mimetype == "text/html" and not answer.headers.get("Content-Encoding")
        is_ours = not 300 <= answer.status_code < 400  # The body of a redirect is Werkzeug's and nobody sees it.
        is_first = self.application.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
        if is_first and is_whole and is_ours and answer.text.lstrip().lower().startswith("<!doctype"):
            faults = review_answer(answer)
            assert not faults, f"{answer.request.method} {answer.request.path}: " + "; ".join(faults)
        return answer
