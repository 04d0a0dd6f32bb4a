"""The desk's pages about what was said and found."""

from claims.admin.articles import ArticleAdmin as ArticleAdmin
from claims.admin.captures import CaptureAdmin as CaptureAdmin
from claims.admin.outlets import OutletAdmin as OutletAdmin
from claims.admin.people import ApiTokenAdmin as ApiTokenAdmin
from claims.admin.people import UserAdmin as UserAdmin
from claims.admin.work import JobAdmin as JobAdmin
