"""The text that gives the answer, over REST: its versions, writing one, agreeing to it."""

import difflib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import READ, OfClaim
from claims.api.fields import Flag, Input, Shape, Whole, Words
from claims.api.render import person_name, stamp
from claims.errors import Invalid, Missing, Problem
from reviews import rounds
from reviews.models import Finding
from reviews.verdicts.finding import (
    LOOKED_MAX,
    Sentence,
    Text,
    agree,
    may_agree,
    may_write,
    write,
)


class SentenceShape(Shape):
    text = serializers.CharField()
    evidence = serializers.ListField(child=serializers.UUIDField())
    judgement = serializers.BooleanField()


class AgreementShape(Shape):
    by = serializers.CharField()
    at = serializers.DateTimeField()


class VersionShape(Shape):
    number = serializers.IntegerField()
    headline = serializers.CharField()
    answer = serializers.CharField()
    sentences = SentenceShape(many=True)
    # There where somebody said where evidence against it was looked for.
    looked_against = serializers.CharField(required=False)
    author = serializers.CharField()
    written_at = serializers.DateTimeField()
    agreed = AgreementShape(many=True)
    difference = serializers.ListField(child=serializers.CharField())


class FindingShape(Shape):
    round = serializers.UUIDField()
    number = serializers.IntegerField()
    headline = serializers.CharField()
    answer = serializers.CharField()
    sentences = SentenceShape(many=True)
    # There where somebody said where evidence against it was looked for.
    looked_against = serializers.CharField(required=False)
    author = serializers.CharField()
    written_at = serializers.DateTimeField()
    agreed = AgreementShape(many=True)
    versions = VersionShape(many=True)


class SentenceInput(Input):
    text = Words()
    evidence = serializers.ListField(child=Words(max_length=40), default=list)
    judgement = Flag(default=False)


class AgreeInput(Input):
    number = Whole(min_value=1, required=False, help_text="The version that was read.")


class FindingInput(Input):
    headline = Words()
    answer = Words()
    sentences = SentenceInput(many=True)
    looked_against = Words(max_length=LOOKED_MAX, required=False, allow_blank=True)


def text_from(told: Mapping[str, Any]) -> Text:
    """What was sent, as the verbs take it."""
    return Text(
        headline=told["headline"],
        answer=told["answer"],
        sentences=tuple(
            Sentence(one["text"], tuple(one["evidence"]), one["judgement"])
            for one in told["sentences"]
        ),
        looked_against=told.get("looked_against"),
    )


def text_json(version: Finding) -> dict[str, Any]:
    """The words of one version."""
    said = {
        "headline": version.headline,
        "answer": version.answer,
        "sentences": version.sentences,
    }
    return said | {"looked_against": version.looked_against} if version.looked_against else said


class FindingView(OfClaim):
    """A view that answers with the newest text of the newest round."""

    shape = FindingShape

    def present(self) -> Finding:
        """The newest text the caller may see: one's own, until the round is revealed."""
        round_ = rounds.newest(self.claim)
        found = (
            Finding.objects.visible_to(self.actor)
            .filter(round=round_)
            .select_related("author", "round")
            .prefetch_related("agreements__reviewer")
            .order_by("-number")
        )
        self.versions = list(found)
        if not self.versions:
            raise Missing("There is no text to read here yet.")
        return self.versions[0]

    def recall(self, key: str) -> Finding:
        self.present()
        for version in self.versions:
            if version.pk == UUID(key):
                return version
        raise Missing("This text belongs to an earlier round.")

    def render(self, record: Finding) -> dict[str, Any]:
        older = [version for version in self.versions if version.number <= record.number]
        return {
            "round": str(record.round_id),
            **_version(record),
            "versions": [
                {**_version(one), "difference": _difference(one, before)}
                for one, before in zip(older, [*older[1:], None], strict=True)
            ],
        }


class FindingText(FindingView):
    """The finding of the claim's newest round."""

    scopes = {"GET": READ, "PUT": ("reviews:write", "publish")}
    takes = {"PUT": FindingInput}

    def permit(self) -> None:
        if self.request.method == "PUT":
            may_write(self.claim, self.actor)

    def get(self, request: Request) -> Response:
        """The text with all its versions, newest first, each with what it changed."""
        return self.one(self.present())

    def put(self, request: Request) -> Response:
        """Write a new version, after the reveal: by the round's reviewers or an editor."""
        try:
            write(self.claim, text_from(self.told), by=self.actor)
        except Invalid as refused:
            raise _at_the_top(refused) from refused
        return self.one(self.present())


class AgreeToFinding(FindingView):
    """Stand by the present version, which somebody else wrote."""

    scopes = {"POST": ("reviews:write",)}
    takes = {"POST": AgreeInput}

    def permit(self) -> None:
        may_agree(self.claim, self.actor)

    def post(self, request: Request) -> Response:
        """The second reviewer agrees; with ``number`` to that version alone, else 412."""
        agree(self.claim, by=self.actor, number=self.told.get("number"))
        return self.done(self.present())


def _version(version: Finding) -> dict[str, Any]:
    return {
        "number": version.number,
        **text_json(version),
        "author": person_name(version.author),
        "written_at": stamp(version.written_at),
        "agreed": [
            {"by": person_name(one.reviewer), "at": stamp(one.agreed_at)}
            for one in version.agreements.all()
        ],
    }


def _difference(version: Finding, before: Finding | None) -> list[str]:
    """What changed since the version before, line by line as ``diff -u`` has it."""
    if before is None:
        return []
    changed = difflib.unified_diff(_lines(before), _lines(version), lineterm="", n=0)
    return [line for line in changed if not line.startswith(("---", "+++", "@@"))]


def _lines(version: Finding) -> list[str]:
    sentences = [one["text"] for one in version.sentences]
    looked = [version.looked_against] if version.looked_against else []
    return [version.headline, version.answer, *sentences, *looked]


def _at_the_top(refused: Invalid) -> Invalid:
    """The same refusal where the finding is the whole body, not a part of a review."""
    problems = [
        Problem(one.pointer.removeprefix("/finding"), one.message) for one in refused.problems
    ]
    return Invalid(refused.message, code=refused.reason, problems=problems)
