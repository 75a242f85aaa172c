"""Sets that a learner brings or downloads: every wrong file has its sentence, no failure leaves a file behind."""
import errno
import gzip
import hashlib
import http.server
import io
import logging
import re
import socket
import struct
import threading
import tomllib
from types import SimpleNamespace

import numpy as np
import pooch
import pytest
import requests

from helpers import data
from helpers.data import downloads

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4) * 10
LABELS = np.array([7, 2], dtype=np.uint8)
SHAPES = {"train-images-idx3-ubyte": (5, 28, 28), "train-labels-idx1-ubyte": (5,),
          "t10k-images-idx3-ubyte": (3, 28, 28), "t10k-labels-idx1-ubyte": (3,)}
ARRAYS = {name: np.random.default_rng(rank).integers(0, 10, shape, dtype=np.uint8)
          for rank, (name, shape) in enumerate(SHAPES.items())}


def idx(array, kind=8, shape=None):
    """An IDX file written by hand, as the page of the MNIST database describes it."""
    shape = array.shape if shape is None else shape
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, kind, len(shape), *shape) + array.tobytes()


def written(path, content):
    path.write_bytes(content)
    return path


def one_sentence(caught):
    text = str(caught.value)
    assert "\n" not in text and text.endswith(".") and len(text) < 500
    return text


@pytest.fixture
def offline(monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache of this test alone."""
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "cache" / project)
    return tmp_path / "cache"


@pytest.fixture
def chatter(monkeypatch):
    """What pooch's own reports would show in a notebook."""
    shown = io.StringIO()
    monkeypatch.setattr(pooch.get_logger(), "handlers", [logging.StreamHandler(shown)])
    level = pooch.get_logger().level
    assert level <= logging.INFO
    yield shown
    assert pooch.get_logger().level == level, "others who use pooch keep their reports"


@pytest.fixture
def server(monkeypatch, cache):
    """A web server on this computer in place of the real ones: `files` to serve, `asked` so far, `stop`."""
    files, asked = {}, []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.strip("/").partition("?")[0]
            asked.append(name)
            if name not in files:
                return self.send_error(404)
            content = files[name]
            sent, announced = content if isinstance(content, tuple) else (content, len(content))
            self.send_response(200)
            self.send_header("Content-Length", str(announced))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *args):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()

    def stop():
        if thread.is_alive():
            running.shutdown()
            running.server_close()
            thread.join()

    address = f"http://127.0.0.1:{running.server_port}/"
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(downloads, "MNIST_URL", address)
    monkeypatch.setattr(downloads, "MEDMNIST_URL", address)
    yield SimpleNamespace(files=files, asked=asked, stop=stop)
    stop()


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# IDX files


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("ending", ["", ".gz", ".dat"])
def test_idx_files_are_read_whatever_their_names_say(tmp_path, pack, ending):
    images = written(tmp_path / f"images{ending}", pack(idx(IMAGES)))
    labels = written(tmp_path / f"labels{ending}", pack(idx(LABELS)))
    pictures, classes = data.load_idx(images, str(labels))
    assert pictures.dtype == np.uint8 and np.array_equal(pictures, IMAGES)
    assert classes.dtype == np.int64 and np.array_equal(classes, LABELS)
    pictures[0, 0, 0] = 1  # torch.from_numpy warns of arrays that cannot be written to


PACKED = gzip.compress(idx(IMAGES))
WRONG_IDX = {
    "empty": (b"", "is empty"),
    "a web page": (b"<!DOCTYPE html><title>Sign in</title>", r"not an IDX file, .* not b'<!DO'"),
    "a few zeros": (b"\0\0\x08", "not an IDX file"),
    "header cut": (idx(IMAGES)[:11], "truncated after 11 bytes"),
    "pixels cut": (idx(IMAGES)[:-1], "truncated after 39 bytes"),
    "too long": (idx(IMAGES) + b"\0\0", "2 bytes more than its header announces"),
    "32-bit numbers": (idx(IMAGES.astype(">i4"), kind=12), "kind 12 with 3 axes"),
    "colour images": (idx(IMAGES[..., None]), "kind 8 with 4 axes"),
    "no axes": (idx(IMAGES[0, 0, 0], shape=()), "kind 8 with 0 axes"),
    "no images": (idx(IMAGES[:0]), r"shape \(0, 3, 4\), which holds nothing"),
    "huge header": (idx(IMAGES, shape=(2**32 - 1,) * 3), "truncated"),
    "gzip cut": (PACKED[:-9], "gzip file that is truncated"),
    "gzip checksum": (PACKED[:-8] + bytes(4) + PACKED[-4:], "damaged gzip"),
    "gzip content": (PACKED[:10] + b"\xff" * 20 + PACKED[30:], "damaged gzip"),
    "gzip of a web page": (gzip.compress(b"<html>"), "not an IDX file"),
    "gzip of pixels cut": (gzip.compress(idx(IMAGES)[:-5]), "truncated after 35 bytes"),
    "labels": (idx(LABELS), "holds labels, not images"),
}


