"""Reads the address of an S3-compatible store for captures; it knows no Django and no S3."""

import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import parse_qs, unquote, urlsplit

SCHEMES = {"s3": "https", "s3+http": "http"}
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PACKAGES = ("storages", "boto3")


@dataclass(frozen=True, slots=True)
class Store:
    """Where captures go. Without key and secret the machine's own role is used."""

    endpoint: str
    bucket: str
    prefix: str
    region: str
    key: str = ""
    secret: str = field(default="", repr=False)

    @property
    def options(self) -> dict[str, str | None]:
        """What ``factcheck.objects.CaptureStore`` takes."""
        return {
            "endpoint_url": self.endpoint,
            "bucket_name": self.bucket,
            "location": self.prefix,
            "region_name": self.region,
            "addressing_style": "path",
            "access_key": self.key or None,
            "secret_key": self.secret or None,
        }


def store(said: str) -> Store:
    """``s3://KEY:SECRET@host/bucket/folder?region=…``; ``s3+http`` within the house.

    Raises ValueError with what is wrong, and never with the secret.
    """
    try:
        url = urlsplit(said)
        port = f":{url.port}" if url.port else ""
    except ValueError:
        raise ValueError("is no address of a store") from None
    if url.scheme not in SCHEMES or not url.hostname:
        raise ValueError("is no address that begins with s3:// or s3+http:// and names a host")
    bucket, _, prefix = url.path.strip("/").partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise ValueError("names no bucket after the host")
    if bool(url.username) != bool(url.password):
        raise ValueError("names only one of key and secret")
    query = parse_qs(url.query)
    if unknown := sorted(query.keys() - {"region"}):
        raise ValueError(f"says {unknown[0]!r}, which nobody knows; only region can be said")
    if not all(map(find_spec, _PACKAGES)):
        raise ValueError("needs packages that are missing: pip install -r requirements/s3.lock")
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    return Store(
        endpoint=f"{SCHEMES[url.scheme]}://{host}{port}",
        bucket=bucket,
        prefix=prefix,
        region=query.get("region", ["us-east-1"])[0],
        key=unquote(url.username or ""),
        secret=unquote(url.password or ""),
    )
