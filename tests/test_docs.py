"""The documents say what is true: settings, commands, names, links, chapters; code and comments are English."""

import ast
import io
import os
import re
import tokenize
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient
from markdown_it import MarkdownIt
from markdown_it.token import Token

import app as application
import models
import reports.base
import reports.figures
from models import Model
from models.base import LabelledEnum
from models.deadlines import State
from models.rule_terms import RuleTerms
from models.users import Role
from services import profiles
from services.deadlines import facts
from services.deadlines.today import Block
from services.exchange import kinds
from services.regulations import coverage, pack
from tests.factories import Cast
from tests.signing import sign_in
from views import serving
from views.settings import number

ROOT = Path(application.__file__).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GLOSSARY = ROOT / "docs" / "glossary.md"
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
CHAPTERS = sorted(ROOT.glob("docs/guide/*.md"))
VALUES = (profiles, facts, coverage, pack, kinds)  # Services whose value objects have a name of their own.
# Names of configuration that differ from their names in the environment.
ENVIRONMENT = {"SQLALCHEMY_DATABASE_URI": "DATABASE_URL"}
# Flask's own commands, and what Flask-Migrate has beside the two that are ours to promise.
FOREIGN = {"run", "shell", "routes", "db"}
PROMISED = {"db upgrade", "db check"}


def named_in_code(text: str) -> set[str]:
    """Everything that stands between backticks."""
    return {found.strip() for found in re.findall(r"`([^`\n]+)`", text)}


def tokens_of(path: Path) -> list[Token]:
    return MarkdownIt("commonmark", {"html": False}).enable("table").parse(path.read_text(encoding="utf-8"))


# -- Settings --------------------------------------------------------------------------------------------------------


def test_every_setting_is_in_the_readme() -> None:
    settings = application.default_settings(Path("instance"))
    missing = {ENVIRONMENT.get(name, name) for name in settings} - named_in_code(README)
    assert not missing


