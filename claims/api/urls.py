"""The addresses of the API that need nothing of judging; the rest is in reviews.api.urls."""

from django.urls import path, re_path

from claims.api.articles import ArticlePiece, Articles, LeaveCandidate, RetryArticle
from claims.api.base import Unknown
from claims.api.captures import CaptureContent, CapturePiece, CaptureRecord, Captures
from claims.api.coverage import Coverage, Leads, Preview, RetryRun, RunPiece, Runs
from claims.api.events import Events
from claims.api.provenance import Edges, OneEdge, OneNode, Provenance, ResolveNode
from claims.api.registers import Claimants, Outlets, Tags, Topics
from claims.api.tokens import TokenPiece, Tokens

urlpatterns = [
    path("v1/articles/", Articles.as_view()),
    path("v1/articles/<uuid:pk>/", ArticlePiece.as_view()),
    path("v1/articles/<uuid:pk>/retry/", RetryArticle.as_view()),
    path("v1/candidates/<uuid:pk>/leave/", LeaveCandidate.as_view()),
    path("v1/captures/", Captures.as_view()),
    path("v1/captures/<uuid:pk>/", CapturePiece.as_view()),
    path("v1/captures/<uuid:pk>/content/", CaptureContent.as_view()),
    path("v1/captures/<uuid:pk>/warc/", CaptureRecord.as_view()),
    path("v1/claims/<uuid:pk>/coverage/", Coverage.as_view()),
    path("v1/claims/<uuid:pk>/coverage-runs/", Runs.as_view()),
    path("v1/claims/<uuid:pk>/coverage-preview/", Preview.as_view()),
    path("v1/claims/<uuid:pk>/provenance/", Provenance.as_view()),
    path("v1/claims/<uuid:pk>/provenance-edges/", Edges.as_view()),
    path("v1/provenance-edges/<uuid:pk>/", OneEdge.as_view()),
    path("v1/provenance-nodes/<uuid:pk>/", OneNode.as_view()),
    path("v1/provenance-nodes/<uuid:pk>/resolve/", ResolveNode.as_view()),
    path("v1/coverage-runs/<uuid:pk>/", RunPiece.as_view()),
    path("v1/coverage-runs/<uuid:pk>/leads/", Leads.as_view()),
    path("v1/coverage-runs/<uuid:pk>/retry/", RetryRun.as_view()),
    path("v1/events/", Events.as_view()),
    path("v1/outlets/", Outlets.as_view()),
    path("v1/claimants/", Claimants.as_view()),
    path("v1/tags/", Tags.as_view()),
    path("v1/topics/", Topics.as_view()),
    path("v1/tokens/", Tokens.as_view()),
    path("v1/tokens/<uuid:pk>/", TokenPiece.as_view()),
    # Last: whatever is no address of the API is told so in the API's own words.
    re_path(r"^(?!schema/|docs/)", Unknown.as_view()),
]
