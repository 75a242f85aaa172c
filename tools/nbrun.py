"""Run notebooks headless: a client that does not stall, and one kernel to which you feed cells."""
import os
from queue import Empty
from time import monotonic

import nbformat
from jupyter_core.utils import run_sync
from nbclient import NotebookClient

PATIENCE = 0.5  # seconds between two looks at the socket
os.environ["DL_COURSE_HOME"] = ""  # solved labs that run here are nobody's results


class Client(NotebookClient):
    """NotebookClient that survives nbclient's issue 312: a cell with an Output widget may hang.

    While nbclient waits for the reply on the shell socket it sends a comm message on the same socket;
    the socket's wake-up is then lost and the wait lasts the whole timeout. Looking again twice a
    second finds the reply.
    """

    async def async_start_new_kernel_client(self):
        client = await super().async_start_new_kernel_client()
        wait_for_message = client.shell_channel.get_msg

        async def wait_in_slices(timeout=None):
            end = None if timeout is None else monotonic() + timeout
            while True:
                try:
                    return await wait_for_message(timeout=PATIENCE)
                except Empty:
                    if end is not None and monotonic() > end:
                        raise

        client.shell_channel.get_msg = wait_in_slices
        return client

    # setup_kernel() calls the synchronous twin, which the base class binds to its own method
    start_new_kernel_client = run_sync(async_start_new_kernel_client)


def client(notebook, folder, **options):
    """A client for `notebook` that runs its cells in `folder`, as JupyterLab would."""
    settings = {"timeout": 600, "kernel_name": "python3", "record_timing": False, "coalesce_streams": True}
    return Client(notebook, resources={"metadata": {"path": str(folder)}}, **(settings | options))


class Kernel:
    """One live kernel; ``run(source)`` executes a cell in it and returns the executed cell."""

    def __init__(self, folder, timeout=120, environment=None):
        """environment : variables of the kernel's process, this one's unless given."""
        self.notebook, self.environment = nbformat.v4.new_notebook(), environment
        self.client = client(self.notebook, folder, timeout=timeout, allow_errors=True)

    def __enter__(self):
        self.context = self.client.setup_kernel(**({"env": self.environment} if self.environment else {}))
        self.context.__enter__()
        return self

    def __exit__(self, *error):
        return self.context.__exit__(*error)

    def run(self, source):
        self.notebook.cells.append(nbformat.v4.new_code_cell(source))
        return self.client.execute_cell(self.notebook.cells[-1], len(self.notebook.cells) - 1)
