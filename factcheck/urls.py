"""Every address, in one place."""

from django.contrib import admin
from django.urls import include, path

from claims.api.docs import TryIt, schema
from factcheck import health
from reviews import pages

handler400 = "factcheck.trouble.bad_request"
handler403 = "factcheck.trouble.forbidden"
handler404 = "factcheck.trouble.not_found"
handler500 = "factcheck.trouble.server_error"

# Tried from the top: what machines ask all day stands first.
urlpatterns = [
    path("api/schema/", schema, name="schema"),
    path("api/docs/", TryIt.as_view(), name="api-docs"),
    path("api/", include("reviews.api.urls")),
    path("api/", include("claims.api.urls")),
    path("admin/", include("factcheck.admin.pages")),
    path("admin/", admin.site.urls),
    path("", pages.home, name="home"),
    path("checks/<slug:slug>/", pages.check, name="check"),
    path("checks/<slug:slug>.json", pages.newest_json, name="check-json"),
    path("checks/<slug:slug>/v/<int:version>/", pages.check, name="check-version"),
    path("checks/<slug:slug>/v/<int:version>.json", pages.version_json, name="check-version-json"),
    path("corrections/", pages.corrections, name="corrections"),
    path("methodology/", pages.methodology, name="methodology"),
    path("feeds/checks.atom", pages.checks_feed, name="checks-feed"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
