"""The right of reply: who was asked, and what they answered."""

from django.utils.translation import gettext as _

from claims.admin.acts import Act
from claims.models import Actor, Claim
from reviews import right_of_reply
from reviews.admin.acts.asked import needs, there
from reviews.admin.forms.ahead import AnswerForm, AskedForm


def _log_reply(claim: Claim, form: AskedForm, by: Actor) -> str:
    said = form.cleaned_data
    names = ("asked", "role", "channel", "asked_at", "deadline", "answer", "not_asked_because")
    asked = right_of_reply.Asked(**{name: said[name] for name in names})
    right_of_reply.log(claim, asked, by=by)
    return _("On record.")


def _answer(claim: Claim, form: AnswerForm, by: Actor) -> str:
    found = there(claim.replies.all(), form.target)
    right_of_reply.answered(found, by=by, answer=form.cleaned_data["answer"])
    return _("The answer is on record.")


ACTS: dict[str, Act] = {
    "log_reply": Act(AskedForm, "replies", _log_reply, needs("claims:write")),
    "answer": Act(AnswerForm, "replies", _answer, needs("claims:write")),
}
