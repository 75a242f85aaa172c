"""environment.yml, pyproject.toml, constraints.txt, course.py and the imports tell the same story."""

import ast
import importlib.metadata
import itertools
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
CONDA_NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}  # where conda-forge differs from PyPI
NEVER_IMPORTED = {"jupyterlab", "jupyterlab-rise"}  # programs
SYSTEMS = {"linux": ("Linux", "posix"), "darwin": ("Darwin", "posix"), "win32": ("Windows", "nt")}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
CONDA = yaml.safe_load(read("environment.yml"))
LOCK = [Requirement(line) for line in read("constraints.txt").splitlines() if not line.startswith("#")]


def ranges(requirements):
    """Requirement lines as a dictionary from package name to its range."""
    return {canonicalize_name(item.name): item.specifier for item in map(Requirement, requirements)}


LEARNER = ranges(PROJECT["dependencies"])
TEST = ranges(PROJECT["optional-dependencies"]["test"])
BENCH = ranges(PROJECT["optional-dependencies"]["bench"])


def conda_ranges():
    """environment.yml's packages under PyPI's names; conda's "=4.6" is pip's "==4.6.*"."""
    found = {}
    for line in CONDA["dependencies"]:
        if isinstance(line, str):
            name, sign, version = re.fullmatch(r"([\w.-]+)([=<>!]*)(.*)", line).groups()
            name = canonicalize_name(CONDA_NAMES.get(name, name))
            found[name] = SpecifierSet(f"=={version}.*" if sign == "=" else sign + version)
    return found


def pins(python, system):
    """The lock as it applies to one Python on one system: package name to version."""
    platform_system, os_name = SYSTEMS[system]
    place = {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": system}
    place = {**default_environment(), **place, "platform_system": platform_system, "os_name": os_name}
    applied = [item for item in LOCK if item.marker is None or item.marker.evaluate(place)]
    versions = {canonicalize_name(item.name): str(item.specifier).removeprefix("==") for item in applied}
    assert len(versions) == len(applied), "a package has two pins for the same place"
    return versions


def sources(folder):
    """The Python of a folder: every module, and the code cells of every notebook."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / folder).rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] == "code":
                    yield path, re.sub(r"(?m)^[%!].*", "", "".join(cell["source"]))


def imported_packages(*folders):
    """The packages on PyPI that the code of some folders imports: package name to one file that does."""
    owners, found = importlib.metadata.packages_distributions(), {}
    for path, source in itertools.chain.from_iterable(map(sources, folders)):
        folders = (ROOT, ROOT / "tools", ROOT / "tests", ROOT / "tests" / "browser", path.parent)
        local = {entry.stem for folder in folders for entry in folder.iterdir()}
        for name in imported_names(ast.parse(source)) - local - set(sys.stdlib_module_names):
            assert name in owners or name in BENCH, f"{path} imports {name}, which is not installed"
            found.update({canonicalize_name(owner): path for owner in owners.get(name, [name])})
    return found


def imported_names(tree):
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module.partition(".")[0])
    return names


def test_conda_names_the_same_packages_and_ranges():
    conda = conda_ranges()
    assert conda.pop("python") == SpecifierSet(PROJECT["requires-python"])
    conda.pop("pip")
    assert conda == LEARNER


def test_conda_installs_the_course_itself_from_this_folder():
    # pip's own options are no requirement lines: conda would stop at "--no-deps".
    assert [entry for entry in CONDA["dependencies"] if isinstance(entry, dict)] == [{"pip": ["-e ."]}]
    assert CONDA["name"] == PROJECT["name"]
    assert CONDA["channels"][0] == "conda-forge"


@pytest.mark.parametrize("python, system", list(itertools.product(PYTHONS, SYSTEMS)))
def test_lock_satisfies_pyproject_and_conda(python, system):
    locked = pins(python, system)
    for wanted in (LEARNER, TEST, {name: conda_ranges()[name] for name in LEARNER}):
        for name, specifier in wanted.items():
            assert name in locked, f"{name} is not in constraints.txt"
            assert locked[name] in specifier, f"constraints.txt pins {name} {locked[name]}, not in {specifier}"


def test_lock_is_plain_pins_without_addresses_or_hashes():
    assert not re.search(r"://|\+cpu|--hash|\s@\s", read("constraints.txt"))
    for item in LOCK:
        assert [part.operator for part in item.specifier] == ["=="], item


def test_python_ranges_agree():
    course, set_up = read("course.py"), read("tools/set_up.py")
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert f"OLDEST_PYTHON = ({oldest.replace('.', ', ')})" in course
    assert f"OLDEST_PYTHON = ({oldest.replace('.', ', ')})" in set_up
    assert PYTHONS[0] == oldest


def test_what_learners_import_is_declared():
    used = imported_packages("helpers", "lectures", "labs")
    undeclared = {name: str(path) for name, path in used.items() if name not in LEARNER}
    assert undeclared == {}


def test_what_only_tests_import_is_in_the_test_extra():
    learners = imported_packages("helpers", "lectures", "labs")
    used = {name: path for name, path in imported_packages("tests", "tools").items() if name not in learners}
    undeclared = {name: str(path) for name, path in used.items() if name not in TEST | BENCH}
    assert undeclared == {}
    assert {path.name for name, path in used.items() if name in BENCH} == {"bench_unet.py"}
    assert BENCH.keys() <= used.keys()


def test_learners_install_only_what_they_import():
    assert set(LEARNER) - set(imported_packages("helpers", "lectures", "labs")) == NEVER_IMPORTED
    assert set(LEARNER).isdisjoint(TEST | BENCH)
    assert set(TEST).isdisjoint(BENCH)


def test_citation_names_this_version_and_these_licences():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == PROJECT["version"]
    assert " AND ".join(citation["license"]) == PROJECT["license"]
    assert str(citation["date-released"]) == "2026-11-20"
    assert citation["authors"] == [{"name": "The course authors"}]


def test_licence_file_holds_both_licences():
    licence = read("LICENSE")
    assert "Redistribution and use in source and binary forms" in licence
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in licence
