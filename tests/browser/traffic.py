"""What passes between a page and the outside: kernel messages, requests, the browser's own console."""
import json
import struct
from itertools import pairwise
from urllib.parse import urlsplit

HERE = ("127.0.0.1", "localhost", "")          # "" is the host of data: and blob: addresses
# What is not ours, as (words, where it comes from): each with its reason.
HARMLESS = (
    # jupyterlab-rise offers a notebook style sheets of its own and asks whether there are any.
    ("Refused to apply style from 'http://127.0.0.1", "/rise/"),
    ("status of 404", ".css"),
    # The RISE app's copy of Jupyter's toolbar computes its colours in circles; nothing is lost on the slides.
    ("RangeError: Maximum call stack size exceeded", "/static/rise/"),
    # A slide show draws its widgets before the kernel has sent them, and again when it has; the tests wait for that.
    ("widget model not found", "jupyterlab-manager"),
    # A page that opens a notebook asks its kernel for widgets, and clears old ones, before the first cell imports them.
    ("No such comm", "kernel"),
)


class Traffic:
    """Watches one page. `take()` must stay empty; `busy` says whether the kernel still owes an answer."""

    def __init__(self, page=None):
        self.problems, self.unanswered = [], set()
        if page:
            self.watch(page)

    def watch(self, page):
        page.on("pageerror", lambda error: self.problems.append(f"JavaScript error: {error}"))
        page.on("console", self.console)
        page.on("request", self.request)
        page.on("websocket", self.websocket)

    @property
    def busy(self):
        return bool(self.unanswered)

    def take(self):
        """The problems since the last call."""
        taken, self.problems = self.problems, []
        return taken

    def note(self, kind, words, where):
        """Keep a problem, unless it is known to be harmless."""
        if not any(known in words and place in where for known, place in HARMLESS):
            self.problems.append(f"{kind}: {words[:400]} ({where})")

    def console(self, message):
        if message.type == "error":
            self.note("console error", message.text, message.location.get("url", ""))

    def request(self, request):
        if urlsplit(request.url).hostname not in (*HERE, None):
            self.problems.append(f"request that leaves the machine: {request.url[:200]}")

    def websocket(self, socket):
        if urlsplit(socket.url).hostname not in HERE:
            self.problems.append(f"connection that leaves the machine: {socket.url[:200]}")
        if "/channels" in socket.url:
            socket.on("framesent", self.sent)
            socket.on("framereceived", self.received)

    def sent(self, payload):
        _, header, _, _ = kernel_message(payload)
        if header["msg_type"] in ("execute_request", "comm_msg", "comm_open"):
            self.unanswered.add(header["msg_id"])

    def received(self, payload):
        channel, header, parent, content = kernel_message(payload)
        if channel != "iopub":
            return
        if header["msg_type"] == "status" and content()["execution_state"] == "idle":
            self.unanswered.discard(parent.get("msg_id"))
        if header["msg_type"] == "error":              # of a cell, or of a callback no cell would ever show
            self.note(content()["ename"], content()["evalue"], "kernel")
        if header["msg_type"] == "stream" and content()["name"] == "stderr":
            self.note("stderr", content()["text"], "kernel")


def kernel_message(payload):
    """Channel, header, parent header and (a function that returns) the content of a frame.

    payload : str or bytes, one frame of Jupyter's protocol v1.kernel.websocket.jupyter.org: a count and the
    offsets of the parts as 8-byte integers, then the parts.
    """
    if isinstance(payload, str):
        message = json.loads(payload)
        return message["channel"], message["header"], message["parent_header"], lambda: message["content"]
    count = struct.unpack_from("<Q", payload)[0]
    offsets = struct.unpack_from(f"<{count}Q", payload, 8)
    channel, header, parent, _, content = (payload[a:b] for a, b in pairwise(offsets[:6]))
    return channel.decode(), json.loads(header), json.loads(parent or b"{}"), lambda: json.loads(content)
