"""What stands in the repository: English names and comments, no foreign files, files and functions that show one thing.

Russian is for the user: strings, templates, the guide. In a comment or a docstring it may only be quoted («…»), cite
(«п. 4.6», «ст. 8») or name a form or its example.
"""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CYRILLIC = re.compile(r"[а-яёА-ЯЁ]+")
QUOTED = re.compile(r"«[^«»]*»|“[^”]*”|\"[^\"]*\"|`[^`]*`|\([^()]*\)", re.DOTALL)
# Words that citations and names of papers are made of, and single letters.
CITED = re.compile(
    r"\b(?:п|пп|ст|ч|абз|подп|ред|прил|разд|гл)\.?(?=\s*\d)|\b(?:ФЗ|РФ|СНИЛС|ИНН|ОГРН|Приложени[ея]|КЦСОН|ЦПД|ИППСУ?|"
    r"ПМПК|МСЭ|ЖБУ|КДНиЗП|ФИО|[а-яёА-ЯЁ])\b"
)
LONGEST_FUNCTION, LONGEST_FILE = 60, 450
PRODUCT = ("app.py", "models", "reports", "services", "views")


def _committed() -> list[str]:
    """Paths that git knows and that are still there."""
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode:
        pytest.skip("это не рабочая копия git")
    return [name for name in asked.stdout.split("\0") if name and (ROOT / name).is_file()]


def _python() -> list[Path]:
    return [ROOT / name for name in _committed() if name.endswith(".py")]


def _product() -> list[Path]:
    return [path for path in _python() if path.relative_to(ROOT).parts[0] in PRODUCT]


def left_in_russian(text: str) -> list[str]:
    """Russian words that are neither quoted nor part of a citation."""
    while (shorter := QUOTED.sub("", text)) != text:  # A quotation may stand in another.
        text = shorter
    return CYRILLIC.findall(CITED.sub("", text))


def _spoken(source: str) -> Iterator[tuple[int, str]]:
    """Comments, docstrings and names, each with its line."""
    comments: dict[int, str] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            comments[token.start[0]] = token.string
        elif token.type == tokenize.NAME:
            yield token.start[0], token.string
    yield from comments.items()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and ast.get_docstring(node):
                yield first.lineno, str(first.value.value)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("# The «карточка» of a person", []),
        ("# Column 3 of Приложение 1 (п. 2.3), ст. 8 159-ФЗ", []),
        ("# «учится в «Колледже», 2 курс» is one wording", []),
        ("# СНИЛС without its dashes", []),
        ("# карточка of a person", ["карточка"]),
        ("# TODO: проверить дату", ["проверить", "дату"]),
    ],
)
def test_what_is_quoted_or_cited_is_no_russian_of_ours(text: str, left: list[str]) -> None:
    assert left_in_russian(text) == left


def test_names_comments_and_docstrings_are_english() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {' '.join(words)}"
        for path in _python()
        for line, text in _spoken(path.read_text(encoding="utf-8"))
        if (words := left_in_russian(text))
    ]
    assert found == []


def test_nothing_foreign_is_committed() -> None:
    vendored = re.compile(r"\.min\.(js|css)(\.gz)?$|\.(woff2?|ttf|otf|eot)$|(^|/)(vendor|node_modules|\.venv)/")
    assert [name for name in _committed() if vendored.search(name)] == []


def test_no_file_names_the_address_of_a_registry() -> None:
    """Which registry packages come from is the machine's affair."""
    lists = re.compile(
        r"(^|/)(requirements.*\.txt|package(-lock)?\.json|pyproject\.toml|uv\.lock|pip\.conf|uv\.toml|\.npmrc)$"
    )
    address = re.compile(r"index-url|find-links|\"resolved\"\s*:|registry\s*=|https?://\S*(pypi|npmjs|registry)", re.I)
    named = [name for name in _committed() if lists.search(name)]
    assert {"requirements.txt", "package-lock.json", "pyproject.toml"} <= set(named)
    assert [name for name in named if address.search((ROOT / name).read_text(encoding="utf-8"))] == []


def test_functions_are_of_a_screen_and_files_show_one_thing() -> None:
    found = []
    for path in _product():
        source = path.read_text(encoding="utf-8")
        if (count := source.count("\n")) > LONGEST_FILE:
            found.append(f"{path.relative_to(ROOT)}: {count} lines")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines")
    assert found == []


def test_a_stylesheet_or_a_script_loads_nothing_from_elsewhere() -> None:
    foreign = re.compile(r"(?:url\(|@import|from|import\()\s*[\"']?(?:https?:)?//")
    files = [name for name in _committed() if name.startswith("views/static/") and name.endswith((".js", ".css"))]
    assert files
    assert [name for name in files if foreign.search((ROOT / name).read_text(encoding="utf-8"))] == []
