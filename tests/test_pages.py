"""The review of pages finds what it is for."""

import pytest

from tests.pages import review

PAGE = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Районы</title><style nonce="n1">h1 {{color: #000}}</style>
<script src="/static/js/shell.js"></script></head>
<body><h1>Районы</h1><form action="/district/"><label for="q">Найти</label><input id="q" name="q">
<button type="submit">Найти</button></form>{}</body></html>"""


def test_a_sound_page_passes() -> None:
    assert review(PAGE.format(""), "n1") == []


@pytest.mark.parametrize(
    ("fragment", "fault"),
    [
        ("<h1>Ещё</h1>", "one h1 is wanted"),
        ('<p id="q">x</p>', "id «q» stands 2 times"),
        ('<p id="a b">x</p>', "id «a b» is no name"),
        ('<input name="x">', "input «x» has no label"),
        ('<select name="x"></select>', "select «x» has no label"),
        ('<button type="button"></button>', "button without text"),
        ('<a href="/x"></a>', "a without text"),
        ('<img src="/x.png">', "a picture without alt"),
        ('<label for="nothing">Текст</label>', "for=nothing points to nothing"),
        ('<p aria-describedby="nowhere">Текст</p>', "aria-describedby=nowhere points to nothing"),
        ("<script>1</script>", "an inline <script> without the nonce"),
        ('<script nonce="other">1</script>', "an inline <script> without the nonce"),
        ('<p style="color: red">Текст</p>', "inline code: <p style="),
        ('<button type="button" onclick="go()">Текст</button>', "inline code: <button onclick="),
        ('<a href="javascript:go()">Текст</a>', "inline code: <a href="),
        ('<script src="https://cdn.example/x.js"></script>', "a foreign address: src="),
        ('<a href="//elsewhere.example/">Текст</a>', "a foreign address: href="),
        ("<p><div>Текст</div></p>", "HTML: "),
        ("<p>Текст</b></p>", "HTML: "),
        ("<table><tr><p>Текст</p></tr></table>", "HTML: "),
        ("<p>Save</p>", "an English word: Save"),
        ("<p>None</p>", "an English word: None"),
        ('<p title="Delete it">Текст</p>', "an English word: Delete"),
    ],
)
def test_a_fault_is_found(fragment: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in review(PAGE.format(fragment), "n1"))


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('lang="ru"', 'lang="en"', "<html> does not say lang=ru"),
        ("<title>Районы", "<title>Маршрут", "the title"),
        ("<h1>Районы</h1>", "", "one h1 is wanted"),
        ("<!doctype html>", "", "HTML: "),
    ],
)
def test_a_fault_of_the_frame_is_found(right: str, wrong: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in review(PAGE.format("").replace(right, wrong), "n1"))
