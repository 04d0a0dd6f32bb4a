"""The desk's pages about judging and publishing."""

from reviews.admin.desk import ClaimAdmin as ClaimAdmin
from reviews.admin.records import PublicationAdmin as PublicationAdmin
from reviews.admin.records import RatingScaleAdmin as RatingScaleAdmin
