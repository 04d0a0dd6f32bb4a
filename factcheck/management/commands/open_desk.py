"""The first hour of a desk that stays: the rating scales, one in force, and its first account."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from claims.models import Role, User
from reviews.models import RatingScale
from seeds import load


class Command(BaseCommand):
    help = "Load the rating scales, put one into force, and make the first account (an admin)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the first account, with the role admin")
        parser.add_argument("--email", default="", help="its e-mail address")
        parser.add_argument(
            "--scale",
            default="six-steps",
            choices=load.shipped_scales(),
            help="default: %(default)s",
        )
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    @transaction.atomic
    def handle(self, *_: Any, **options: Any) -> None:
        load.scales(active=options["scale"])
        scale = RatingScale.objects.get(active=True)
        self.stdout.write(f"Ratings are given on: {scale}.")
        if User.objects.filter(is_active=True, roles__contains=[Role.ADMIN]).exists():
            self.stdout.write("There is an admin already; add people under People.")
            return
        self._first_account(options)

    def _first_account(self, options: dict[str, Any]) -> None:
        person = User(
            username=options["username"],
            email=options["email"],
            roles=[Role.ADMIN.value],
            is_staff=True,
        )
        if User.objects.filter(username__iexact=person.username).exists():
            raise CommandError(f"There is an account {person.username}, and it is no admin's.")
        password = _password(from_pipe=options["password_stdin"])
        try:
            person.set_password(password)
            person.full_clean()
            validate_password(password, person)
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        person.save()
        self.stdout.write(f"{person.username} is this desk's first admin. Sign in at /admin/.")


def _password(*, from_pipe: bool) -> str:
    if from_pipe:
        return sys.stdin.readline().rstrip("\n")
    first = getpass("Password: ")
    if first != getpass("The same again: "):
        raise CommandError("These are two passwords; nothing was made.")
    return first
