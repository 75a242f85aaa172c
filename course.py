"""Set up and run the course:   python3 course.py COMMAND [arguments]     (Windows: py course.py COMMAND)

  lab      open the course in JupyterLab; arguments go to JupyterLab, such as --no-browser or --port=9999
  test     run every test; arguments go to pytest, such as -x or -k shapes
For authors:
  refresh  run the notebooks again and store their outputs
  labs     make the student labs from the solutions
  bench    measure times and sizes
  lint     check the style of code and notebooks
  screenshots  look at a notebook's slides, cells and explorers in a real browser
  cohort   make the simulated patients in data/ again
  slides   lectures as slides, each in one file that needs no network
  site     the course as a static site
  ledger   what was checked in the source decks: reproduced, wrong, open
For instructors:
  nbgrader FOLDER  release and grade the labs with nbgrader; further arguments go to nbgrader

The first command makes .venv beside this file: some minutes, about 0.6 GB to download, 2 GB on disk.
After that no command needs the network. Delete .venv to start afresh.
"""
# This file keeps to what Python 3.6 understands, so that an old Python reaches check_python and its sentence.
import contextlib
import errno
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)
START = "extras/start_here.ipynb"
COMMANDS = {
    "lab": ["-m", "jupyterlab"],
    "test": ["-m", "pytest"],
    "refresh": ["tools/refresh.py"],
    "labs": ["tools/make_labs.py"],
    "bench": ["tools/bench.py"],
    "lint": ["-m", "ruff", "check", "."],
    "screenshots": ["tools/screenshots.py"],
    "cohort": ["tools/make_cohort.py"],
    "slides": ["tools/make_slides.py"],
    "site": ["tools/make_site.py"],
    "ledger": ["tools/print_ledger.py"],
    "nbgrader": ["tools/grading.py"],
}


def fail(sentence, code=1):
    """End with one sentence for the reader and an exit code for the caller."""
    print(sentence, file=sys.stderr, flush=True)
    raise SystemExit(code)


def check_python(version):
    if tuple(version[:2]) < OLDEST_PYTHON:
        needed, found = (".".join(map(str, numbers[:2])) for numbers in (OLDEST_PYTHON, version))
        fail(f"This course needs Python {needed} or later, and this is Python {found}: install a newer one.")


def named_port(arguments):
    """The port that JupyterLab's arguments ask for, None where they leave the choice to it."""
    for number, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in ("--port", "--ServerApp.port"):
            value = value if equals else "".join(arguments[number + 1 : number + 2])
            if not re.fullmatch("[0-9]{1,5}", value) or int(value) > 65535:
                fail(f'--port needs a number from 0 to 65535, not "{value}".')
            return int(value)
    return None


def check_port(port):
    with socket.socket() as probe:
        if os.name != "nt":  # a port whose last user has just left counts as free, as it does for JupyterLab
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            fail(f"Port {port} is in use or not allowed: name another one, or leave --port out.")


def lab_arguments(arguments, is_root):
    """JupyterLab's arguments: the start notebook, the whole folder, this computer only, then what the reader typed."""
    ours = [f"--LabApp.default_url=/lab/tree/{START}"]
    if not any(argument.startswith(("--ip", "--ServerApp.ip")) for argument in arguments):
        ours.append("--ServerApp.ip=127.0.0.1")
    if named_port(arguments) is not None:
        ours.append("--ServerApp.port_retries=0")  # the reader counts on this very port
    if is_root and "--allow-root" not in arguments:
        ours.append("--allow-root")  # in a container; JupyterLab refuses root without it
    return ours + arguments


def bring_up_to_date(set_up):
    """Run the set-up; whatever ends it early becomes one sentence."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being told to end stops pip too
    try:
        set_up.bring_up_to_date()
    except KeyboardInterrupt:
        fail("Stopped. Run the same command again and the set-up goes on.", 130)
    except set_up.Failure as failure:
        fail(failure)
    except OSError as error:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            fail(set_up.FULL_DISK)
        fail(f"Cannot write {error.filename} ({error.strerror}): put the course into a folder of your own.")


def hand_over(command, environment):
    """Become the command, so that it gets the terminal, Ctrl-C and the exit code."""
    os.chdir(str(ROOT))
    if os.name != "nt":
        os.execve(command[0], command, environment)
    child = subprocess.Popen(command, env=environment)  # exec would return to the Windows prompt at once
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # the child got it too, and decides
            return child.wait()


def main(arguments):
    check_python(sys.version_info)
    sys.stdout.reconfigure(errors="replace")  # a folder's name may not fit the terminal's character set
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(__doc__)
        return 0
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        fail(f'There is no command "{name}": choose one of {", ".join(COMMANDS)}.', 2)
    if name == "lab":
        check_port(named_port(rest) or 0)
        rest = lab_arguments(rest, hasattr(os, "geteuid") and os.geteuid() == 0)
    sys.path.insert(0, str(ROOT))
    from tools import set_up

    bring_up_to_date(set_up)
    return hand_over([set_up.PYTHON, *COMMANDS[name], *rest], set_up.child_environment(os.environ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
