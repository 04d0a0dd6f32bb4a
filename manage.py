#!/usr/bin/env python3
"""Django's command line, for this desk: beside a demo that runs, on its database."""

import os
import sys

from django.core.management import execute_from_command_line

from factcheck import home

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    for name, value in home.running_services(home.place()).items():
        os.environ.setdefault(name, value)
    execute_from_command_line(sys.argv)
