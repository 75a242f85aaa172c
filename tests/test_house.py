"""The rules of the house: style, the direction of imports, sizes, and a README that is true."""
import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# A module imports only from groups to its left.
ORDER = [{"conv", "loss", "metrics", "tables"}, {"augment", "ct", "data", "filters", "ledger", "machine", "spreads"},
         {"models"}, {"train"}, {"explain"}, {"show"}, {"explore"}, {"check", "quiz"}]
MODULES = sorted(ROOT.glob("helpers/**/*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def name(path):
    return path.relative_to(ROOT).as_posix()


def top(path):
    """The module or sub-package of helpers that a file belongs to."""
    return path.relative_to(ROOT / "helpers").parts[0].removesuffix(".py")


def imported(path):
    """The modules of helpers that a file imports from outside its own sub-package."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module:
            parts = node.module.split(".")
            if parts[0] == "helpers":
                found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return found - {top(path)}


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent.name != "helpers" or path.stem != "__init__"],
                         ids=name)
def test_imports_run_in_one_direction(path):
    rank = {module: place for place, group in enumerate(ORDER) for module in group}
    for module in imported(path):
        assert rank[module] < rank[top(path)], f"{top(path)} must not import {module}"


def test_nothing_left_of_show_draws():
    for path in MODULES:
        if top(path) in set.union(*ORDER[:5]):
            source = path.read_text(encoding="utf-8")
            assert not re.search(r"^(from|import) (matplotlib|ipywidgets|anywidget)", source, re.MULTILINE), name(path)


def test_the_package_says_in_which_direction():
    from helpers import __doc__ as text

    said = [set(re.findall(r"\w+", group)) for group in text.split("::")[1].split("Start")[0].split("<-")]
    assert said == ORDER


def test_no_function_is_written_twice():
    """But for the networks: each is there to be read by itself."""
    places = {}
    for path in (path for path in (*MODULES, *ROOT.glob("tools/**/*.py")) if path.parent.name != "models"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[ast.get_docstring(node) is not None:]
                places.setdefault("\n".join(map(ast.unparse, body)), []).append(f"{name(path)}: {node.name}")
    twice = [found for body, found in places.items() if len(found) > 1 and len(body) > 30]
    assert not twice


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_and_functions_are_small_and_public_ones_documented(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 275
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "no module docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.end_lineno - node.lineno + 1 - len((ast.get_docstring(node) or "").splitlines())
            assert body <= 30, f"{node.name} has {body} lines"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node) or len(node.body) <= 3, f"{node.name} has no docstring"


def test_style():
    report = subprocess.run([sys.executable, "-m", "ruff", "check", "."], cwd=ROOT, capture_output=True, text=True,
                            check=False)
    assert report.returncode == 0, report.stdout


def test_readme_names_only_commands_there_are():
    import course

    commands = re.findall(r"python3 course\.py (\w+)", README)
    assert {"lab", "test"} <= set(commands) <= set(course.COMMANDS)


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_readme_links_lead_somewhere(target):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("alt, picture", re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", README))
def test_readme_pictures_have_alt_text_and_a_command_that_makes_them(alt, picture):
    assert len(alt.split()) > 10
    assert re.search(rf"`python3 course\.py \w+ [^`]*{re.escape(picture)}`", README)


def test_readme_counts_the_exercises_and_claims():
    from helpers import check, ledger

    for lab in check.LABS:
        assert f"[{len(lab.exercises)} exercises]" in README
    verdicts = Counter(entry.verdict for entry in ledger.claims().values())
    partly = verdicts["imprecise"] + verdicts["conditional"]
    sentence = r"(\d+) claims.+?(\d+) are true, (\d+) true only.+?(\d+) wrong, and (\d+) depend"
    said = re.search(sentence, README, re.DOTALL)
    assert [int(number) for number in said.groups()] == [
        verdicts.total(), verdicts["true"], partly, verdicts["false"], verdicts["needs-training"]]


def tracked_text_files():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in listed.stdout.splitlines() if not line.endswith((".png", ".ico", ".npz"))]


def test_nothing_names_a_private_path():
    private = re.compile(r"/(work|root|tmp)/\w")
    for path in tracked_text_files():
        if path != Path(__file__) and path.exists():
            found = private.search(path.read_text(encoding="utf-8"))
            assert not found, f"{name(path)} names {found}"
