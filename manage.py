#!/usr/bin/env python
"""Command line of Palier: the process chooses its database login by PALIER_ROLE (web, systeme, owner)."""

import os
import sys


def main() -> None:
    """Run an administrative command under the settings named by the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
