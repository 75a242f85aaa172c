"""JupyterLab on this machine for one test run: own folders, own port, own token."""
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("lectures", "labs", "extras", "data")
OWN_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
               "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")


def copy_course(target):
    """Copy what a learner opens to `target`: the browser saves notebooks, and the checkout must not change."""
    for name in FOLDERS:
        if (ROOT / name).is_dir():
            ignore = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
            shutil.copytree(ROOT / name, target / name, ignore=ignore)
    return target


class LabServer:
    """A running JupyterLab.

    root : folder it serves.
    folder : scratch folder for its settings and its log.
    Raises RuntimeError with the end of the log if it does not answer within a minute.
    """

    def __init__(self, root, folder):
        self.root, self.log = Path(root), Path(folder) / "jupyterlab.log"
        self.token, self.port = secrets.token_hex(16), free_port()
        environment = os.environ | {name: str(Path(folder) / name.lower()) for name in OWN_FOLDERS}
        environment["DL_COURSE_HOME"] = ""                          # a solved lab here is nobody's result
        with self.log.open("w") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=environment)
        self.wait_until_up()

    def command(self):
        options = {"ip": "127.0.0.1", "port": self.port, "ServerApp.port_retries": 0, "ServerApp.root_dir": self.root,
                   "IdentityProvider.token": self.token, "LabApp.expose_app_in_browser": True}
        return [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
                *(f"--{name}={value}" for name, value in options.items())]

    def url(self, app, notebook):
        """Address of a notebook; app is `lab/tree` for JupyterLab or `rise` for the slide show."""
        fresh_workspace = "&reset" if app.startswith("lab") else ""
        return f"http://127.0.0.1:{self.port}/{app}/{notebook}?token={self.token}{fresh_workspace}"

    def wait_until_up(self, seconds=60):
        status = f"http://127.0.0.1:{self.port}/api/status?token={self.token}"
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up and self.process.poll() is None:
            try:
                urllib.request.urlopen(status, timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        self.close()
        raise RuntimeError(f"JupyterLab did not start. The end of its log:\n{self.log_end()}")

    def log_end(self, lines=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def close(self):
        """Stop the server and every kernel it started."""
        if self.process.poll() is not None:
            return
        kernels = psutil.Process(self.process.pid).children(recursive=True)
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _, left = psutil.wait_procs(kernels, timeout=5)
        for kernel in left:
            kernel.kill()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
