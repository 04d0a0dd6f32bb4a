"""Captures in an S3-compatible store: under their digest, whole, and its troubles in words."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from boto3.session import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import override_settings
from moto.server import ThreadedMotoServer

from claims import capturing
from claims.errors import Busy, Missing
from claims.jobs import Again
from factcheck import stores
from factcheck.objects import CaptureStore
from reviews.gates.captured import _is_there
from tests import factories as make
from tests.claims.test_capturing import held
from tests.rest import Api

pytestmark = pytest.mark.django_db
BACKEND = "factcheck.objects.CaptureStore"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An S3 server on this machine."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str) -> Iterator[Any]:
    """An empty bucket; the desk's captures go there."""
    session = Session(aws_access_key_id="desk", aws_secret_access_key="secret")
    made = session.resource("s3", endpoint_url=f"http://{server}", region_name="us-east-1").Bucket(
        "captures-of-the-desk"
    )
    made.create()
    with pointed_at(f"s3+http://desk:secret@{server}/captures-of-the-desk/kept"):
        yield made
    made.objects.all().delete()
    made.delete()


def pointed_at(url: str) -> override_settings:
    options = stores.store(url).options
    return override_settings(
        STORAGES={
            "default": {"BACKEND": BACKEND, "OPTIONS": options},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
    )


def test_bytes_are_an_object_under_their_digest(bucket: Any) -> None:
    body = b"What the page said."
    capture = capturing.store(body, media_type="text/plain", via="upload")
    digest = hashlib.sha256(body).hexdigest()
    [found] = bucket.objects.all()
    assert found.key == f"kept/captures/{digest[:2]}/{digest}"
    assert found.get()["Body"].read() == body
    assert capturing.content(capture) == body
    assert capturing.read(capture).text == "What the page said."


def test_the_same_bytes_are_put_there_once(bucket: Any) -> None:
    capturing.store(b"Same.", media_type="text/plain", via="upload", file_name="a")
    [first] = bucket.objects.all()
    capturing.store(b"Same.", media_type="text/plain", via="upload", file_name="b")
    [second] = bucket.objects.all()
    assert second.last_modified == first.last_modified


def test_half_an_object_is_written_anew(bucket: Any) -> None:
    capture = capturing.store(b"Whole and complete.", media_type="text/plain", via="upload")
    bucket.put_object(Key=f"kept/{capture.storage_key}", Body=b"Whole")
    with pytest.raises(Missing, match="damaged"):
        capturing.content(capture)
    capturing.store(b"Whole and complete.", media_type="text/plain", via="upload")
    assert capturing.content(capture) == b"Whole and complete."


def test_an_object_that_is_gone_is_told_in_words(bucket: Any) -> None:
    who = make.reviewer()
    capture = capturing.store(b"Soon gone.", media_type="text/plain", via="upload")
    assert _is_there(capture.storage_key)
    bucket.objects.all().delete()
    with pytest.raises(Missing, match="gone"):
        capturing.content(capture)
    assert not _is_there(capture.storage_key)
    answer = Api(who).get(f"captures/{capture.pk}/content/")
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        "The stored bytes of this capture are gone.",
    )


def test_a_store_without_the_bucket_is_a_job_that_tries_again(server: str) -> None:
    with pointed_at(f"s3+http://desk:secret@{server}/no-such-bucket"):
        with pytest.raises(Again, match=r"refused \(NoSuchBucket\)"):
            capturing.store_for(held(), b"x", media_type="text/plain", via="web")
        with pytest.raises(OSError, match="NoSuchBucket"):
            default_storage.open("captures/a")


def test_a_store_that_does_not_answer_is_503_and_never_a_crash() -> None:
    who, capture = make.reviewer(), make.capture(b"x")
    with pointed_at("s3+http://desk:secret@127.0.0.1:9/captures-of-the-desk"):
        with pytest.raises(Busy, match="cannot be reached"):
            capturing.content(capture)
        assert not _is_there(capture.storage_key)
        answer = Api(who).get(f"captures/{capture.pk}/content/")
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        with pytest.raises(Busy, match="could not be stored"):
            capturing.take_in(b"y", media_type="text/plain", via="upload")


def test_what_was_put_there_can_be_listed_and_deleted(bucket: Any) -> None:
    assert isinstance(storages["default"], CaptureStore)
    default_storage.save("captures/a", ContentFile(b"one"))
    assert default_storage.size("captures/a") == 3
    default_storage.delete("captures/a")
    assert not default_storage.exists("captures/a")