@pytest.mark.parametrize("content, sentence", WRONG_IDX.values(), ids=WRONG_IDX)
def test_a_wrong_file_of_images_is_named(tmp_path, content, sentence):
    images, labels = written(tmp_path / "images", content), written(tmp_path / "labels", idx(LABELS))
    with pytest.raises(ValueError, match=sentence) as caught:
        data.load_idx(images, labels)
    assert str(images) in one_sentence(caught)


@pytest.mark.parametrize("content, sentence", [
    (idx(IMAGES), "labels holds images, not labels"), (idx(LABELS)[:-1], "truncated after 9 bytes"),
    (idx(LABELS[:1]), "2 images and .*labels holds 1 labels"),
])
def test_a_wrong_file_of_labels_is_named(tmp_path, content, sentence):
    images, labels = written(tmp_path / "images", idx(IMAGES)), written(tmp_path / "labels", content)
    with pytest.raises(ValueError, match=sentence) as caught:
        data.load_idx(images, labels)
    assert str(labels) in one_sentence(caught)


def test_swapped_files_are_told_from_wrong_ones(tmp_path):
    images, labels = written(tmp_path / "images", idx(IMAGES)), written(tmp_path / "labels", idx(LABELS))
    with pytest.raises(ValueError, match="labels holds labels and .*images holds images: swap the two") as caught:
        data.load_idx(labels, images)
    one_sentence(caught)


def test_missing_files_and_folders_are_told_apart(tmp_path):
    images = written(tmp_path / "images", idx(IMAGES))
    with pytest.raises(FileNotFoundError, match="There is no file .*labels") as missing:
        data.load_idx(images, tmp_path / "labels")
    with pytest.raises(ValueError, match="is a folder: name the file") as folder:
        data.load_idx(images, tmp_path)
    one_sentence(missing), one_sentence(folder)


