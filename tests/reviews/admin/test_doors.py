"""Who may open what: closed by default, decided by role, half a sign-in opens nothing."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.contrib.auth.models import Group, Permission
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.admin.base import RoleGuarded
from claims.models import ApiToken, Claim, Job, Role, User
from reviews.models import Finding, Notification, Policy, Publication, Review, Verdict
from tests import factories as make
from tests.reviews import stories
from tests.reviews.admin.desk import BACKEND, Desk, page_of, words

pytestmark = pytest.mark.django_db
ADMIN_CLASSES = sorted(admin.site._registry.items(), key=lambda item: item[0].__name__)
NEVER_CHANGED = {"Claim", "Article", "Capture", "Publication", "RatingScale", "Job", "ApiToken"}


@pytest.mark.parametrize("model", [model for model, _ in ADMIN_CLASSES])
def test_every_admin_class_decides_by_role(model: type) -> None:
    assert isinstance(admin.site._registry[model], RoleGuarded)


@pytest.mark.parametrize("model", [model for model, _ in ADMIN_CLASSES])
def test_without_a_role_nothing_opens_even_for_a_superuser(model: type) -> None:
    nobody = User.objects.create(username="root", is_superuser=True, is_staff=True, roles=[])
    nobody.user_permissions.set(Permission.objects.all())
    request = RequestFactory().get("/")
    request.user = nobody
    guarded = admin.site._registry[model]

    assert not guarded.has_view_permission(request)
    assert not guarded.has_add_permission(request)
    assert not guarded.has_change_permission(request)
    assert not guarded.has_delete_permission(request)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("model", [model for model, _ in ADMIN_CLASSES])
def test_nothing_can_be_deleted_and_records_cannot_be_changed(model: type, role: str) -> None:
    request = RequestFactory().get("/")
    request.user = make.person(role)
    guarded = admin.site._registry[model]

    assert not guarded.has_delete_permission(request)
    if model.__name__ in NEVER_CHANGED:
        assert not guarded.has_change_permission(request)


def test_judgements_have_no_stock_pages_at_all() -> None:
    for model in (Review, Verdict, Finding, Policy, Notification, Group):
        assert not admin.site.is_registered(model)
    assert admin.site.is_registered(Publication)


@pytest.mark.parametrize("model", [model for model, _ in ADMIN_CLASSES])
@pytest.mark.parametrize("role", Role.values)
def test_every_list_opens_for_whom_it_is_meant_and_for_nobody_else(model: type, role: str) -> None:
    desk = Desk.of(make.person(role))
    guarded = admin.site._registry[model]
    meta = model._meta  # type: ignore[attr-defined]

    answer = desk.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))

    assert answer.status_code == (200 if role in guarded.readers | guarded.changers else 403)  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", Role.values)
def test_every_record_opens_for_whom_its_list_opens(role: str) -> None:
    desk = Desk.of(make.person(role))
    claim = make.claim(claimant=make.claimant("Bridge Authority"), article=make.seed_article())
    make.evidence(make.covered(claim, make.article(outlet=make.outlet("Upland Post")))[0].claim)
    stories.published()
    opened = set()
    for model, guarded in ADMIN_CLASSES:
        record = model._default_manager.first()
        if record is None:
            continue
        opened.add(model.__name__)
        names = (model._meta.app_label, model._meta.model_name)
        answer = desk.get(reverse("admin:{}_{}_change".format(*names), args=[record.pk]))
        readers = guarded.readers | guarded.changers  # type: ignore[attr-defined]
        assert answer.status_code == (200 if role in readers else 403), model

    assert opened >= {"Article", "Capture", "Claim", "Claimant", "Outlet", "Publication", "User"}


@pytest.mark.parametrize(
    "name", ["index", "queue", "next", "inbox", "policy", "comfort", "second-factor"]
)
def test_desk_pages_send_strangers_to_the_door(name: str) -> None:
    answer = Client().get(reverse(f"desk:{name}"))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_the_door_tells_a_person_without_a_role_nothing() -> None:
    person = make.person(name="no-role")
    person.roles = []
    person.set_password("a-long-password-1")
    person.save()
    client = Client()
    typed = {"username": "no-role", "password": "a-long-password-1"}
    unknown = {"username": "nobody-at-all", "password": "a-long-password-1"}

    answers = [words(client.post("/admin/login/", one)) for one in (typed, unknown)]

    assert answers[0] == answers[1]


def test_who_left_has_no_session_any_more() -> None:
    desk = Desk.of(make.reviewer())
    User.objects.update(is_active=False)

    assert desk.get("/admin/").status_code == 302


def test_a_role_taken_away_closes_the_desk_at_once() -> None:
    desk = Desk.of(make.reviewer())
    User.objects.update(roles=[])

    assert desk.get("/admin/").status_code == 302


class TestSecondFactor:
    def signed_in(self, role: str) -> Client:
        client = Client()
        client.force_login(make.person(role), backend=BACKEND)
        return client

    @pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
    def test_half_a_sign_in_opens_no_page(self, role: str) -> None:
        client, claim = self.signed_in(role), make.in_checking()

        for url in ("/admin/", "/admin/claims/claim/", page_of(claim)):
            assert client.get(url).status_code == 302
        assert client.get("/admin/", follow=True).status_code == 200

    def test_reviewers_come_in_by_password(self) -> None:
        assert self.signed_in(Role.REVIEWER).get("/admin/").status_code == 200

    @override_settings(OTP_REQUIRED=False)
    def test_the_demo_asks_for_none(self) -> None:
        assert self.signed_in(Role.EDITOR).get("/admin/").status_code == 200

    def test_it_is_set_up_once_with_codes_for_the_day_the_device_is_lost(self) -> None:
        client = self.signed_in(Role.EDITOR)
        url = reverse("desk:second-factor")
        assert "Set up your second factor" in words(client.get(url))
        assert client.post(url, {"code": "000000"}).status_code == 400

        device = TOTPDevice.objects.get()
        device.throttle_reset()
        answer = client.post(url, {"code": _code_of(device)})

        assert "Keep these codes" in words(answer)
        assert StaticToken.objects.count() == 8
        assert client.get("/admin/").status_code == 200

        other = Client()
        other.force_login(User.objects.get(), backend=BACKEND)
        code = StaticToken.objects.values_list("token", flat=True)[0]
        assert other.post(url, {"code": code}).status_code == 302
        assert other.get("/admin/").status_code == 200
        assert StaticToken.objects.count() == 7


class TestPeopleAndTokens:
    def test_only_with_their_own_password_does_an_admin_change_roles(self) -> None:
        ruler, other = make.admin(), make.person(Role.REVIEWER)
        assert ruler.person is not None
        ruler.person.set_password("a-long-password-1")
        ruler.person.save()
        desk = Desk.of(ruler)
        url = reverse("admin:claims_user_change", args=[other.pk])
        typed = {"username": other.username, "is_active": "on", "roles": ["editor"]}

        desk.client.post(url, {**typed, "own_password": "a-guess"})
        other.refresh_from_db()
        assert other.roles == ["reviewer"]

        desk.client.post(url, {**typed, "own_password": "a-long-password-1"})
        other.refresh_from_db()
        assert other.roles == ["editor"]

    def test_a_token_is_shown_once_and_never_wider_than_its_owner(self) -> None:
        who = make.reviewer()
        assert who.person is not None
        who.person.set_password("a-long-password-1")
        who.person.save()
        desk = Desk.of(who)
        typed = {"name": "script", "days": 10, "own_password": "a-long-password-1"}
        url = reverse("admin:claims_apitoken_add")

        assert desk.client.post(url, {**typed, "scopes": ["publish"]}).status_code == 400
        answer = desk.client.post(url, {**typed, "scopes": ["claims:read"]})

        shown = re.search(r"fcd_[\w-]+", answer.content.decode())
        assert shown is not None
        row = ApiToken.objects.get()
        assert row.digest == ApiToken.digest_of(shown.group())
        later = desk.get(reverse("admin:claims_apitoken_change", args=[row.pk]))
        assert "fcd_" not in later.content.decode()
        assert row.digest not in later.content.decode()

    def test_one_sees_only_ones_own_tokens(self) -> None:
        row, _ = make.token(of=make.person(Role.REVIEWER), name="somebody-elses")
        desk = Desk.of(make.reviewer())

        assert "somebody-elses" not in words(desk.get("/admin/claims/apitoken/"))
        revoke = reverse("admin:claims_apitoken_revoke", args=[row.pk])
        assert desk.client.post(revoke).status_code == 404


class TestPolicy:
    def typed(self, **changed: object) -> dict[str, object]:
        parts = ("harm", "demand", "due", "checkworthiness", "repeats", "waiting")
        return {
            "reviewers": 3,
            "lease_minutes": 20,
            "wip_limit": 5,
            "reconcile_hours": 48,
            "urgent_due_hours": 2,
            "overridable": ["reply"],
            **{f"weight_{name}": 10 for name in parts},
            **changed,
        }

    def test_an_admin_changes_it_and_everybody_reads_it(self) -> None:
        Desk.of(make.admin()).client.post("/admin/policy/", self.typed())

        assert Policy.objects.get().settings["reviewers"] == 3
        assert "20 min" in words(Desk.of(make.reviewer()).get("/admin/policy/"))

    @pytest.mark.parametrize("make_who", [make.reviewer, make.editor, make.contributor])
    def test_nobody_else_does(self, make_who: object) -> None:
        desk = Desk.of(make_who())  # type: ignore[operator]

        assert desk.client.post("/admin/policy/", self.typed()).status_code == 403
        assert not Policy.objects.exists()

    def test_a_safeguard_cannot_be_switched_off(self) -> None:
        desk = Desk.of(make.admin())

        answer = desk.client.post("/admin/policy/", self.typed(overridable=["four_eyes"]))

        assert answer.status_code == 400
        assert not Policy.objects.exists()


def test_the_theme_is_kept_and_leads_nowhere_else() -> None:
    client = Client()

    answer = client.post("/admin/theme/", {"theme": "dark", "next": "https://evil.example/"})

    assert answer["Location"] == "/admin/"
    assert client.cookies["desk_theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/admin/login/").content.decode()


def test_no_page_carries_script_or_style_of_its_own() -> None:
    claim = make.in_checking()
    desk = Desk.of(make.reviewer())

    for url in ("/admin/", "/admin/queue/", "/admin/claims/claim/", page_of(claim)):
        answer = desk.get(url)
        body = answer.content.decode()
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)", body)
        assert not re.search(r"\sstyle=|<style|\son\w+=", body)


def _code_of(device: TOTPDevice) -> str:
    made = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    return f"{made.token():06d}"


def test_the_site_in_use_is_ours() -> None:
    assert type(admin.site) is not AdminSite
    assert Claim in admin.site._registry


def test_no_detour_leads_to_an_object_by_its_type_and_key() -> None:
    assert Desk.of(make.editor()).get("/admin/r/1/2/").status_code == 404


def test_an_editor_says_who_owns_an_outlet_and_a_reader_does_not() -> None:
    outlet = make.outlet("The Daily")
    url = reverse("admin:claims_outlet_change", args=[outlet.pk])
    typed = {"name": "The Daily", "owner_name": "A Holding"}

    assert Desk.of(make.reviewer()).client.post(url, typed).status_code == 403
    Desk.of(make.editor()).client.post(url, typed)

    outlet.refresh_from_db()
    assert outlet.owner is not None
    assert outlet.owner.name == "A Holding"


def test_an_editor_says_which_feeds_of_an_outlet_are_read() -> None:
    outlet = make.outlet("The Daily", feeds=["https://daily.example/old"])
    make.article(outlet=outlet, signals={"feeds": ["https://daily.example/offered"]})
    url = reverse("admin:claims_outlet_change", args=[outlet.pk])
    desk = Desk.of(make.editor())

    assert "https://daily.example/offered" in words(desk.client.get(url))
    desk.client.post(url, {"name": "The Daily", "feed_list": "https://daily.example/new"})
    outlet.refresh_from_db()
    assert outlet.feeds == ["https://daily.example/new"]
    kept = {"name": "The Daily", "feed_list": "https://daily.example/new"}
    desk.client.post(url, {**kept, "confirmed": ["https://daily.example/made-up"]})
    outlet.refresh_from_db()
    assert outlet.feeds == ["https://daily.example/new"]
    desk.client.post(url, {**kept, "confirmed": ["https://daily.example/offered"]})
    outlet.refresh_from_db()
    assert outlet.feeds == ["https://daily.example/new", "https://daily.example/offered"]
    desk.client.post(url, kept)
    refused = desk.client.post(
        url, {"name": "The Daily", "feed_list": "http://10.0.0.7/feed"}, follow=True
    )
    assert "cannot be fetched" in words(refused)
    outlet.refresh_from_db()
    assert outlet.feeds == ["https://daily.example/new"]


def test_an_editor_has_the_front_page_of_an_outlet_asked_for_feeds() -> None:
    outlet = make.outlet("The Daily", host="daily.example")
    url = reverse("admin:claims_outlet_change", args=[outlet.pk])
    look = reverse("admin:claims_outlet_look_for_feeds", args=[outlet.pk])
    desk = Desk.of(make.editor())

    reader = Desk.of(make.reviewer())
    assert "Look for feeds" not in words(reader.client.get(url))
    assert "Only an editor" in words(reader.client.post(look, follow=True))
    assert not Job.objects.filter(kind="outlet.feeds").exists()
    assert "Look for feeds" in words(desk.client.get(url))
    assert desk.client.get(look).status_code == 302
    assert not Job.objects.filter(kind="outlet.feeds").exists()
    assert "is being asked" in words(desk.client.post(look, follow=True))
    assert "is being asked" in words(desk.client.post(look, follow=True))
    Job.objects.update(state="failed", cause="<b>It</b> answered 503.")
    shown = desk.client.get(url).content.decode()
    assert "It came to nothing: &lt;b&gt;It&lt;/b&gt; answered 503." in shown
    nowhere = reverse("admin:claims_outlet_look_for_feeds", args=[make.claim().pk])
    assert desk.client.post(nowhere).status_code == 404


def test_an_editor_says_that_an_outlet_is_another_by_its_host() -> None:
    daily, post = make.outlet("The Daily"), make.outlet("The Post", host="post.example")
    url = reverse("admin:claims_outlet_change", args=[daily.pk])
    desk = Desk.of(make.editor())

    unknown = desk.client.post(url, {"name": "The Daily", "merged": "nowhere.example"})
    assert "There is no such outlet." in words(unknown)
    desk.client.post(url, {"name": "The Daily", "merged": "post.example"})
    daily.refresh_from_db()
    assert daily.merged_into == post
    desk.client.post(url, {"name": "The Daily", "merged": ""})
    daily.refresh_from_db()
    assert daily.merged_into is None


def test_a_person_is_added_with_a_password_that_is_good_enough() -> None:
    ruler = make.admin()
    assert ruler.person is not None
    ruler.person.set_password("a-long-password-1")
    ruler.person.save()
    desk = Desk.of(ruler)
    url = reverse("admin:claims_user_add")
    typed = {
        "username": "new-here",
        "roles": ["reviewer"],
        "languages": "en, ar",
        "is_active": "on",
        "own_password": "a-long-password-1",
    }

    desk.client.post(url, {**typed, "new_password": "short"})
    assert not User.objects.filter(username="new-here").exists()
    desk.client.post(url, {**typed, "new_password": "quite-a-long-one-7"})

    made = User.objects.get(username="new-here")
    assert (made.roles, made.languages) == (["reviewer"], ["en", "ar"])
    assert made.check_password("quite-a-long-one-7")
