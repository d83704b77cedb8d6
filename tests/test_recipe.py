"""The recipe «a register in 20 lines» works: it is followed in a copy of the project, and its tests are run there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

import app as application

ROOT = Path(application.__file__).parent
RECIPE = ROOT / "docs" / "adding-a-register.md"


def recipe() -> Iterator[tuple[str, str, str]]:
    """(kind, path, text) of the blocks: whole files named by the heading above them, and additions to files."""
    heading = ""
    for token in MarkdownIt("commonmark").parse(RECIPE.read_text(encoding="utf-8")):
        if token.type == "inline":
            heading = token.content
        if token.type == "fence" and token.info.startswith("python"):
            yield "file", re.search(r"`([\w/]+\.py)`", heading)[1], token.content  # type: ignore[index]
        if token.type == "fence" and token.info.startswith("diff"):
            yield "addition", token.info.split()[1], token.content


def apply_recipe(folder: Path) -> list[str]:
    """Follow the recipe in a copy of the project; the new files."""
    written = []
    for kind, path, text in recipe():
        target = folder / path
        if kind == "file":
            target.write_text(text, encoding="utf-8")
            written.append(path)
            continue
        after, *added = text.splitlines()
        lines = target.read_text(encoding="utf-8").splitlines()
        assert lines.count(after[1:]) == 1, f"{path}: «{after[1:]}»"
        assert all(line.startswith("+") for line in added)
        place = lines.index(after[1:]) + 1
        lines[place:place] = [line[1:] for line in added]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return written


def copy_project(folder: Path) -> None:
    for name in ("models", "services", "reports", "views", "migrations", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)


# The commands of the recipe in one process.
MIGRATE = """
from flask_migrate import check, migrate, upgrade
from app import create_app

with create_app().app_context():
    upgrade()
    migrate(rev_id="0099", message="Add vacancies")
    upgrade()
    check()
"""


def run(folder: Path, *command: str) -> str:
    environ = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'recipe.sqlite'}", "PYTHONPATH": str(folder)}
    environ = {name: value for name, value in environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_the_recipe_of_a_register_works(tmp_path: Path) -> None:
    copy_project(tmp_path)
    written = apply_recipe(tmp_path)
    (tmp_path / "migrate.py").write_text(MIGRATE, encoding="utf-8")
    run(tmp_path, "migrate")
    run(tmp_path, "ruff", "check", "--no-cache", *written)
    run(tmp_path, "ruff", "format", "--check", "--no-cache", *written)
    tests = ("tests/views/test_vacancies.py", "tests/models/test_constraints.py")
    passed = run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", "-k", "sqlite and vacanc", *tests)
    assert re.search(r"\b[4-9] passed", passed)
