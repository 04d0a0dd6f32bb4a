"""Skills and interests at the desk: one's own, an editor's view, and the claim page."""

from typing import Any
from uuid import uuid4

import pytest

from claims.models import Claim, Role, Tag, Topic
from reviews.models import Conflict
from reviews.queue import interest
from tests import factories as make
from tests.reviews.admin.desk import Desk, words

pytestmark = pytest.mark.django_db
PAGE = "/admin/interests/"


def declare(desk: Desk, query: str = "", **typed: Any) -> Any:
    sent = {"do": "declare", "reason": "I own a share.", **typed}
    return desk.client.post(PAGE + query, sent, follow=True)


def test_one_is_put_on_record_by_its_name() -> None:
    Topic.objects.create(name="Health")
    desk = Desk.of(make.reviewer())

    answer = declare(desk, kind="topic", name="health")

    assert "On record." in words(answer)
    assert "I own a share." in words(answer)
    assert Conflict.objects.get().person == desk.person


def test_from_a_claim_one_chooses_what_it_has() -> None:
    claim = make.in_checking(topic=Topic.objects.create(name="Health"))
    desk = Desk.of(make.reviewer())
    assert f"/admin/interests/?claim={claim.pk}" in desk.page(claim).content.decode()

    declare(desk, f"?claim={claim.pk}", about=f"topic:{claim.topic_id}")

    assert Conflict.objects.get().topic == claim.topic
    assert "conflict of interest on record here (the topic “Health”)" in words(desk.page(claim))


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"kind": "topic", "name": ""},
        {"kind": "topic", "name": "Unheard of"},
        {"kind": "planet", "name": "Health"},
        {"kind": "topic", "name": "nul\0"},
        {"kind": "topic", "name": "Health", "reason": ""},
    ],
)
def test_what_cannot_be_used_is_refused_in_words(typed: dict[str, Any]) -> None:
    Topic.objects.create(name="Health")

    answer = declare(Desk.of(make.reviewer()), **typed)

    assert answer.status_code == 400
    assert not Conflict.objects.exists()


def test_what_is_no_part_of_the_claim_cannot_be_chosen_from_it() -> None:
    claim, other = make.in_checking(), Topic.objects.create(name="Health")
    desk = Desk.of(make.reviewer())

    for about in (f"topic:{other.pk}", "topic:nonsense", "", "person:1"):
        assert declare(desk, f"?claim={claim.pk}", about=about).status_code == 400


def test_a_hidden_claim_is_not_there() -> None:
    hidden = make.in_checking(visibility=Claim.Visibility.RESTRICTED)
    desk = Desk.of(make.reviewer())

    for key in (hidden.pk, uuid4(), "nonsense"):
        assert desk.get(PAGE, claim=str(key)).status_code == 404


def test_others_interests_are_read_by_editors_alone() -> None:
    topic = Topic.objects.create(name="Health")
    who = make.person(Role.REVIEWER, name="somebody")
    interest.declare(who, topic, by=make.editor(), reason="A private matter.")

    assert "A private matter." not in words(Desk.of(make.reviewer()).get(PAGE))
    assert "A private matter." in words(Desk.of(make.editor()).get(PAGE))


def test_an_editor_notes_one_for_a_colleague_and_ends_it() -> None:
    topic, who = Topic.objects.create(name="Health"), make.person(Role.REVIEWER, name="somebody")
    desk = Desk.of(make.editor())
    declare(desk, kind="topic", name="Health", person="somebody")
    row = Conflict.objects.get()
    assert (row.person, row.topic) == (who, topic)

    desk.client.post(PAGE, {"do": "end", "conflict": str(row.pk)})

    row.refresh_from_db()
    assert row.ended_by == desk.person


def test_a_reviewer_neither_names_others_nor_ends_anything() -> None:
    topic, other = Topic.objects.create(name="Health"), make.person(Role.REVIEWER, name="other")
    theirs = interest.declare(other, topic, by=make.editor(), reason="So.")
    desk = Desk.of(make.reviewer())
    declare(desk, kind="topic", name="Health", person="other")
    own = Conflict.objects.get(person=desk.person)

    statuses = [
        desk.client.post(PAGE, {"do": "end", "conflict": key}).status_code
        for key in (str(own.pk), str(theirs.pk), str(uuid4()), "nonsense")
    ]

    assert statuses == [403, 404, 404, 404]
    assert not Conflict.objects.filter(ended_at__isnull=False).exists()


def test_skills_are_ticked_among_the_tags_that_need_one() -> None:
    skill, plain = (
        Tag.objects.create(name=n, needs_skill=n == "medicine") for n in "medicine x".split()
    )
    desk = Desk.of(make.reviewer())

    desk.client.post(PAGE, {"do": "skills", "skill": [str(skill.pk), str(plain.pk)]})
    assert [one.name for one in desk.person.skills.all()] == ["medicine"]
    assert desk.client.post(PAGE, {"do": "skills", "skill": ["nonsense"]}).status_code == 400
    desk.client.post(PAGE, {"do": "skills"})

    assert not desk.person.skills.exists()


def test_the_claim_page_says_which_skill_it_asks_for() -> None:
    claim = make.in_checking()
    claim.tags.add(Tag.objects.create(name="medicine", needs_skill=True))

    said = words(Desk.of(make.reviewer()).page(claim))

    assert "It asks for a skill that you do not list (medicine)" in said
    assert "Take the lead" in said


def test_an_editor_says_which_tags_need_a_skill() -> None:
    tag = Tag.objects.create(name="medicine")
    url = f"/admin/claims/tag/{tag.pk}/change/"

    assert Desk.of(make.reviewer()).client.post(url, {"needs_skill": "on"}).status_code == 403
    Desk.of(make.editor()).client.post(url, {"name": "renamed", "needs_skill": "on"})

    tag.refresh_from_db()
    assert (tag.name, tag.needs_skill) == ("medicine", True)