class Remembering(dict[str, str]):
    """An environment that notes what it is asked for."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def test_every_variable_of_the_environment_is_a_row_of_the_table_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    environ = Remembering()
    monkeypatch.setattr(os, "environ", environ)
    application.default_settings(Path("instance"))
    assert number("PORT", 5000) == 5000
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    served = set(re.findall(r'number\("([A-Z_]+)"', Path(serving.__file__).read_text(encoding="utf-8")))
    assert rows == environ.asked | served


def test_the_defaults_in_the_readme_are_the_defaults_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE):
        monkeypatch.delenv(name, raising=False)
    settings = application.default_settings(Path("instance"))
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", README, re.MULTILINE))
    for name in ("MAX_UPLOAD_MB", "LOG_LEVEL", "BEHIND_PROXY", "TZ"):
        assert told[name] == str(settings[name])


# -- Commands --------------------------------------------------------------------------------------------------------


def commands_of(group: click.Group, prefix: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}"


def ours(app: Flask) -> set[str]:
    every = set(commands_of(app.cli))
    return {name for name in every if name.split()[0] not in FOREIGN} | (PROMISED & every)


def documented() -> set[str]:
    """`users lock LOGIN` documents the command «users lock»: the words before the first argument."""
    section = README.partition("## Commands")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.+?`(?:, `.+?`)*) \|", section, re.MULTILINE)
    found = {name for cell in cells for name in named_in_code(cell)}
    return {re.match(r"[a-z]+(?: [a-z]+)*", name)[0] for name in found}  # type: ignore[index]


def test_every_command_is_in_the_readme_and_every_command_of_the_readme_exists(app: Flask) -> None:
    assert documented() == ours(app)


def test_every_option_that_the_readme_names_exists(app: Flask) -> None:
    def options_of(command: click.Command) -> set[str]:
        own = {option for parameter in command.params for option in parameter.opts}
        children = command.commands.values() if isinstance(command, click.Group) else ()
        return own.union(*(options_of(child) for child in children))

    section = README.partition("## Commands")[2].partition("\n## ")[0]
    named = set(re.findall(r"--[a-z][a-z-]+", section)) - {"--app"}
    assert named
    assert named <= options_of(app.cli)


def test_the_roles_of_the_readme_are_the_roles_of_the_code() -> None:
    assert {role.value for role in Role} <= named_in_code(README)


# -- Names -----------------------------------------------------------------------------------------------------------


def glossary_rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if "|" in line]
    return [[cell.strip() for cell in row] for row in rows if not row[0].startswith(("---", "Russian"))]


def names_of_code() -> set[str]:
    """Classes, constants and fields of the models, the codes of their enums, and values of some services."""
    found = set(vars(reports.base) | vars(reports.figures)).union(*(vars(module) for module in VALUES))
    for module in vars(models).values():
        if getattr(module, "__name__", "").startswith("models."):
            found |= {name for name in vars(module) if not name.startswith("_")}
    for mapper in Model.registry.mappers:
        owner = mapper.class_.__name__
        found |= {f"{owner}.{attribute.key}" for attribute in mapper.attrs}
    found |= {f"RuleTerms.{column.name}" for column in fields(RuleTerms)}
    found |= {f"{name}.{member.name}" for name in found for member in _members(name)}
    return found


def _members(name: str) -> list[Any]:
    for module in vars(models).values():
        enum = getattr(module, name, None) if hasattr(module, "__name__") else None
        if isinstance(enum, type) and hasattr(enum, "__members__"):
            return list(enum.__members__.values())
    return []


def test_every_name_of_the_glossary_exists_or_is_marked_later() -> None:
    known = names_of_code()
    wrong = []
    for row in glossary_rows():
        is_later = row[2].startswith("later")
        for name in named_in_code(row[1]):
            if (name in known) == is_later:
                wrong.append(f"{name}: {'exists already' if is_later else 'does not exist'}")
    assert not wrong


def test_every_table_and_classifier_is_in_the_glossary() -> None:
    told = {name for row in glossary_rows() for name in named_in_code(row[1])}
    assert {mapper.class_.__name__ for mapper in Model.registry.mappers} <= told


def test_no_term_of_the_glossary_stands_twice() -> None:
    terms = [row[0] for row in glossary_rows()]
    assert len(terms) == len(set(terms))


# -- Citations ---------------------------------------------------------------------------------------------------------


# Files that the recipe of a register adds.
MADE_BY_RECIPE = {"models/vacancies.py", "views/vacancies.py", "tests/views/test_vacancies.py"}
PLACE = re.compile(r"`((?:models|services|reports|views|tests|regulations|docs)/[\w/.-]+\.\w+)(?:: (\w+))?`")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_and_name_that_a_document_cites_is_there(path: Path) -> None:
    wrong = []
    for file, name in PLACE.findall(path.read_text(encoding="utf-8")):
        if file in MADE_BY_RECIPE:
            continue
        cited = ROOT / file
        if not cited.exists() or (name and not re.search(rf"\b{name}\b", cited.read_text(encoding="utf-8"))):
            wrong.append(f"{file}: {name}" if name else file)
    assert not wrong


@pytest.mark.parametrize(("section", "words"), [("Мой день", Block), ("Состояния", State)])
def test_every_state_and_every_list_of_the_start_page_is_explained(section: str, words: type[LabelledEnum]) -> None:
    chapter = (ROOT / "docs" / "guide" / "54-deadlines.md").read_text(encoding="utf-8")
    told = chapter.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    explained = {label for row in re.findall(r"^\| ([^|]+) \|", told, re.MULTILINE) for label in row.split(", ")}
    assert {word.label for word in words} <= explained


# -- Links and chapters ----------------------------------------------------------------------------------------------


def links_of(path: Path) -> Iterator[str]:
    for token in tokens_of(path):
        for inner in token.children or ():
            target = inner.attrs.get("href") or inner.attrs.get("src")
            if target:
                yield str(target)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_between_documents_resolves(path: Path) -> None:
    local = [link for link in links_of(path) if not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not (path.parent / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_document_has_one_title_and_it_is_its_first_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert [token.tag for token in tokens_of(path) if token.type == "heading_open"].count("h1") == 1


def test_every_decision_has_its_three_parts() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert numbers == [f"{place:04}" for place in range(1, len(decisions) + 1)]
    for path in decisions:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], path.name


def test_every_role_has_a_chapter_of_its_own() -> None:
    names = [path.stem for path in CHAPTERS]
    assert all(any(name.endswith(role.value) for name in names) for role in Role)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_plain_enough_for_the_panel(path: Path) -> None:
    """No HTML (it would be shown as text), no links (the panel has other addresses), no second title."""
    kinds = {inner.type for token in tokens_of(path) for inner in [token, *(token.children or ())]}
    assert not kinds & {"html_block", "html_inline", "link_open", "image"}
    assert "!" not in path.read_text(encoding="utf-8")


def test_every_chapter_opens_in_the_panel(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.anna)
    listed = client.get("/help/").text
    for path in CHAPTERS:
        title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        page = client.get(f"/help/{path.stem}")
        assert page.status_code == 200
        assert f"<h1>{title}</h1>" in re.sub(r"<h1[^>]*>\s*", "<h1>", page.text).replace("\n", "")
        assert "<h2>" in page.text
        assert "| ---" not in page.text
        assert f'href="/help/{path.stem}"' in listed


@pytest.mark.parametrize(("name", "role"), [("anna", "clerk"), ("boris", "officer"), ("root", "administrator")])
def test_the_chapter_of_the_own_role_is_offered_first(client: FlaskClient, cast: Cast, name: str, role: str) -> None:
    sign_in(client, getattr(cast, name))
    offered = re.findall(r'href="/help/([\w-]+)"', client.get("/help/").text)
    assert offered[0].endswith(role)


# -- Language --------------------------------------------------------------------------------------------------------

# What has no English name: papers, numbers of persons and organisations.
PROPER = {"СНИЛС", "ПМПК", "ИНН", "ОГРН", "ОГРНИП", "ОМС", "КЦСОН", "ФЗ", "Приложение", "Приложения"}
EXAMPLES = re.compile(r"`[^`]*`|«[^«»]*»|\([^()]*\)|\d+ [а-я]+")
SOURCES = sorted(
    path for name in ("models", "services", "reports", "views", "tests") for path in (ROOT / name).rglob("*.py")
)


def russian_words(text: str) -> list[str]:
    """Words that are neither quoted, nor in brackets, nor counted as an example, nor proper names."""
    previous = ""
    while previous != text:
        previous, text = text, EXAMPLES.sub(" ", text)
    return [word for word in re.findall(r"[А-Яа-яЁё]{2,}", text) if word not in PROPER]


def english_texts(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of the identifiers, comments and docstrings of a file."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.COMMENT, tokenize.NAME):
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""


def test_comments_and_names_are_english() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in [ROOT / "app.py", *SOURCES]
        for line, text in english_texts(path.read_text(encoding="utf-8"))
        if (words := russian_words(text))
    ]
    assert not found


def test_a_russian_comment_would_be_noticed() -> None:
    source = 'def f():\n    """Считает дни."""\n    return 1  # Ответ «да» (п. 4)\n'
    assert [words for _, text in english_texts(source) if (words := russian_words(text))] == [
        ["Ответ"],
        ["Считает", "дни"],
    ]
