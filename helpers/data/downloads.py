"""Larger real sets that you may bring or download: MNIST and MedMNIST.

With `folder` the files are yours and the network is never asked. Without it they are read from your cache and
downloaded once if they are missing; a file is kept only if its checksum is the published one.
"""
import gzip
import math
import tomllib
import zlib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np

MNIST_URL = "https://ossci-datasets.s3.amazonaws.com/mnist/"  # the copy that torchvision reads
MNIST_MD5 = {
    "train-images-idx3-ubyte": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "ec29112dd5afa0611ce80d1b7f02629c",
}  # of the files packed with gzip
MEDMNIST_URL = "https://zenodo.org/records/10519652/files/"
MEDMNIST_FILE = Path(__file__).with_name("medmnist.toml")
SPLITS = ("train", "val", "test")


@dataclass(frozen=True, eq=False)
class MedMNIST:
    """One MedMNIST set.

    train, val, test : pairs (images, labels), as the authors split them. Images are as stored: (N, 28, 28) grey,
        (N, 28, 28, 3) colour or (N, 28, 28, 28) volumes. Labels are int64 of shape (N,); for chestmnist, where an
        image has several findings or none, 0 or 1 for each of them, of shape (N, 14).
    task : the question, in words.
    labels : what each label number means, or each column for chestmnist.
    licence : the terms on which the images may be used.
    """

    name: str
    train: tuple = field(repr=False)
    val: tuple = field(repr=False)
    test: tuple = field(repr=False)
    task: str
    labels: tuple
    licence: str


def load_idx(images, labels):
    """Images and labels from two IDX files, the format of MNIST and its relatives.

    images, labels : paths of the two files, packed with gzip or not, whatever their names end in.
    Returns uint8 images of shape (N, H, W) and int64 labels of shape (N,).  Raises FileNotFoundError for a missing
    file and ValueError for one that is truncated, damaged, of another kind, without images, or in the other's place.
    Source: LeCun et al. 1998, doi:10.1109/5.726791; the layout is described on the page of the MNIST database.
    """
    pictures, classes = _read_idx(images), _read_idx(labels)
    if pictures.ndim == 1 and classes.ndim == 3:
        raise ValueError(f"{images} holds labels and {labels} holds images: swap the two.")
    if pictures.ndim != 3:
        raise ValueError(f"{images} holds labels, not images: name the file of images first.")
    if classes.ndim != 1:
        raise ValueError(f"{labels} holds images, not labels: name the file of labels second.")
    if len(pictures) != len(classes):
        raise ValueError(f"{images} holds {len(pictures):,} images and {labels} holds {len(classes):,} labels: "
                         "take two files of one set.")
    return pictures, classes.astype(np.int64)


def load_mnist(folder=None):
    """Handwritten digits, 28 by 28: 60,000 to train and 10,000 to test.

    folder : where your four files lie, packed with gzip or not, for example train-images-idx3-ubyte.gz or
        train-images.idx3-ubyte. Fashion-MNIST and other sets with these file names load too. Left out, the files
        come from your cache and are downloaded once (11 MB) if they are not there.
    Returns ((train images, train labels), (test images, test labels)): uint8 (N, 28, 28) and int64 (N,).
    Raises what `load_idx` raises; without a folder also ConnectionError when the download fails, ValueError when
    it is not the published file, OSError when it cannot be stored.
    Source: LeCun et al. 1998, doi:10.1109/5.726791.
    """
    if folder is None:
        files = [_fetch(f"{MNIST_URL}{name}.gz", "mnist", md5) for name, md5 in MNIST_MD5.items()]
    else:
        files = _mnist_files(folder)
    return load_idx(*files[:2]), load_idx(*files[2:])


