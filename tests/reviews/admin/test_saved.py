"""Filters live in the address; kept under a name they are one's own or the desk's."""

import re

import pytest

from claims.models import Role
from reviews.models import SavedFilter
from reviews.queue import filters, pick
from tests import factories as make
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db
CLAIMS, QUEUE, SAVED = "/admin/claims/claim/", "/admin/queue/", "/admin/saved/"
URGENT = {"do": "save", "place": "claims", "query": "only=urgent", "name": "What burns"}


def test_a_filter_is_kept_opened_and_removed() -> None:
    make.claim("An urgent one.", urgent=True)
    make.claim("Another.")
    desk = Desk.of(make.contributor())
    assert "Keep this filter" in words(desk.get(CLAIMS, only="urgent"))
    assert "Keep this filter" not in words(desk.get(CLAIMS))

    answer = desk.client.post(SAVED, URGENT, follow=True)
    assert "Kept for you as “What burns”." in words(answer)
    link = re.search(r'href="([^"]*)"[^>]*>What burns</a>', desk.get(CLAIMS).content.decode())
    assert link is not None
    shown = words(desk.client.get(link.group(1).replace("&amp;", "&")))
    assert "An urgent one." in shown
    assert "Another." not in shown

    key = str(SavedFilter.objects.get().pk)
    desk.client.post(SAVED, {**URGENT, "do": "remove", "filter": key})
    assert not SavedFilter.objects.exists()


def test_others_see_it_only_when_it_is_shared_and_never_remove_it() -> None:
    owner, other = Desk.of(make.reviewer()), Desk.of(make.reviewer())
    owner.client.post(SAVED, URGENT)
    assert "What burns" not in words(other.get(CLAIMS))

    owner.client.post(SAVED, {**URGENT, "shared": "on"})
    assert "What burns" in words(other.get(CLAIMS))
    assert "Remove" not in words(other.get(CLAIMS, only="urgent"))
    key = str(SavedFilter.objects.get().pk)
    other.client.post(SAVED, {"do": "remove", "place": "claims", "filter": key})

    assert SavedFilter.objects.get().shared


def test_what_it_means_is_seen_through_the_eyes_of_whoever_opens_it() -> None:
    mine = Desk.of(make.reviewer())
    mine.client.post(SAVED, {**URGENT, "query": "whose=mine", "shared": "on"})
    other = make.person(Role.REVIEWER)
    make.claim("Assigned to another.").assigned_to.add(other)
    make.claim("A hidden one.", visibility="restricted")

    assert "Assigned to another." not in words(mine.get(CLAIMS, whose="mine"))
    assert "Assigned to another." in words(Desk.of(other).get(CLAIMS, whose="mine"))
    assert "A hidden one." not in words(Desk.of(other).get(CLAIMS))


def test_a_place_within_the_list_and_strangers_words_are_no_part_of_it() -> None:
    query = "?after=5~x&only=urgent&created_by__password=a&e=1"

    assert filters.query_of("claims", query) == "only=urgent"
    assert filters.query_of("claims", "stage=review&only=urgent") == "only=urgent&stage=review"
    assert filters.query_of("nowhere", query) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "nul\0"},
        {"query": ""},
        {"query": "nonsense=1"},
        {"query": "q=" + "x" * 2_000},
        {"query": "q=%00"},
        {"place": "elsewhere"},
        {"do": "explode"},
        {"do": "remove", "filter": "nonsense"},
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(wrong: dict[str, str]) -> None:
    desk = Desk.of(make.reviewer())

    answer = desk.client.post(SAVED, {**URGENT, **wrong}, follow=True)

    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_the_same_name_again_replaces_and_there_is_an_end_to_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filters, "MOST", 2)
    desk = Desk.of(make.reviewer())
    for name in ("a", "b", "a", "c"):
        desk.client.post(SAVED, {**URGENT, "name": name, "query": f"q={name}"})

    assert sorted(SavedFilter.objects.values_list("name", flat=True)) == ["a", "b"]


def test_the_queue_of_an_editor_is_filtered_by_stage_and_kept() -> None:
    desk = Desk.of(make.editor())
    said = words(desk.get(QUEUE, stage="ready"))
    assert "Ready to publish" in said
    assert "Keep this filter" in said

    desk.client.post(
        SAVED, {"do": "save", "place": "queue", "query": "stage=ready", "name": "Out"}
    )

    assert "Out" in words(desk.get(QUEUE))
    assert desk.get(QUEUE, stage="nonsense", language="\0").status_code == 200


def test_what_one_passed_over_is_listed_with_its_reason_and_can_be_taken_back() -> None:
    claim, who = make.in_checking("The ferry was closed."), make.reviewer()
    pick.skip(claim, by=who, reason="Too technical for me.")
    desk = Desk.of(who)
    said = words(desk.get(QUEUE))
    assert "Too technical for me." in said
    assert "Too technical" not in words(Desk.of(make.reviewer()).get(QUEUE))

    desk.client.post(QUEUE, {"claim": str(claim.pk)})

    assert set(pick.queue(who)) == {claim}
    for key in (str(claim.pk)[:-1], "nonsense", ""):
        assert desk.client.post(QUEUE, {"claim": key}).status_code == 302
