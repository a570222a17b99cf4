"""Headers on every answer: no cache on signed-in pages, and nothing that a shared machine would keep."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# The same for everybody: what installs the site on a phone, asked for again by browsers at each page.
SANS_PERSONNE = frozenset({"/ouvrier.js", "/manifeste.webmanifest"})


class EntetesMiddleware:
    """`no-store` wherever a session is at work; a narrow permissions policy everywhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        reponse.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if not request.path.startswith("/static/") and request.path not in SANS_PERSONNE:
            reponse.headers["Cache-Control"] = "no-store"
        return reponse
