"""Where pictures go: into the page itself, or into a folder beside it. Both as lossless WebP, half the size of PNG."""
import base64
import hashlib
import io
import re
from pathlib import Path

from PIL import Image

DATA = re.compile(r'data:image/(png|webp);base64,([A-Za-z0-9+/=\s]+)')


class Inline:
    """Pictures stand in the page."""

    def __init__(self):
        self.known = {}

    def place(self, data):
        """The address of a picture given as a data address."""
        if data not in self.known:
            self.known[data] = address(as_webp(data))
        return self.known[data]


class Folder:
    """Pictures are files, named by their content. Addresses are relative to the folder that holds `pictures/`."""

    def __init__(self, root):
        self.root, self.known = Path(root), {}

    def place(self, data):
        """The address of a picture given as a data address; the file is written when it is new."""
        if data not in self.known:
            picture = as_webp(data)
            name = f"pictures/{hashlib.sha256(picture).hexdigest()[:16]}.webp"
            (self.root / "pictures").mkdir(parents=True, exist_ok=True)
            (self.root / name).write_bytes(picture)
            self.known[data] = name
        return self.known[data]


def as_webp(data):
    """The bytes, as WebP, of a picture given as a data address."""
    kind, code = DATA.fullmatch(data).groups()
    picture = base64.b64decode(code)
    return picture if kind == "webp" else webp(picture)


def webp(png):
    """PNG bytes as WebP bytes, with the same pixels."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(png)).save(buffer, "WEBP", lossless=True, quality=50, method=4)
    return buffer.getvalue()


def address(picture):
    """The data address of a picture, WebP bytes."""
    return "data:image/webp;base64," + base64.b64encode(picture).decode()


def relocate(html, pictures, prefix=""):
    """HTML with its pictures moved to where `pictures` puts them; they load when they come into sight.

    prefix : from the page to the folder that holds them, such as ../
    """
    def moved(found):
        address = pictures.place(found[0])
        return address if address.startswith("data:") else prefix + address

    html = DATA.sub(moved, html)
    return re.sub(r"<img (?!loading)", '<img loading="lazy" decoding="async" ', html) if prefix else html
