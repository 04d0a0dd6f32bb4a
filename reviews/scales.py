"""Which ratings there are: the active scale, and loading scales as data."""

from typing import Any

from django.db import transaction

from claims.errors import Invalid
from reviews.errors import UnknownRating
from reviews.models import Rating, RatingScale


def active() -> RatingScale:
    """The scale new rounds are judged on."""
    scale = RatingScale.objects.filter(active=True).first()
    if scale is None:
        raise Invalid("This desk has no active rating scale yet; an admin has to choose one.")
    return scale


def rating_of(scale: RatingScale, code: str, *, pointer: str = "/rating") -> Rating:
    """The rating with this code, or a refusal that names those there are."""
    rating = scale.ratings.filter(code=code).first()
    if rating is None:
        codes = ", ".join(scale.ratings.values_list("code", flat=True))
        wrong = f"“{code}” is no rating of this scale." if code else "Choose a rating."
        raise UnknownRating.at(pointer, f"{wrong} Use one of: {codes}.")
    return rating


@transaction.atomic
def load(data: dict[str, Any], *, activate: bool = False) -> RatingScale:
    """Add one version of a scale from its data, once; the same version again changes nothing.

    ``data``: slug, version, name {language: text}, ratings [{code, label, definition, number,
    class}]. A used version is never rewritten: changed words need a higher version.
    """
    scale, made = RatingScale.objects.get_or_create(
        slug=data["slug"], version=data["version"], defaults={"name": data["name"]}
    )
    if made:
        Rating.objects.bulk_create(
            Rating(
                scale=scale,
                code=row["code"],
                position=position,
                label=row["label"],
                definition=row["definition"],
                number=row.get("number"),
                rating_class=row["class"],
            )
            for position, row in enumerate(data["ratings"])
        )
    if activate and not scale.active:
        RatingScale.objects.filter(active=True).update(active=False)
        scale.active = True
        scale.save(update_fields=["active"])
    return scale
