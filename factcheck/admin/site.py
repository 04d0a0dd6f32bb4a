"""The desk's own admin site."""

from django.contrib.admin import AdminSite


class DeskSite(AdminSite):
    site_header = "Fact-check desk"
    site_title = "Fact-check desk"
