"""Makes .venv and installs the pinned packages into it, for course.py. Standard library only.

A set-up may end at any point and is taken up by the next one: .venv counts as complete only once its stamp
is written, which is the last step.
"""

import contextlib
import errno
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path, PurePosixPath, PureWindowsPath

ROOT = Path(__file__).resolve().parent.parent
ENV = ROOT / ".venv"
STAMP = ENV / "course.stamp"
LOCK = ENV / "course.lock"
OLDEST_PYTHON = (3, 11)
START = time.monotonic()
GIGABYTES_NEEDED = 4  # 2 installed, the rest passes through pip's temporary folder
CPU_TORCH = "https://download.pytorch.org/whl/cpu"
FULL_DISK = f"The disk is full: free at least {GIGABYTES_NEEDED} GB, then run the same command again."
NO_NETWORK = "pip cannot reach the package index: connect this computer to the network, then run again."
NO_VENV = "Python's venv module is missing: install it (Debian and Ubuntu: sudo apt install python3-venv)."
PIP_STEPS = {
    r"\s*Collecting (\S+)": "looking for {}",
    r"Requirement (already) satisfied": "checking what is there {}",
    r"\s*Downloading ([^-\s]+)\S* (\(.+\))": "downloading {} {}",
    r"\s*Installing (build) dep": "fetching tools to {} this package",
    r"Installing collected (packages): ": "unpacking {}: {unpacked} of {total}",
    r"(WARNING): Retrying": "no answer from the package index; trying again",
}


class Failure(Exception):
    """Why a set-up ended early, as one sentence for the reader."""


def say(text):
    print(f"[{time.monotonic() - START:4.0f} s] {text}", flush=True)


def venv_python(root, os_name):
    """The interpreter inside .venv: Windows ("nt") keeps it elsewhere than every other system."""
    if os_name == "nt":
        return PureWindowsPath(root, ".venv", "Scripts", "python.exe")
    return PurePosixPath(root, ".venv", "bin", "python")


PYTHON = str(venv_python(ROOT, os.name))


def check_machine():
    """What would make the set-up fail after minutes is told before it starts."""
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        raise Failure(NO_VENV)
    if shutil.disk_usage(ROOT).free < GIGABYTES_NEEDED * 10**9:
        raise Failure(FULL_DISK)


def child_environment(environ):
    """The reader's environment without what would make .venv import or install something else."""
    foreign = ("PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_TARGET", "__PYVENV_LAUNCHER__")
    kept = {name: value for name, value in environ.items() if name not in foreign}
    kept.setdefault("JUPYTER_CONFIG_DIR", str(ENV / "jupyter"))  # a private configuration may drop the token
    kept["PATH"] = str(Path(PYTHON).parent) + os.pathsep + environ.get("PATH", os.defpath)
    kept.update(VIRTUAL_ENV=str(ENV), PYTHONNOUSERSITE="1", PIP_USER="0", PIP_NO_INPUT="1")
    return dict(kept, PIP_DISABLE_PIP_VERSION_CHECK="1")


def succeeds(*command):
    quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return subprocess.call(command, cwd=ROOT, env=child_environment(os.environ), **quiet) == 0
    except OSError:
        return False


def pip(*arguments):
    return [PYTHON, "-I", "-u", "-m", "pip", *arguments]  # -I: no PYTHON* variable, no module of this folder


def torch_options(system, wheel_known, has_gpu, index_answers):
    """pip's options for torch: the CPU build on a Linux without an NVIDIA GPU, which is 3.7 GB smaller.

    The last three are functions, asked from left to right and no further than needed: a wheel that pip
    knows already settles it, and only at the end is the network asked.
    """
    if system == "Linux" and not wheel_known() and not has_gpu() and index_answers():
        return ["--extra-index-url", CPU_TORCH]
    return []


def wheel_known():
    return succeeds(*pip("install", "--dry-run", "--no-index", "--no-deps", "-c", "constraints.txt", "torch"))


def has_gpu():
    return succeeds("nvidia-smi", "--list-gpus")


def index_answers():
    try:
        with urllib.request.urlopen(CPU_TORCH + "/torch/", timeout=5):
            return True
    except (OSError, ValueError):
        return False


def working_environment():
    """True when .venv holds a Python that is new enough and can run pip."""
    return succeeds(PYTHON, "-I", "-c", f"import pip, sys; sys.exit(sys.version_info < {OLDEST_PYTHON})")


