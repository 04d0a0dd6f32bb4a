"""One address of Valkey makes two, and a broker that is gone costs seconds."""

import time

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from factcheck.brokers import broker_url, cache_url


@pytest.mark.parametrize(
    ("said", "broker", "cache"),
    [
        ("redis://valkey", "redis://valkey/0", "redis://valkey/1"),
        ("redis://valkey:6379/", "redis://valkey:6379/0", "redis://valkey:6379/1"),
        ("rediss://u:p@valkey:6380/4", "rediss://u:p@valkey:6380/4", "rediss://u:p@valkey:6380/5"),
        ("unix:///run/vk/s", "redis+socket:///run/vk/s?virtual_host=0", "unix:///run/vk/s?db=1"),
        (
            "unix:///run/vk/s?db=2",
            "redis+socket:///run/vk/s?virtual_host=2",
            "unix:///run/vk/s?db=3",
        ),
    ],
)
def test_broker_and_cache_are_two_databases_of_one_server(
    said: str, broker: str, cache: str
) -> None:
    assert broker_url(said) == broker
    assert cache_url(said) == cache


@pytest.mark.parametrize("address", ["unix:///nowhere/s", "redis://127.0.0.1:9/0"])
def test_sending_to_a_broker_that_is_gone_fails_within_seconds(address: str) -> None:
    app = Celery("gone", set_as_current=False)
    app.config_from_object(
        {
            **{
                name.removeprefix("CELERY_").lower(): getattr(settings, name)
                for name in dir(settings)
                if name.startswith("CELERY_")
            },
            "broker_url": broker_url(address),
        }
    )
    began = time.monotonic()
    with pytest.raises(OperationalError):
        app.send_task("desk.ping", retry=False)
    assert time.monotonic() - began < 4
