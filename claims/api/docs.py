"""The API described for machines, and a page to try it: open to everyone, made once a process."""

import functools

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularSwaggerSplitView

YAML, JSON = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, as YAML unless JSON is asked for."""
    as_json = "json" in request.headers.get("Accept", "") or request.GET.get("format") == "json"
    answer = HttpResponse(described(as_json=as_json), content_type=JSON if as_json else YAML)
    answer.headers["Vary"] = "Accept"
    return answer


@functools.cache
def described(*, as_json: bool = False) -> bytes:
    """The description; reading it off the views takes a second, so it is done once."""
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    renderer = OpenApiJsonRenderer() if as_json else OpenApiYamlRenderer()
    text: bytes = renderer.render(document, renderer_context={})
    return text


class TryIt(SpectacularSwaggerSplitView):
    """Swagger UI, its script apart, so that the page needs nothing inline."""

    template_name = "api/docs.html"
    throttle_classes = ()
    url_name = "schema"
