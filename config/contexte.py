"""What every template knows."""

from typing import Any

from django.http import HttpRequest


def palier(request: HttpRequest) -> dict[str, Any]:
    return {}
