"""course.py and tools/set_up.py: the paths of both systems, one sentence for each failure, and interruptions.

Whole commands run in a small copy of the course. Its .venv holds a stand-in for Python that writes down what it is
asked to do, so nothing is installed; one test makes a real .venv and asks a package index that is not there.
"""

import ast
import errno
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "HTTP_PROXY", "http_proxy")
NOWHERE = "http://127.0.0.1:9/"  # no program listens there
POSIX = pytest.mark.skipif(os.name == "nt", reason="the stand-in for Python is a shell script")
STAND_IN = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
    *dry-run*) exit 0 ;;
    *"-m pip install"*) echo "Collecting torch"; [ -z "$PIP_SAYS" ] || { echo "$PIP_SAYS"; exit 1; }
        exec sleep "$PIP_SECONDS" ;;
    *"-m pytest"*) echo "tests run"; exit 5 ;;
    *jupyterlab*) pwd ;;
esac
"""


def load(path):
    """A module of its own from a file, so that a test can change it and no other test notices."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def course():
    return load(ROOT / "course.py")


@pytest.fixture
def copy(tmp_path):
    """A bare copy of the course, in a folder whose name has a space."""
    folder = tmp_path / "my course"
    (folder / "tools").mkdir(parents=True)
    for name in ("course.py", "tools/set_up.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def stand_in(copy):
    """The copy with a .venv that is made, but holds no packages: one call of pip away from complete."""
    python = copy / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(STAND_IN)
    python.chmod(0o755)
    (copy / ".venv" / "pyvenv.cfg").write_text("version = 3.11\n")
    return copy


def offline(folder, **settings):
    """The environment of a command that reaches no index, whatever pip is configured to do on this machine."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    kept |= {"PIP_INDEX_URL": NOWHERE, "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "1", "NO_PROXY": "127.0.0.1"}
    kept |= {"HTTPS_PROXY": NOWHERE, "https_proxy": NOWHERE, "PYTHONWARNINGS": "default"}
    return kept | {"CALLS": str(folder / "calls.txt"), "PIP_SECONDS": "0", "PIP_SAYS": ""} | settings


def start(folder, *arguments, **settings):
    command = [sys.executable, str(folder / "course.py"), *arguments]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, "text": True}
    return subprocess.Popen(command, env=offline(folder, **settings), start_new_session=True, **streams)


def run(folder, *arguments, **settings):
    with start(folder, *arguments, **settings) as process:
        out, error = process.communicate(timeout=120)
    return SimpleNamespace(code=process.returncode, out=out, error=error)


def calls(folder, what):
    """How often the stand-in for Python was asked for something."""
    log = folder / "calls.txt"
    return [what in line for line in log.read_text().splitlines()].count(True) if log.exists() else 0


def assert_one_sentence(result, *parts, code=1):
    assert result.code == code
    assert result.error.count("\n") == 1 and "Traceback" not in result.error
    for part in parts:
        assert part in result.error


# ---- command line


def test_help_lists_every_command(copy, course):
    for arguments in ([], ["--help"]):
        result = run(copy, *arguments)
        assert result.code == 0 and result.error == ""
        assert all(f"  {name} " in result.out for name in course.COMMANDS)
    assert not (copy / ".venv").exists()


def test_unknown_command(copy):
    assert_one_sentence(run(copy, "lba"), '"lba"', "lab, test, refresh, labs, bench, lint", code=2)
    assert not (copy / ".venv").exists()


def test_old_python_gets_a_sentence_instead_of_a_syntax_error(course, capsys):
    ast.parse((ROOT / "course.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    with pytest.raises(SystemExit) as end:
        course.check_python((3, 10, 13, "final", 0))
    assert end.value.code == 1
    assert "needs Python 3.11 or later, and this is Python 3.10" in capsys.readouterr().err
    course.check_python((3, 11, 0, "final", 0))


def test_port_in_use_is_told_before_any_set_up(copy):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert_one_sentence(run(copy, "lab", f"--port={port}"), f"Port {port} is in use")
        assert_one_sentence(run(copy, "lab", "--no-browser", "--port", port), f"Port {port} is in use")
    assert not (copy / ".venv").exists()


@pytest.mark.parametrize(
    "arguments, port",
    [([], None), (["--port=9999"], 9999), (["--port", "0"], 0), (["-y", "--ServerApp.port=80"], 80)],
)
def test_named_port(course, arguments, port):
    assert course.named_port(arguments) == port


@pytest.mark.parametrize("arguments", [["--port"], ["--port="], ["--port=lab"], ["--port=65536"], ["--port=-1"]])
def test_port_that_is_no_port(course, arguments, capsys):
    with pytest.raises(SystemExit):
        course.named_port(arguments)
    assert "0 to 65535" in capsys.readouterr().err


def test_lab_opens_lecture_1_on_this_computer_only(course):
    ours = course.lab_arguments(["--no-browser"], is_root=False)
    assert ours == [f"--LabApp.default_url=/lab/tree/{course.START}", "--ServerApp.ip=127.0.0.1", "--no-browser"]
    assert not any("token" in argument or "password" in argument for argument in ours)
    assert "--allow-root" in course.lab_arguments([], is_root=True)
    assert "--ServerApp.port_retries=0" in course.lab_arguments(["--port=9999"], is_root=False)
    assert course.lab_arguments(["--ip=0.0.0.0"], is_root=False)[1:] == ["--ip=0.0.0.0"]


def test_what_the_commands_open_exists(course):
    scripts = [words[0] for words in course.COMMANDS.values() if words[0] != "-m"]
    assert len(scripts) == 9
    assert [name for name in [course.START, *scripts] if not (ROOT / name).is_file()] == []


def test_on_windows_the_command_outlives_ctrl_c_and_passes_its_code(course, monkeypatch):
    answers = iter([KeyboardInterrupt, 7])

    def wait():
        answer = next(answers)
        if answer is KeyboardInterrupt:
            raise answer
        return answer

    monkeypatch.setattr(course, "os", SimpleNamespace(name="nt", chdir=str))
    monkeypatch.setattr(course.subprocess, "Popen", lambda command, env: SimpleNamespace(wait=wait))
    assert course.hand_over(["python.exe"], {}) == 7


# ---- small decisions


def test_python_of_the_environment_on_both_systems(copy):
    set_up = load(copy / "tools" / "set_up.py")
    windows = set_up.venv_python("C:\\Users\\Ada L\\course", "nt")
    assert windows == PureWindowsPath("C:/Users/Ada L/course/.venv/Scripts/python.exe")
    assert set_up.venv_python("/home/ada l/course", "posix") == PurePosixPath("/home/ada l/course/.venv/bin/python")


def unasked():
    raise AssertionError("asked although the answer was known")


@pytest.mark.parametrize(
    "system, wheel_known, has_gpu, index_answers, cpu",
    [
        ("Linux", lambda: False, lambda: False, lambda: True, True),
        ("Linux", lambda: False, lambda: False, lambda: False, False),
        ("Linux", lambda: False, lambda: True, unasked, False),
        ("Linux", lambda: True, unasked, unasked, False),
        ("Darwin", unasked, unasked, unasked, False),
        ("Windows", unasked, unasked, unasked, False),
    ],
)
def test_cpu_torch(copy, system, wheel_known, has_gpu, index_answers, cpu):
    set_up = load(copy / "tools" / "set_up.py")
    options = set_up.torch_options(system, wheel_known, has_gpu, index_answers)
    assert options == (["--extra-index-url", "https://download.pytorch.org/whl/cpu"] if cpu else [])


def test_child_sees_nothing_that_would_mislead_it(copy):
    set_up = load(copy / "tools" / "set_up.py")
    mine = {"PATH": "/bin", "PYTHONPATH": "/x", "PYTHONHOME": "/x", "PIP_TARGET": "/x", "PIP_USER": "1", "HOME": "/h"}
    child = set_up.child_environment(mine)
    assert {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET"}.isdisjoint(child)
    assert child["PATH"] == str(Path(set_up.PYTHON).parent) + os.pathsep + "/bin"
    assert (child["PIP_USER"], child["HOME"], child["VIRTUAL_ENV"]) == ("0", "/h", str(copy / ".venv"))
    assert mine["PYTHONPATH"] == "/x"


@pytest.mark.parametrize(
    "log, line",
    [
        ("", "still at work"),
        ("Collecting torch==2.13.* (from course)\n  noise", "looking for torch==2.13.*"),
        ("  Downloading numpy-2.4.6-cp311.whl (17.1 MB)\n", "downloading numpy (17.1 MB)"),
        ("  Installing build dependencies: started", "fetching tools to build this package"),
        ("Requirement already satisfied: torch==2.13.0 in ./lib", "checking what is there already"),
        ("Installing collected packages: a, b, c", "unpacking packages: 2 of 3"),
        ("WARNING: Retrying (Retry(total=4", "no answer from the package index; trying again"),
    ],
)
def test_progress(copy, log, line):
    assert load(copy / "tools" / "set_up.py").progress(log, unpacked=2) == line


@pytest.mark.parametrize(
    "log, sentence",
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("OSError: [Errno 122] Disk quota exceeded", "disk is full"),
        ("OSError: [WinError 112] There is not enough space on the disk", "disk is full"),
        ("WARNING: Retrying (Retry(total=0\nERROR: No matching distribution found for torch", "connect this computer"),
        ("The virtual environment was not created, because ensurepip is not available", "python3-venv"),
        ("ERROR: No matching distribution found for torch==2.13.*", "pip finds no torch==2.13.* for Python 3"),
        ("fine\nERROR: something new\nnoise", "ERROR: something new"),
    ],
)
def test_explanation_of_a_failed_step(copy, log, sentence):
    answer = load(copy / "tools" / "set_up.py").explain(log)
    assert sentence in answer and "\n" not in answer


# ---- failures of a set-up


@pytest.fixture
def set_up(copy):
    return load(copy / "tools" / "set_up.py")


def sentence_of(course, set_up, capsys):
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as end:
        course.bring_up_to_date(set_up)
    signal.signal(signal.SIGTERM, before)
    return SimpleNamespace(code=end.value.code, error=capsys.readouterr().err)


def test_full_disk_is_told_before_anything_is_installed(course, set_up, monkeypatch, capsys):
    monkeypatch.setattr(set_up.shutil, "disk_usage", lambda folder: SimpleNamespace(free=10**9))
    monkeypatch.setattr(set_up, "run_logged", unasked)
    assert_one_sentence(sentence_of(course, set_up, capsys), "disk is full", "4 GB")


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_missing_venv_module(course, set_up, monkeypatch, capsys, module):
    monkeypatch.setattr(set_up.importlib.util, "find_spec", lambda name: None if name == module else "there")
    assert_one_sentence(sentence_of(course, set_up, capsys), "apt install python3-venv")


@pytest.mark.parametrize(
    "number, part",
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "folder of your own"), (errno.EACCES, "folder of your own")],
)
def test_disk_that_takes_no_files(course, set_up, monkeypatch, capsys, number, part):
    def refuse(*arguments, **options):
        raise OSError(number, os.strerror(number), "my course/.venv")

    monkeypatch.setattr(set_up.Path, "mkdir", refuse)
    assert_one_sentence(sentence_of(course, set_up, capsys), part)


def test_no_network_on_the_first_run_after_a_half_made_environment(copy):
    half_made = copy / ".venv" / "lib"
    half_made.mkdir(parents=True)
    (half_made / "left over").touch()
    result = run(copy, "test")
    assert_one_sentence(result, "connect this computer to the network")
    assert "making .venv" in result.out and "installing packages" in result.out
    assert not (half_made / "left over").exists()
    assert not (copy / ".venv" / "course.stamp").exists()


@POSIX
def test_disk_that_fills_up_during_the_installation(stand_in):
    result = run(stand_in, "test", PIP_SAYS="ERROR: [Errno 28] No space left on device")
    assert_one_sentence(result, "disk is full")
    assert not (stand_in / ".venv" / "course.stamp").exists()


# ---- interruptions and second starts


def wait_for(condition):
    patience = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < patience, "nothing happened for 30 s"
        time.sleep(0.02)


@POSIX
@pytest.mark.parametrize("kind", ["Ctrl-C in the terminal", "told to end"])
def test_interrupted_set_up_goes_on_at_the_next_run(stand_in, kind):
    packages = stand_in / ".venv" / "lib" / "python3.11" / "site-packages"
    (packages / "half-1.0.dist-info").mkdir(parents=True)
    (packages / "whole-1.0.dist-info").mkdir()
    (packages / "whole-1.0.dist-info" / "RECORD").touch()
    with start(stand_in, "test", PIP_SECONDS="60") as process:
        wait_for(lambda: calls(stand_in, "pip install --no-compile"))
        if kind == "told to end":
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=30)
    assert_one_sentence(SimpleNamespace(code=process.returncode, error=error), "Run the same command again", code=130)
    assert not (stand_in / ".venv" / "course.stamp").exists()

    assert "tests run" in run(stand_in, "test").out
    assert calls(stand_in, "pip install --no-compile") == 2
    assert [path.name for path in packages.iterdir()] == ["whole-1.0.dist-info"]


@POSIX
def test_second_start_asks_nothing_of_pip_until_the_requirements_change(stand_in):
    first, second = run(stand_in, "test", "-k", "shapes"), run(stand_in, "test", "-x")
    assert first.code == second.code == 5, "the exit code of the tests is ours"
    assert first.out.splitlines()[-1] == second.out.strip() == "tests run"
    assert calls(stand_in, "-m pytest -k shapes") == calls(stand_in, "-m pytest -x") == 1
    assert calls(stand_in, "pip install --no-compile") == 1

    with (stand_in / "constraints.txt").open("a") as lock:
        lock.write("wheel==1.0\n")
    assert run(stand_in, "test", PIP_SAYS="ERROR: half of it").code == 1
    (stand_in / "constraints.txt").write_text((ROOT / "constraints.txt").read_text())
    run(stand_in, "test")
    assert calls(stand_in, "pip install --no-compile") == 3, "after a failed change nothing is trusted"


@POSIX
def test_environment_of_a_folder_that_was_moved_is_not_trusted(stand_in):
    run(stand_in, "test")
    moved = stand_in.rename(stand_in.with_name("moved"))
    run(moved, "test")
    assert calls(moved, "pip install --no-compile") == 2


@POSIX
def test_lab_is_started_in_the_folder_of_the_course(stand_in, course):
    result = run(stand_in, "lab", "--no-browser")
    assert result.code == 0
    assert result.out.splitlines()[-1] == str(stand_in)
    assert calls(stand_in, f"-m jupyterlab --LabApp.default_url=/lab/tree/{course.START}") == 1


@POSIX
def test_two_set_ups_at_once_install_once(stand_in):
    with start(stand_in, "test", PIP_SECONDS="2") as first:
        wait_for(lambda: calls(stand_in, "pip install --no-compile"))
        second = run(stand_in, "test")
        first.communicate(timeout=30)
    assert "waiting for it" in second.out
    assert first.returncode == second.code == 5
    assert calls(stand_in, "pip install --no-compile") == 1
