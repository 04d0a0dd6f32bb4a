"""Taking a candidate, or a marked passage, over REST: it becomes a draft claim."""

from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.articles import article_with_id, candidate_with_id
from claims.api.base import visible_claim
from claims.api.fields import Input, Whole, Words
from claims.intake import take
from claims.models import Article, Candidate
from claims.provenance.trace import recompute
from reviews.api.claims import ClaimView

WRITE = ("claims:write",)


class TakeInput(Input):
    text = Words(default="", allow_blank=True)


class MarkInput(Input):
    start = Whole(min_value=0)
    end = Whole(min_value=1)
    text = Words(default="", allow_blank=True)


class TakeCandidate(ClaimView):
    """A person takes what a machine saw."""

    scopes = {"POST": WRITE}
    takes = {"POST": TakeInput}
    statuses = {"POST": (201,)}
    candidate: Candidate

    def locate(self) -> None:
        self.candidate = candidate_with_id(self.kwargs["pk"])

    def post(self, request: Request) -> Response:
        """201 with the draft claim; taken twice it is the same claim."""
        claim = take.take(self.candidate, by=self.actor, text=self.told["text"], trace=recompute)
        return self.done(visible_claim(self.actor, claim.pk), status=201)


class MarkPassage(ClaimView):
    """A person marks a passage of an article."""

    scopes = {"POST": WRITE}
    takes = {"POST": MarkInput}
    statuses = {"POST": (201,)}
    article: Article

    def locate(self) -> None:
        self.article = article_with_id(self.kwargs["pk"])

    def post(self, request: Request) -> Response:
        """201 with the draft claim; start and end count characters of the article’s text."""
        claim = take.mark(self.article, by=self.actor, trace=recompute, **self.told)
        return self.done(visible_claim(self.actor, claim.pk), status=201)
