"""Bytes under their SHA-256: whole and safe before anybody names them, in a folder or a bucket."""

import errno
import os
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

# Folders whose names this process has made safe; there are 256 of them and a few above.
_named_safely: set[Path] = set()


def key_of(digest: str) -> str:
    """Where the bytes of a digest are in the store."""
    # One folder of 256: each new one costs as much as a file, and has to be made safe itself.
    return f"captures/{digest[:2]}/{digest}"


def read(key: str) -> bytes:
    """What is stored under *key*. Raises FileNotFoundError and other OSErrors."""
    with default_storage.open(key) as file:
        body: bytes = file.read()
    return body


def write(key: str, body: bytes) -> None:
    """Put bytes under a key once, whole or not at all, and on the disk before returning."""
    try:
        path = Path(default_storage.path(key))
    except NotImplementedError:  # an object store: what it said yes to is safe, and whole
        if not _is_stored(key, len(body)) and default_storage.save(key, ContentFile(body)) != key:
            raise OSError(errno.EEXIST, "the store kept the bytes under another name") from None
        return
    if _size(path) == len(body):
        return
    if _size(path.parent) is None:
        gone = [folder for folder in [path.parent, *path.parent.parents] if not folder.exists()]
        _named_safely.difference_update(gone)
        # Names are digests, and a digest tells whoever can guess a page what the desk looks into.
        for folder in reversed(gone):
            folder.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{path.name}.{token_hex(6)}")
    try:
        with open(draft, "xb", buffering=0, opener=_for_us_alone) as file:
            left = memoryview(body)
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folders(path.parent)


def _size(path: Path) -> int | None:
    """In bytes; None where there is nothing."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _is_stored(key: str, size: int) -> bool:
    try:
        return default_storage.size(key) == size
    except FileNotFoundError:
        return False


def _sync_folders(folder: Path) -> None:
    """Make the names safe too, up to the root of the store or to a folder whose own name is."""
    root = Path(settings.MEDIA_ROOT)
    while True:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if folder in {root, folder.parent} or folder in _named_safely:
            return
        _named_safely.add(folder)
        folder = folder.parent
