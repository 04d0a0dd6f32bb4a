"""Captures in an S3-compatible store, whose troubles are told as a disk's would be.

Used only where ``CAPTURES_URL`` names one; its package is an extra (requirements/s3.lock). The
store belongs to the house as the database does, so it is not asked through the guard.
"""

import base64
import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

_NOT_FOUND = 404
# A request waits for the store, and so may a transaction: not for long.
_PATIENCE = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"total_max_attempts": 2, "mode": "standard"},
    signature_version="s3v4",
)


class CaptureStore(S3Storage):  # type: ignore[misc] # brings no types
    """Objects under the keys of captures. Written whole or not at all, and safe when it returns.

    The store checks the SHA-256 of what it takes before it says yes, which is what fsync is on a
    disk. Raises FileNotFoundError for what is not there and OSError, with a reason in words, for
    all else.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=_PATIENCE, **options)

    def _create_session(self) -> Session:
        """A session with the keys that were said; nothing is read from files in a home."""
        return Session(aws_access_key_id=self.access_key, aws_secret_access_key=self.secret_key)

    def _save(self, name: str, content: "File[bytes]") -> str:
        body = content.read()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        with _in_words():
            self._client.put_object(
                Bucket=self.bucket_name,
                Key=self._key(name),
                Body=body,
                ContentType=self.default_content_type,
                ChecksumSHA256=digest,
            )
        return name

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        with _in_words():
            answer = self._client.get_object(Bucket=self.bucket_name, Key=self._key(name))
            return ContentFile(answer["Body"].read(), name=name)

    def exists(self, name: str) -> bool:
        try:
            self.size(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        with _in_words():
            head = self._client.head_object(Bucket=self.bucket_name, Key=self._key(name))
        return int(head["ContentLength"])

    def delete(self, name: str) -> None:
        with _in_words():
            self._client.delete_object(Bucket=self.bucket_name, Key=self._key(name))

    def _key(self, name: str) -> str:
        return str(self._normalize_name(name))

    @property
    def _client(self) -> Any:
        return self.connection.meta.client


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == _NOT_FOUND and said.get("Code") != "NoSuchBucket":
            raise FileNotFoundError(errno.ENOENT, "the store does not have it") from error
        why = f"the store of captures refused ({said.get('Code', status)})"
        raise OSError(errno.EIO, why) from error
    except BotoCoreError as error:
        raise OSError(errno.EIO, "the store of captures cannot be reached") from error
