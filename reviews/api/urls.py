"""The addresses of the API that judging has a part in; a claim's answer holds its verdict."""

from django.urls import path

from reviews.api.candidates import MarkPassage, TakeCandidate
from reviews.api.claims import Claims, OneClaim
from reviews.api.corrections import (
    Corrections,
    IssueCorrection,
    Proposals,
    RestorePage,
    SuspendPage,
)
from reviews.api.evidence import (
    EvidenceOfClaim,
    EvidencePiece,
    SignOffEvidence,
    WithdrawEvidence,
)
from reviews.api.finding import AgreeToFinding, FindingText
from reviews.api.notes import Notes
from reviews.api.parts import Parts
from reviews.api.publications import Publications
from reviews.api.queue import Next, Queue
from reviews.api.replies import Replies, ReplyPiece
from reviews.api.reviews import Adjudications, Reconcile, Reviews
from reviews.api.seats import GiveBackSeat, RenewSeat, TakeSeat
from reviews.api.transitions import Transitions
from reviews.api.verdicts import RatingScales, Verdicts

urlpatterns = [
    # First: asked for by everybody all day, and addresses are tried from the top.
    path("v1/queue/", Queue.as_view()),
    path("v1/queue/next/", Next.as_view()),
    path("v1/candidates/<uuid:pk>/take/", TakeCandidate.as_view()),
    path("v1/articles/<uuid:pk>/claims/", MarkPassage.as_view()),
    path("v1/claims/", Claims.as_view()),
    path("v1/claims/<uuid:pk>/", OneClaim.as_view()),
    path("v1/claims/<uuid:pk>/transitions/", Transitions.as_view()),
    path("v1/claims/<uuid:pk>/evidence/", EvidenceOfClaim.as_view()),
    path("v1/claims/<uuid:pk>/lease/", TakeSeat.as_view()),
    path("v1/claims/<uuid:pk>/reviews/", Reviews.as_view()),
    path("v1/claims/<uuid:pk>/parts/", Parts.as_view()),
    path("v1/claims/<uuid:pk>/notes/", Notes.as_view()),
    path("v1/claims/<uuid:pk>/reconcile/", Reconcile.as_view()),
    path("v1/claims/<uuid:pk>/adjudications/", Adjudications.as_view()),
    path("v1/claims/<uuid:pk>/finding/", FindingText.as_view()),
    path("v1/claims/<uuid:pk>/finding/agree/", AgreeToFinding.as_view()),
    path("v1/claims/<uuid:pk>/verdicts/", Verdicts.as_view()),
    path("v1/claims/<uuid:pk>/corrections/", Proposals.as_view()),
    path("v1/claims/<uuid:pk>/suspend/", SuspendPage.as_view()),
    path("v1/claims/<uuid:pk>/restore-page/", RestorePage.as_view()),
    path("v1/claims/<uuid:pk>/replies/", Replies.as_view()),
    path("v1/replies/<uuid:pk>/", ReplyPiece.as_view()),
    path("v1/evidence/<uuid:pk>/", EvidencePiece.as_view()),
    path("v1/evidence/<uuid:pk>/withdraw/", WithdrawEvidence.as_view()),
    path("v1/evidence/<uuid:pk>/sign-off/", SignOffEvidence.as_view()),
    path("v1/corrections/", Corrections.as_view()),
    path("v1/corrections/<uuid:pk>/issue/", IssueCorrection.as_view()),
    path("v1/leases/<uuid:pk>/", GiveBackSeat.as_view()),
    path("v1/leases/<uuid:pk>/renew/", RenewSeat.as_view()),
    path("v1/publications/", Publications.as_view()),
    path("v1/rating-scales/", RatingScales.as_view()),
]