def test_a_file_that_may_not_be_opened(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    images = written(tmp_path / "images", idx(IMAGES))
    monkeypatch.setattr(type(tmp_path), "open", refuse)  # the superuser may open everything
    with pytest.raises(OSError, match=r"images cannot be read \(Permission denied\)") as caught:
        data.load_idx(images, images)
    one_sentence(caught)


# MNIST


def mnist_equals(loaded):
    (train_images, train_labels), (test_images, test_labels) = loaded
    pairs = zip((train_images, train_labels, test_images, test_labels), ARRAYS.values(), strict=True)
    return all(np.array_equal(array, expected) for array, expected in pairs)


@pytest.mark.parametrize("rename", [str, "{}.gz".format, lambda name: name.replace("-idx", ".idx"),
                                    lambda name: name.replace("-idx", ".idx") + ".gz"])
def test_mnist_from_a_folder_under_its_usual_names(tmp_path, rename, offline, cache):
    for name, array in ARRAYS.items():
        content = idx(array)
        written(tmp_path / rename(name), gzip.compress(content) if rename(name).endswith(".gz") else content)
    assert mnist_equals(data.load_mnist(tmp_path)) and mnist_equals(data.load_mnist(str(tmp_path)))
    assert not cache.exists()


def test_a_folder_in_your_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for name, array in ARRAYS.items():
        written(tmp_path / name, idx(array))
    assert mnist_equals(data.load_mnist("~"))
    assert len(data.load_idx("~/t10k-images-idx3-ubyte", "~/t10k-labels-idx1-ubyte")[1]) == 3


def test_mnist_beside_folders_of_the_same_names(tmp_path):
    for name, array in ARRAYS.items():
        (tmp_path / name).mkdir()
        written(tmp_path / name.replace("-idx", ".idx"), idx(array))
    assert mnist_equals(data.load_mnist(tmp_path))


def test_mnist_from_an_incomplete_or_wrong_folder(tmp_path, offline):
    image_files = [written(tmp_path / name, idx(array)) for name, array in ARRAYS.items() if "images" in name]
    with pytest.raises(FileNotFoundError, match="lacks train-labels-idx1-ubyte, t10k-labels-idx1-ubyte") as lacking:
        data.load_mnist(tmp_path)
    with pytest.raises(FileNotFoundError, match="There is no folder .*elsewhere") as missing:
        data.load_mnist(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="is a file: name the folder") as file:
        data.load_mnist(image_files[0])
    one_sentence(lacking), one_sentence(missing), one_sentence(file)


@pytest.fixture
def mnist_server(server, monkeypatch):
    server.files.update({f"{name}.gz": gzip.compress(idx(array)) for name, array in ARRAYS.items()})
    sums = {name: hashlib.md5(server.files[f"{name}.gz"]).hexdigest() for name in ARRAYS}
    monkeypatch.setattr(downloads, "MNIST_MD5", sums)
    return server


def test_mnist_is_downloaded_once(mnist_server, cache, capfd, chatter):
    assert mnist_equals(data.load_mnist())
    assert mnist_server.asked == [f"{name}.gz" for name in ARRAYS]
    assert files_in(cache) == sorted(mnist_server.asked)
    shown = capfd.readouterr()
    assert shown.out.count("Downloading ") == 4 and not shown.err and not chatter.getvalue()
    mnist_server.stop()
    assert mnist_equals(data.load_mnist())
    assert len(mnist_server.asked) == 4 and not capfd.readouterr().out


def test_a_spoilt_copy_in_the_cache_is_downloaded_again(mnist_server, cache):
    data.load_mnist()
    spoilt = next(cache.rglob("train-labels*"))
    spoilt.write_bytes(spoilt.read_bytes()[:-1])
    assert mnist_equals(data.load_mnist())
    assert mnist_server.asked[4:] == [spoilt.name]


GOOD = gzip.compress(idx(ARRAYS["train-images-idx3-ubyte"]))
BAD_SERVICE = {
    "broken off": ((GOOD[:100], len(GOOD)), ConnectionError, "not to its end: check your network"),
    "truncated": (GOOD[:-1], ValueError, "not the published file .* was deleted"),
    "one bit wrong": (GOOD[:-1] + bytes([GOOD[-1] ^ 1]), ValueError, "not the published file"),
    "a sign-in page": (b"<html>Sign in to the hotel</html>", ValueError, "try again in another network"),
    "nothing": (b"", ValueError, "not the published file"),
    "no such file": (None, ConnectionError, "answered 404 when asked for http.*gz: try again later"),
}


@pytest.mark.parametrize("content, error, sentence", BAD_SERVICE.values(), ids=BAD_SERVICE)
def test_a_failed_download_leaves_nothing(mnist_server, cache, content, error, sentence, chatter):
    mnist_server.files["train-images-idx3-ubyte.gz"] = content
    if content is None:
        del mnist_server.files["train-images-idx3-ubyte.gz"]
    with pytest.raises(error, match=sentence) as caught:
        data.load_mnist()
    assert "train-images-idx3-ubyte.gz elsewhere and pass the folder" in one_sentence(caught)
    assert mnist_server.asked == ["train-images-idx3-ubyte.gz"] and not files_in(cache)
    assert not chatter.getvalue()


def test_a_download_that_fails_halfway_keeps_only_whole_files(mnist_server, cache):
    whole = mnist_server.files["t10k-images-idx3-ubyte.gz"]
    mnist_server.files["t10k-images-idx3-ubyte.gz"] = whole[:-1]
    with pytest.raises(ValueError, match="not the published file"):
        data.load_mnist()
    assert files_in(cache) == ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"]
    mnist_server.files["t10k-images-idx3-ubyte.gz"] = whole
    assert mnist_equals(data.load_mnist())


@pytest.mark.parametrize("load", [data.load_mnist, lambda: data.load_medmnist("breastmnist")],
                         ids=["mnist", "medmnist"])
def test_offline_is_one_sentence(offline, cache, load, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(ConnectionError, match="check your network and try again, or get .* elsewhere") as caught:
        load()
    one_sentence(caught)
    assert not files_in(cache)


def test_a_full_disk_is_one_sentence(mnist_server, cache, monkeypatch):
    def fill(self, size):
        yield b"half"
        assert len(files_in(cache)) == 1
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(requests.Response, "iter_content", fill)
    with pytest.raises(OSError, match=r"cannot be stored or read in .*mnist \(No space left on device\)") as caught:
        data.load_mnist()
    one_sentence(caught)
    assert not files_in(cache)


def test_a_cache_that_cannot_be_made_or_written_is_one_sentence(cache, offline, monkeypatch):
    written(cache, b"a file where the folder should be")
    with pytest.raises(OSError, match="train-images-idx3-ubyte.gz cannot be stored") as file:
        data.load_mnist()
    cache.unlink()

    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("os.makedirs", refuse)
    with pytest.raises(OSError, match=r"cannot be stored .* \(Permission denied\)") as right:
        data.load_mnist()
    one_sentence(file), one_sentence(right)
    assert not cache.exists()


# MedMNIST


SETS = tomllib.loads(downloads.MEDMNIST_FILE.read_text(encoding="utf-8"))


def medmnist_arrays(name):
    """A few random images of the set's shape with every label, labels in columns as the authors store them."""
    rng, about = np.random.default_rng(1), SETS[name]
    arrays = {}
    for split, count in zip(("train", "val", "test"), (20, 4, 3), strict=True):
        arrays[f"{split}_images"] = rng.integers(0, 256, (count, *about["shape"]), dtype=np.uint8)
        labels = (rng.integers(0, 2, (count, len(about["labels"]))) if about.get("several")
                  else np.arange(count)[:, None] % len(about["labels"]))
        arrays[f"{split}_labels"] = labels.astype(np.uint8)
    return arrays


def archive(arrays, save=np.savez_compressed):
    content = io.BytesIO()
    save(content, **arrays)
    return content.getvalue()


def medmnist_equals(loaded, arrays):
    return all(np.array_equal(images, arrays[f"{split}_images"])
               and np.array_equal(labels.reshape(len(labels), -1), arrays[f"{split}_labels"])
               for split in ("train", "val", "test") for images, labels in [getattr(loaded, split)])


def test_the_table_of_medmnist_is_whole():
    assert len(SETS) == 18 and sum(len(about["shape"]) == 3 and about["shape"][2] == 28 for about in SETS.values()) == 6
    assert len({about["md5"] for about in SETS.values()}) == 18
    for about in SETS.values():
        assert re.fullmatch("[0-9a-f]{32}", about["md5"]) and about["task"].endswith(".")
        assert about["licence"].startswith("CC BY") and len(set(about["labels"])) == len(about["labels"]) >= 2


@pytest.mark.parametrize("name", SETS)
def test_medmnist_from_a_folder(tmp_path, name, offline, cache):
    arrays = medmnist_arrays(name)
    written(tmp_path / f"{name}.npz", archive(arrays))
    loaded = data.load_medmnist(name, tmp_path)
    assert medmnist_equals(loaded, arrays) and not cache.exists()
    images, labels = loaded.train
    assert labels.dtype == np.int64 and labels.shape == ((20, 14) if name == "chestmnist" else (20,))
    assert images.dtype == np.uint8 and images.shape == (20, *SETS[name]["shape"])
    assert loaded.name == name and list(loaded.labels) == SETS[name]["labels"] and loaded.licence
    assert len(repr(loaded)) < 700, "the pixels are not part of what a notebook shows"


def test_an_archive_without_compression_and_a_name_in_capitals(tmp_path):
    arrays = medmnist_arrays("breastmnist")
    written(tmp_path / "breastmnist.npz", archive(arrays, np.savez))
    assert medmnist_equals(data.load_medmnist("BreastMNIST", str(tmp_path)), arrays)


@pytest.mark.parametrize("name, near", [("pneumonia", "pneumoniamnist"), ("chestmist", "chestmnist"),
                                        ("nodulemnist", "nodulemnist3d")])
def test_an_unknown_set_names_the_nearest_and_all(name, near, offline):
    with pytest.raises(ValueError, match=rf"{name}' \(did you mean {near}\?\): choose one of pathmnist, ") as caught:
        data.load_medmnist(name)
    assert all(known in one_sentence(caught) for known in SETS)


@pytest.mark.parametrize("name", ["xyz", "", None, 28])
def test_a_set_like_no_other_names_all(name, offline):
    with pytest.raises(ValueError, match="choose one of .*synapsemnist3d") as caught:
        data.load_medmnist(name)
    assert "did you mean" not in one_sentence(caught)


BREAST = medmnist_arrays("breastmnist")
WHOLE = archive(BREAST)
PICKLED = np.array([{"a": 1}], dtype=object)
UNREADABLE = {
    "empty": b"", "cut": WHOLE[:-40], "cut early": WHOLE[:60], "spoilt": WHOLE[:600] + b"spoilt" + WHOLE[606:],
    "a web page": b"<html>", "a pickle": archive({**BREAST, "val_labels": PICKLED}),
    "one array": archive({"arr": BREAST["train_images"]}, lambda file, arr: np.save(file, arr)),
}
DIFFERENT = {
    "no test split": ({key: BREAST[key] for key in BREAST if "test" not in key}, "lacks test_images, test_labels"),
    "other keys": ({"x": LABELS}, "lacks train_images, train_labels, val_images"),
    "64 pixels": ({**BREAST, "val_images": np.zeros((4, 64, 64), np.uint8)}, r"val_images of shape \(4, 64, 64\)"),
    "colour": (medmnist_arrays("dermamnist"), r"train_images of shape \(20, 28, 28, 3\) \(uint8\), not \(N, 28, 28\)"),
    "text": ({**BREAST, "test_images": np.full((3, 28, 28), "x")}, r"test_images of shape \(3, 28, 28\) \(<U1\)"),
    "no images": ({**BREAST, "val_images": BREAST["val_images"][:0]}, r"val_images of shape \(0, 28, 28\)"),
    "a label lacking": ({**BREAST, "train_labels": BREAST["train_labels"][1:]}, r"shape \(19, 1\), not \(20, 1\)"),
    "many findings": (medmnist_arrays("chestmnist"), r"train_labels of shape \(20, 14\), not \(20, 1\)"),
    "another set": (medmnist_arrays("octmnist"), "train_labels that are not all from 0 to 1"),
    "not a number": ({**BREAST, "val_labels": np.full((4, 1), np.nan)}, "val_labels that are not all from 0 to 1"),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_archive_is_one_sentence(tmp_path, content):
    path = written(tmp_path / "breastmnist.npz", content)
    with pytest.raises(ValueError, match="truncated, damaged or not an archive of arrays") as caught:
        data.load_medmnist("breastmnist", tmp_path)
    assert str(path) in one_sentence(caught)


@pytest.mark.parametrize("arrays, sentence", DIFFERENT.values(), ids=DIFFERENT)
def test_an_archive_of_something_else_is_named(tmp_path, arrays, sentence):
    path = written(tmp_path / "breastmnist.npz", archive(arrays))
    with pytest.raises(ValueError, match=sentence) as caught:
        data.load_medmnist("breastmnist", tmp_path)
    assert str(path) in one_sentence(caught)


def test_a_missing_archive_names_its_place(tmp_path, offline):
    with pytest.raises(FileNotFoundError, match="There is no file .*breastmnist.npz") as caught:
        data.load_medmnist("breastmnist", tmp_path)
    one_sentence(caught)


@pytest.fixture
def medmnist_server(server, monkeypatch, tmp_path):
    server.files["breastmnist.npz"] = WHOLE
    table = downloads.MEDMNIST_FILE.read_text(encoding="utf-8")
    table = table.replace(SETS["breastmnist"]["md5"], hashlib.md5(WHOLE).hexdigest())
    monkeypatch.setattr(downloads, "MEDMNIST_FILE", written(tmp_path / "sets.toml", table.encode()))
    return server


def test_medmnist_is_downloaded_once(medmnist_server, cache):
    assert medmnist_equals(data.load_medmnist("breastmnist"), BREAST)
    assert files_in(cache) == medmnist_server.asked == ["breastmnist.npz"]
    medmnist_server.stop()
    assert medmnist_equals(data.load_medmnist("breastmnist"), BREAST)


@pytest.mark.parametrize("content, error", [(WHOLE[:-9], ValueError), ((WHOLE[:99], len(WHOLE)), ConnectionError)])
def test_a_failed_download_of_medmnist_leaves_nothing(medmnist_server, cache, content, error):
    medmnist_server.files["breastmnist.npz"] = content
    with pytest.raises(error) as caught:
        data.load_medmnist("breastmnist")
    assert "breastmnist.npz" in one_sentence(caught) and not files_in(cache)


def test_published_addresses_are_encrypted_ones():
    assert downloads.MNIST_URL.startswith("https://") and downloads.MEDMNIST_URL.startswith("https://")
    assert downloads.MNIST_URL.endswith("/") and downloads.MEDMNIST_URL.endswith("/10519652/files/")
