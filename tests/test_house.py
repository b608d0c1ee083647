"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.metadata
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("qa", "web")
LOCKS = tuple(sorted(ROOT.glob("requirements*.lock")))
MODULES = tuple(sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")))
TRANSCRIPTS = tuple(sorted((ROOT / "corpus" / "transcripts").glob("*/transcript.yaml")))

DESIGNED = {
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "corpus",
    "pyproject.toml",
    "qa",
    "requirements-build.in",
    "requirements-build.lock",
    "requirements-dev.lock",
    "requirements.lock",
    "tests",
    "web",
}
NOT_IN_GIT = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "dist",
    "node_modules",
    "test-results",
    "var",
}

CODE_SIGNS = frozenset("()<>.;=_{}")
JUDGED_RUN = 10
"""Characters in a row that nothing in the product may share with a judged question."""

SINGLETONS = {"app", "application", "engine", "settings"}
FACTORIES = {"FastAPI", "Starlette", "Engine", "Settings", "create_app", "create_engine", "load_engine"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- the checkout and the distribution ---------------------------------------------------------------


def test_the_top_level_is_as_designed() -> None:
    assert {path.name for path in ROOT.iterdir()} - NOT_IN_GIT <= DESIGNED


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_name_belongs_to_our_distribution_alone(package: str) -> None:
    # An editable install may not be listed; nobody else may be, and the module must be ours.
    owners = set(importlib.metadata.packages_distributions().get(package, []))
    assert owners <= {"minsheng-qa"}
    module = importlib.import_module(package)
    assert [Path(folder) for folder in module.__path__] == [ROOT / package]


def test_the_wheel_holds_both_packages_and_the_seed_corpus(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == set(PACKAGES)
    seeds = {f"qa/{_name(path.parent)}/transcript.yaml" for path in TRANSCRIPTS}
    assert seeds <= set(names)


# --- the lock files ----------------------------------------------------------------------------------


def _requirements(lock: Path) -> Iterator[str]:
    """The requirements of a lock file, each with its continued lines."""
    for requirement in lock.read_text("utf-8").replace("\\\n", " ").splitlines():
        if requirement.strip() and not requirement.lstrip().startswith("#"):
            yield requirement


def _pins(lock: Path) -> dict[str, str]:
    """Name and marker -> version."""
    pins = {}
    for requirement in _requirements(lock):
        pinned = re.match(
            r"(?P<name>[\w.-]+)==(?P<version>[\w.!+-]+)\s*(?P<marker>;[^\\]*?)?\s*--hash", requirement
        )
        assert pinned, f"{lock.name}: not a pinned and hashed requirement: {requirement[:60]}"
        pins[f"{pinned['name']}{(pinned['marker'] or '').rstrip()}"] = pinned["version"]
    return pins


@pytest.mark.parametrize("lock", LOCKS, ids=_name)
def test_every_requirement_is_pinned_by_hash(lock: Path) -> None:
    assert _pins(lock)
    for requirement in _requirements(lock):
        words = requirement.split(" --")
        assert all(re.fullmatch(r"hash=sha256:[0-9a-f]{64}\s*", word) for word in words[1:]), requirement[:60]


@pytest.mark.parametrize("lock", [*LOCKS, *sorted((ROOT / "tests").glob("package-lock.json"))], ids=_name)
def test_a_lock_file_names_no_host(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "--index" not in text
    assert "--find-links" not in text
    assert not re.search(r'"resolved"|\w+://', re.sub(r'"(url|homepage)": "[^"]*"', "", text))


def test_the_tests_run_on_the_versions_that_serve() -> None:
    locks = {lock.name: _pins(lock) for lock in LOCKS}
    assert locks["requirements.lock"].items() <= locks["requirements-dev.lock"].items()


# --- the code ----------------------------------------------------------------------------------------


def _tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"), filename=_name(module))


def _at_import(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements that run when a module is imported, class bodies included."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        statement = waiting.pop()
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [child for child in ast.walk(statement) if isinstance(child, ast.stmt)][1:]


def _called(value: ast.expr | None) -> str:
    """What a value calls: ``Engine`` of ``qa.engine.Engine(…)``; empty when it is no call."""
    if not isinstance(value, ast.Call):
        return ""
    return ast.unparse(value.func).rpartition(".")[2]


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_no_module_holds_an_app_an_engine_or_settings(module: Path) -> None:
    for statement in _at_import(_tree(module)):
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        where = f"{_name(module)}:{statement.lineno}"
        called = _called(statement.value)
        assert called not in FACTORIES, where
        is_value = statement.value is not None and called != "Typer"
        in_class = statement.col_offset > 0  # an annotated field of a record is no singleton
        assert in_class or not is_value or not names & SINGLETONS, where


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_no_handler_catches_everything(module: Path) -> None:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{_name(module)}:{node.lineno}"
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {ast.unparse(kind).rpartition(".")[2] for kind in caught}
            assert not names & {"Exception", "BaseException"}, f"{_name(module)}:{node.lineno}"


# --- the data ----------------------------------------------------------------------------------------


def test_the_two_founding_briefings_are_there() -> None:
    ids = [path.parent.name for path in TRANSCRIPTS]
    assert [year for year in ("2021", "2024") if any(year in name for name in ids)] == ["2021", "2024"]


@pytest.mark.parametrize("described", TRANSCRIPTS, ids=lambda path: path.parent.name)
def test_a_source_file_is_the_one_its_description_names(described: Path) -> None:
    source = yaml.safe_load(described.read_text("utf-8"))["source"]
    found = hashlib.sha256((described.parent / source["name"]).read_bytes()).hexdigest()
    assert found == source["sha256"]


def _runs(text: str) -> set[str]:
    """Every run of ``JUDGED_RUN`` characters, regardless of white space and capitals.

    Latin letters with the signs of code among them are nobody's words: an attack holds a line of JavaScript.
    """
    squashed = "".join(text.casefold().split())
    runs = {squashed[i : i + JUDGED_RUN] for i in range(len(squashed) - JUDGED_RUN + 1)}
    return {run for run in runs if not (run.isascii() and CODE_SIGNS.intersection(run))}


def _product_texts() -> Iterator[Path]:
    for folder in (*PACKAGES, "corpus/lexicon", "corpus/faq"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


@pytest.mark.data
def test_nothing_in_the_product_repeats_a_judged_question(data: Path) -> None:
    lines = (data / "questions" / "dev.jsonl").read_text("utf-8").splitlines()
    judged = {
        run: question["id"] for question in map(json.loads, lines) for run in _runs(question["question"])
    }
    assert judged
    found = []
    for path in _product_texts():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a font, a sheet
        found += [f"{_name(path)}: “{run}” of {judged[run]}" for run in sorted(_runs(text) & judged.keys())]
    assert not found, "\n".join(found)