def load_medmnist(name, folder=None):
    """One of 18 sets of small medical images with labels, 28 pixels a side.

    name : for example "pneumoniamnist", "organamnist" or "nodulemnist3d".
    folder : where your NAME.npz lies. Left out, it comes from your cache and is downloaded once if it is not there.
    Returns a MedMNIST.  Raises ValueError for another name and for a file that is truncated, damaged or another
    set's, FileNotFoundError for a missing one; without a folder also what `load_mnist` raises.
    At 28 pixels much of what a radiologist looks for is gone, and not every set was split by patient: a score on it
    says nothing about use in a clinic.  Source: Yang et al. 2023, doi:10.1038/s41597-022-01721-8.

    >>> load_medmnist("pneumonia")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: There is no MedMNIST set called 'pneumonia' (did you mean pneumoniamnist?): choose one of ...
    """
    sets = tomllib.loads(MEDMNIST_FILE.read_text(encoding="utf-8"))
    about = sets.get(str(name).lower())
    if about is None:
        near = get_close_matches(str(name).lower(), sets, n=1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        raise ValueError(f"There is no MedMNIST set called {name!r}{meant}: choose one of {', '.join(sets)}.")
    name = str(name).lower()
    if folder is None:
        path = _fetch(f"{MEDMNIST_URL}{name}.npz?download=1", "medmnist", about["md5"])
    else:
        path = _your_folder(folder) / f"{name}.npz"
    arrays = _read_npz(path)
    pairs = [_check_split(path, arrays, split, name, about) for split in SPLITS]
    return MedMNIST(name, *pairs, about["task"], tuple(about["labels"]), about["licence"])


def _opened(path):
    path = Path(path).expanduser()
    if path.is_dir():
        raise ValueError(f"{path} is a folder: name the file that lies in it.")
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise FileNotFoundError(f"There is no file {path}: check its name and its folder.") from None
    except OSError as error:
        raise OSError(f"{path} cannot be read ({error.strerror}): check who may open it.") from error


def _unpacked(path):
    """The bytes of a file, after gunzip where its first two bytes say that it is packed."""
    with _opened(path) as stream:
        stored = stream.read()
    if not stored.startswith(b"\x1f\x8b"):
        return stored
    try:
        return gzip.decompress(stored)
    except EOFError:
        raise ValueError(f"{path} is a gzip file that is truncated: copy or download it again.") from None
    except (OSError, zlib.error):
        raise ValueError(f"{path} is a damaged gzip file: copy or download it again.") from None


def _read_idx(path):
    """The array of an IDX file: two zero bytes, the kind of number, how many axes, their lengths, the numbers."""
    stored = _unpacked(path)
    if not stored:
        raise ValueError(f"{path} is empty: copy or download it again.")
    if len(stored) < 4 or stored[:2] != b"\0\0":
        raise ValueError(f"{path} is not an IDX file, which begins with two zero bytes, not {stored[:4]!r}: take "
                         "another file.")
    kind, axes = stored[2], stored[3]
    if kind != 8 or axes not in (1, 3):
        raise ValueError(f"{path} is an IDX file of kind {kind} with {axes} axes: take one of bytes (kind 8) with 3 "
                         "axes for images or 1 for labels.")
    start = 4 + 4 * axes
    shape = tuple(int.from_bytes(stored[place:place + 4], "big") for place in range(4, start, 4))
    surplus = len(stored) - start - math.prod(shape)
    if surplus < 0:
        raise ValueError(f"{path} is truncated after {len(stored):,} bytes: copy or download it again.")
    if surplus > 0:
        raise ValueError(f"{path} has {surplus:,} bytes more than its header announces: copy or download it again.")
    if 0 in shape:
        raise ValueError(f"{path} announces the shape {shape}, which holds nothing: take another file.")
    return np.frombuffer(stored, np.uint8, offset=start).reshape(shape).copy()  # a copy can be written to


def _your_folder(folder):
    folder = Path(folder).expanduser()
    if not folder.exists():
        raise FileNotFoundError(f"There is no folder {folder}: check its name.")
    if not folder.is_dir():
        raise ValueError(f"{folder} is a file: name the folder in which it lies.")
    return folder


def _mnist_files(folder):
    """The four files of a folder under any of their usual names."""
    folder, files, lacking = _your_folder(folder), [], []
    for name in MNIST_MD5:
        dotted = name.replace("-idx", ".idx")
        places = [folder / f"{stem}{ending}" for stem in (name, dotted) for ending in ("", ".gz")]
        found = [place for place in places if place.is_file()]  # some archives unpack to folders of these names
        files += found[:1]
        lacking += [] if found else [name]
    if lacking:
        raise FileNotFoundError(f"{folder} lacks {', '.join(lacking)} (each may end in .gz): put the files there.")
    return files


def _read_npz(path):
    keys = [f"{split}_{part}" for split in SPLITS for part in ("images", "labels")]
    with _opened(path) as stream:
        try:
            with np.load(stream, allow_pickle=False) as archive:
                arrays = {key: archive[key] for key in keys if key in archive}
        except Exception as error:  # a damaged archive raises any of a dozen kinds
            raise ValueError(f"{path} is truncated, damaged or not an archive of arrays (.npz): copy or download it "
                             "again.") from error
    lacking = [key for key in keys if key not in arrays]
    if lacking:
        raise ValueError(f"{path} lacks {', '.join(lacking)}: it is not a MedMNIST file; download it again.")
    return arrays


def _check_split(path, arrays, split, name, about):
    """The images and labels of one split, or what shows that they are not those of this set."""
    images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
    shape, classes = tuple(about["shape"]), range(len(about["labels"]))
    columns, allowed = (len(classes), (0, 1)) if about.get("several") else (1, tuple(classes))
    if images.shape[1:] != shape or not len(images) or images.dtype.kind not in "uif":
        wrong = f"{split}_images of shape {images.shape} ({images.dtype}), not (N, {', '.join(map(str, shape))})"
    elif labels.shape != (len(images), columns):
        wrong = f"{split}_labels of shape {labels.shape}, not {(len(images), columns)}"
    elif not np.isin(labels, allowed).all():
        wrong = f"{split}_labels that are not all from {allowed[0]} to {allowed[-1]}"
    else:
        labels = labels.astype(np.int64)
        return images, labels if columns > 1 else labels[:, 0]
    raise ValueError(f"{path} is not {name} at 28 pixels: it holds {wrong}; download the right file.")


def _fetch(url, folder, md5):
    """The path of a file in the user's cache, downloaded first where it is missing or not the published one."""
    import pooch
    import requests

    file = url.rpartition("/")[2].partition("?")[0]
    place = Path(pooch.os_cache("dl-medical-images")) / folder
    instead = f"or get {file} elsewhere and pass the folder it lies in as folder"
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("WARNING")  # its report of every step would come up red in a notebook
    try:
        return Path(pooch.retrieve(url, f"md5:{md5}", file, place, downloader=_download))
    except requests.HTTPError as error:
        raise ConnectionError(f"The server answered {error.response.status_code} when asked for {url}: try again "
                              f"later, {instead}.") from error
    except requests.RequestException as error:
        raise ConnectionError(f"{url} could not be downloaded, or not to its end: check your network and try again, "
                              f"{instead}.") from error
    except ValueError as error:
        raise ValueError(f"What came from {url} is not the published file (its checksum differs) and was deleted: "
                         f"try again in another network, {instead}.") from error
    except OSError as error:
        reason = getattr(error.__cause__ or error, "strerror", error)
        raise OSError(f"{file} cannot be stored or read in {place} ({reason}): make room or give yourself the right "
                      f"to write there, {instead}.") from error
    finally:
        logger.setLevel(level)


def _download(url, target, _):
    """What pooch calls only when a file must be downloaded; it keeps the target only if the checksum is right."""
    import requests

    print(f"Downloading {url} once; later it is read from your disk.")
    # pooch's own downloader leaves the connection open when the server answers with an error.
    with requests.get(url, stream=True, timeout=30) as answer, Path(target).open("wb") as file:
        answer.raise_for_status()
        file.writelines(answer.iter_content(2**16))
