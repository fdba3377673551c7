"""Rules of the whole project that no single module can hold: imports, names, pins, and what the documents say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "traycoach"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
PINS = ("run.txt", "dev.txt", "build.txt")
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>\S+?)( ; .+)? \\$")


def _pins(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return {match["name"]: match["version"] for line in lines if (match := PIN.match(line))}


# --- imports ----------------------------------------------------------------------------------------------------------


def test_imports_go_one_way() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    said = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("module", "costly"),
    [
        ("traycoach", {"PIL", "PySide6", "apscheduler", "asyncio", "jeepney", "pynput", "pystray", "sqlite3", "Xlib"}),
        ("traycoach.__main__", {"PIL", "PySide6", "apscheduler", "asyncio", "jeepney", "pynput", "pystray", "sqlite3"}),
        ("traycoach.core.coach", {"PIL", "PySide6", "apscheduler", "asyncio", "sqlite3", "tomlkit"}),
    ],
)
def test_import_is_light(module: str, costly: set[str]) -> None:
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not costly & {name.partition(".")[0] for name in said.stdout.split()}


# --- names and sizes --------------------------------------------------------------------------------------------------


def test_modules_are_nouns_of_the_product_or_the_mechanism() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "services"}
    assert [str(path) for path in MODULES if empty_words & set(path.stem.split("_"))] == []


def test_modules_say_what_they_are() -> None:
    texts = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
    assert [str(path) for path, tree in texts.items() if tree.body and not ast.get_docstring(tree)] == []


def test_modules_are_small() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > 400} == {}, "these want to be two modules each"


# --- pins -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PINS)
def test_pinned_file_holds_versions_and_hashes_and_no_address(name: str) -> None:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    hashed: dict[str, int] = {}
    current = ""
    for line in lines:
        if match := PIN.match(line):
            current = match["name"]
            hashed[current] = 0
        elif re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line):
            hashed[current] += 1
        else:
            assert not line or line.lstrip().startswith("#"), f"neither pin nor hash: {line}"
            assert "/" not in line.replace("requirements/", ""), f"an address or a path: {line}"
    assert hashed
    assert all(hashed.values()), [name for name, count in hashed.items() if not count]


def test_pinned_files_agree_and_hold_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run, dev = _pins("run.txt"), _pins("dev.txt")

    def names(requirements: list[str]) -> set[str]:
        found = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
        return {match[0].lower() for match in found if match}

    assert names(project["dependencies"]) <= run.keys()
    assert names(project["optional-dependencies"]["dev"]) <= dev.keys()
    assert run.items() <= dev.items()
    shared = dev.keys() & _pins("build.txt").keys()
    assert {name: dev[name] for name in shared} == {name: _pins("build.txt")[name] for name in shared}


# --- what the files say -----------------------------------------------------------------------------------------------


def test_continuous_integration_runs_what_a_customer_runs() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if not line.startswith("#")]
    assert commands == ["exec make test"]


def test_readme_names_only_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert {"run", "test"} <= named <= targets


def test_links_between_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.relative_to(ROOT)}: {target}"


def test_decisions_are_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for decision in folder.glob("[0-9]*.md"):
        assert f"]({decision.name})" in index, f"{decision.name} is not in docs/decisions/README.md"


def test_no_file_knows_where_the_checkout_lies() -> None:
    here = f"{ROOT}/"
    kinds = {".py", ".toml", ".md", ".txt", ".yaml", ""}
    folders = ("traycoach", "config", "docs", "tests", "scripts", "bench", "requirements", ".ci")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in [*files, ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / "README.md"]:
        if path.suffix in kinds and "__pycache__" not in path.parts:
            assert here not in path.read_text(encoding="utf-8"), path
