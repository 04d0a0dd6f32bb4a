"""The address of a store for captures: read whole, or refused in one line without secrets."""

import pytest

from factcheck import stores
from factcheck.environment import WrongValueError, read


def test_an_address_says_all_that_is_needed() -> None:
    said = stores.store("s3://KEY:se%2Fcret@s3.example:9000/bucket/a/b?region=eu-west-1")
    assert (said.endpoint, said.bucket, said.prefix) == (
        "https://s3.example:9000",
        "bucket",
        "a/b",
    )
    assert (said.key, said.secret, said.region) == ("KEY", "se/cret", "eu-west-1")
    assert "cret" not in repr(said)


def test_within_the_house_it_may_be_plain_and_by_the_machines_own_role() -> None:
    said = stores.store("s3+http://minio:9000/bucket")
    assert (said.endpoint, said.options["access_key"]) == ("http://minio:9000", None)


@pytest.mark.parametrize(
    "value",
    [
        "https://s3.example/bucket",
        "s3://s3.example",
        "s3://s3.example/B",
        "s3://:9000/bucket",
        "s3://hunter2@s3.example/bucket",
        "s3://k:hunter2@s3.example/bucket?acl=public",
        "s3://k:hunter2@s3.example:port/bucket",
    ],
)
def test_a_wrong_one_stops_the_start_with_one_line(value: str) -> None:
    with pytest.raises(WrongValueError) as refused:
        read({"CAPTURES_URL": value})
    [line] = refused.value.lines
    assert line.startswith("CAPTURES_URL: ")
    assert "For example: CAPTURES_URL=s3://" in line
    assert "hunter2" not in line


def test_without_its_packages_the_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stores, "find_spec", lambda _name: None)
    with pytest.raises(WrongValueError, match=r"pip install -r requirements/s3\.lock"):
        read({"CAPTURES_URL": "s3://k:s@s3.example/bucket"})