def fingerprint():
    """Changes with all that decides what .venv must hold; the folder counts, for .venv points back to it."""
    files = [ROOT / "pyproject.toml", ROOT / "constraints.txt", ENV / "pyvenv.cfg"]
    copied = [*ROOT.glob("tools/*.json"), *ROOT.glob("tools/rise-widgets/**/*")]  # pip copies these into .venv
    files += sorted(path for path in copied if path.is_file())
    parts = [os.fsencode(ROOT), *(path.read_bytes() for path in files)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_ready():
    with contextlib.suppress(OSError):
        return STAMP.read_text() == fingerprint() and working_environment()
    return False


def try_lock(handle):
    """Take the lock unless another process has it. The system drops it with the process: none goes stale."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)  # else: a disk without locks
    return True


@contextlib.contextmanager
def one_at_a_time():
    with LOCK.open("a") as handle:
        if not try_lock(handle):
            say("another set-up is at work in this folder; waiting for it")
            while not try_lock(handle):
                time.sleep(0.5)
        yield


def progress(log, unpacked):
    """One line on what pip is doing, from its log so far and the number of packages unpacked."""
    for line in reversed(log.splitlines()):
        for pattern, text in PIP_STEPS.items():
            if step := re.match(pattern, line):
                return text.format(*step.groups(), unpacked=unpacked, total=line.count(",") + 1)
    return "still at work"


def explain(log):
    """One sentence on why a step failed, from its log."""
    if re.search(r"Errno 28\b|Errno 122\b|WinError 112|No space left|[Qq]uota exceeded", log):
        return FULL_DISK
    if re.search(r"Retrying|Could not fetch URL|ConnectionError|ProxyError|SSLError|timed out", log):
        return NO_NETWORK
    if "ensurepip is not available" in log:
        return NO_VENV
    missing = re.findall(r"No matching distribution found for (\S+)", log)
    if missing:
        python = ".".join(map(str, sys.version_info[:2]))
        return f"pip finds no {missing[-1]} for Python {python} on {platform.system()} {platform.machine()}."
    errors = [line for line in log.splitlines() if re.match("ERROR|.*Error: ", line)]
    return f"A step of the set-up failed; its log lies in {ENV}. {' '.join(errors[-1:])}".strip()


def site_packages():
    return [*ENV.glob("lib/python*/site-packages"), *ENV.glob("Lib/site-packages")]


def packages():
    return [info for folder in site_packages() for info in folder.glob("*.dist-info")]


def stop(child):
    """A Ctrl-C has reached the child as well, and it tidies up; of any other end it must be told."""
    try:
        child.wait(2)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
        child.wait()


def run_logged(name, command, must_succeed=True):
    """Run one step with its output in .venv/NAME.log, and say every five seconds how far it is."""
    log, before = ENV / f"{name}.log", len(packages())
    with log.open("wb") as output:
        streams = dict(stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        child = subprocess.Popen(command, cwd=ROOT, env=child_environment(os.environ), **streams)
        try:
            due = time.monotonic() + 5
            while child.poll() is None:
                time.sleep(0.1)
                if time.monotonic() > due:
                    say(progress(log.read_text(errors="replace"), len(packages()) - before))
                    due += 5
        except BaseException:
            stop(child)
            raise
    if child.returncode and must_succeed:
        raise Failure(explain(log.read_text(errors="replace")))


def make_environment():
    """An empty .venv with pip; what an interrupted attempt left goes first, all but the lock we hold."""
    say("making .venv")
    for path in ENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != LOCK:
            path.unlink()
    base = getattr(sys, "_base_executable", sys.executable)  # not the python of the .venv just emptied
    run_logged("venv", [base, "-I", "-m", "venv", str(ENV)])


def install():
    """Install the pinned packages; compiling on all cores takes half the time of pip's own compiling."""
    STAMP.unlink(missing_ok=True)  # from here on .venv is a mixture
    for info in packages():
        if not (info / "RECORD").exists():  # interrupted halfway; pip would take the package for installed
            shutil.rmtree(info)
    options = torch_options(platform.system(), wheel_known, has_gpu, index_answers)
    say(f"installing packages, {'CPU build of torch' if options else 'torch as pip finds it'}")
    run_logged("pip", pip("install", "--no-compile", *options, "-c", "constraints.txt", "-e", ".[test]"))
    say("compiling packages")
    skipped = r"[/\\]tests?[/\\]"  # the packages' own tests, a quarter of all files, are never imported
    compiling = [PYTHON, "-I", "-m", "compileall", "-q", "-j", "0", "-x", skipped, *map(str, site_packages())]
    run_logged("compile", compiling, must_succeed=False)  # some packages carry templates that are no Python


def bring_up_to_date():
    """Make .venv hold what pyproject.toml and constraints.txt ask for; nothing is done where it does.

    Raises Failure with one sentence, OSError where nothing can be written, KeyboardInterrupt when stopped.
    """
    if is_ready():
        return
    say("setting up the course: some minutes, and Ctrl-C does no harm")
    ENV.mkdir(exist_ok=True)
    with one_at_a_time():
        if is_ready():  # the set-up we waited for has done it
            return
        check_machine()
        if not working_environment():
            make_environment()
        install()
        unfinished = STAMP.with_suffix(".new")
        unfinished.write_text(fingerprint())
        unfinished.replace(STAMP)
    say("the course is set up")
