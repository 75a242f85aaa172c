"""nbgrader for the labs, in an environment of its own: release, collect, autograde, give feedback.

    python3 course.py nbgrader FOLDER                       prepare a folder: sources of the labs, configuration
    python3 course.py nbgrader FOLDER generate_assignment 01_pixels_and_tensors
    python3 course.py nbgrader FOLDER autograde 01_pixels_and_tensors
    python3 course.py nbgrader FOLDER generate_feedback 01_pixels_and_tensors
    python3 course.py nbgrader FOLDER export                the marks as a table, grades.csv

The learner's copies go into FOLDER/submitted/NAME/LAB/LAB.ipynb; whatever follows FOLDER goes to nbgrader. The first
call makes .venv-nbgrader beside .venv: half a minute, with network. Notebooks still run in the course's environment.
"""
import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from make_labs import one_folder_higher

ROOT = Path(__file__).resolve().parents[1]
ENV = ROOT / ".venv-nbgrader"
BIN = ENV / ("Scripts" if os.name == "nt" else "bin")
NBGRADER = "nbgrader==0.9.*"
CONFIGURATION = """c = get_config()
c.CourseDirectory.course_id = "dl-medical-images"
c.ExecutePreprocessor.timeout = 600                         # a lab that trains takes seconds; a loop without end, ever
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\nraise NotImplementedError()"}
"""
PREPARED = """{folder} is ready: {labs} labs in source/. Next, for example:
    python3 course.py nbgrader {folder} generate_assignment 01_pixels_and_tensors"""


class Failure(Exception):
    """Why nbgrader could not be installed, as one sentence."""


def set_up():
    """Make .venv-nbgrader unless it is there: nbgrader, and a kernel that is the course's own Python.

    Raises Failure where it cannot be installed, which is mostly for want of a network.
    """
    kernel = ENV / "share" / "jupyter" / "kernels" / "python3" / "kernel.json"
    if not kernel.exists():
        print("making .venv-nbgrader: half a minute", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENV], check=True)
        installing = subprocess.run([BIN / "python", "-I", "-m", "pip", "install", "--quiet", NBGRADER],
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if installing.returncode:
            last = [line for line in installing.stdout.splitlines() if "ERROR" in line][-1:]
            raise Failure(f"nbgrader cannot be installed: connect this computer to the network, then run again. {last}")
        kernel.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": command, "display_name": "Python 3 (the course)", "language": "python"}
        kernel.write_text(json.dumps(spec), encoding="utf-8")


def prepare(folder):
    """Put the labs' sources and a configuration into a folder; what is already there stays. Returns the labs' names."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "nbgrader_config.py"
    if not configuration.exists():
        configuration.write_text(CONFIGURATION, encoding="utf-8")
    labs = sorted((ROOT / "labs" / "solutions").glob("*.ipynb"))
    for lab in labs:
        place = folder / "source" / lab.stem
        if not place.exists():
            place.mkdir(parents=True)
            text = one_folder_higher(lab.read_text(encoding="utf-8"))      # what students get goes to labs/
            (place / lab.name).write_text(text, encoding="utf-8", newline="\n")
    return [lab.stem for lab in labs]


def nbgrader(folder, arguments):
    """Run nbgrader in a folder; returns its exit code."""
    environment = dict(os.environ, PATH=str(BIN) + os.pathsep + os.environ["PATH"], JUPYTER_PREFER_ENV_PATH="1")
    return subprocess.call([BIN / "python", "-m", "nbgrader", *arguments], cwd=folder, env=environment)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the instructor's own folder; not this one")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="for nbgrader")
    asked = parser.parse_args(arguments)
    folder = asked.folder.expanduser().resolve()
    if folder == ROOT or ROOT in folder.parents:
        parser.error(f"{folder} lies in the course: name a folder of your own, since marks and names go into it")
    try:
        set_up()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    labs = prepare(folder)
    if asked.arguments:
        return nbgrader(folder, asked.arguments)
    print(PREPARED.format(folder=asked.folder, labs=len(labs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
