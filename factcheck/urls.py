"""Every address, in one place."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from factcheck import health

handler400 = "factcheck.rest.bad_request"
handler403 = "factcheck.rest.forbidden"
handler404 = "factcheck.rest.not_found"
handler500 = "factcheck.rest.server_error"

urlpatterns = [
    path("admin/", include("factcheck.admin.pages")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("api/", include("reviews.api.urls")),
    path("api/", include("claims.api.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
