"""The site on a phone without network: what installs it, its worker, and the one blank page that the worker keeps.

None of the three knows who asks: they are the same for everybody, and hold no person's data.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from signalements.forms.etapes import ContexteForm, DomaineForm, PersonneForm
from signalements.models import Grille
from signalements.residences import ResidencesOffertes

# What the blank page is made of. A test compares it with the page.
FICHIERS: Final = (
    *(f"palier/{nom}.css" for nom in (
        "adaptations", "avis", "base", "blocs", "composants", "coquille", "formulaires", "impression", "jetons",
        "listes", "page", "saisie", "signalements", "tableaux", "telephone",
    )),
    *(f"palier/{nom}.js" for nom in ("compteur", "echelle", "envoi", "garde", "hors-ligne", "menus")),
    "palier/formulations.json",
    "palier/marque.svg",
    "vendor/bootstrap/bootstrap.min.css",
    "vendor/polices/atkinson-hyperlegible-next-latin-wght-normal.woff2",
)  # fmt: skip
# What its modules import by name: browsers ask for them without the digest that `static` adds in production.
IMPORTES: Final = tuple(f"palier/{nom}.js" for nom in ("enregistrement", "file", "garde-lecture", "reprise"))
OUVRIER: Final = "palier/ouvrier.js"
ICONES: Final = (("palier/icone-192.png", "192x192", "any"), ("palier/icone-512.png", "512x512", "any"),
                 ("palier/icone-masque-512.png", "512x512", "maskable"))  # fmt: skip
UNE_HEURE: Final = 3600


@gzip_page
@login_not_required
@require_safe
def hors_ligne(request: HttpRequest) -> HttpResponse:
    """The blank page, rendered without the request: whoever asks, it is the same."""
    return HttpResponse(page_blanche(_grille().pk))


@login_not_required
@require_safe
@cache_control(private=True, max_age=UNE_HEURE)
def ouvrier(request: HttpRequest) -> HttpResponse:
    """The service worker. Its text changes with anything that it keeps, so that the browser installs the new one."""
    fichiers = [*map(static, FICHIERS), *(settings.STATIC_URL + nom for nom in IMPORTES)]
    reglages = {"VERSION": version(_grille().pk), "PAGE": reverse("hors_ligne"), "FICHIERS": fichiers}
    constantes = "".join(f"const {nom} = {json.dumps(valeur)};\n" for nom, valeur in reglages.items())
    return HttpResponse(constantes + _source(OUVRIER).read_text("utf-8"), content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
@cache_control(private=True, max_age=UNE_HEURE)
def manifeste(request: HttpRequest) -> HttpResponse:
    """What makes the site installable on a phone."""
    icones = [{"src": static(f), "sizes": t, "type": "image/png", "purpose": p} for f, t, p in ICONES]
    contenu = {
        "id": "/", "name": "Palier", "short_name": "Palier", "lang": "fr", "dir": "ltr",
        "description": "Signaler une situation, depuis la cage d’escalier.",
        "start_url": "/", "scope": "/", "display": "standalone",
        "theme_color": "#0e5a63", "background_color": "#f6f4f0", "icons": icones,
    }  # fmt: skip
    return JsonResponse(contenu, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@lru_cache(maxsize=2)
def page_blanche(grille_id: int) -> str:
    """The page for the national grid of this key; a résidence is chosen with network, an équipe's grid too."""
    domaines = [(d.label, DomaineForm(signaux=signaux)) for d, signaux in _grille().par_domaine()]
    personne = PersonneForm(offertes=ResidencesOffertes([]))
    contexte = {"personne": personne, "domaines": domaines, "contexte": ContexteForm()}
    return render_to_string("signalements/hors_ligne.html", contexte)


@lru_cache(maxsize=2)
def version(grille_id: int) -> str:
    """A digest of everything that the worker keeps."""
    somme = hashlib.sha256(page_blanche(grille_id).encode())
    for nom in (*FICHIERS, *IMPORTES, OUVRIER):
        somme.update(_source(nom).read_bytes())
    return somme.hexdigest()[:12]


def _grille() -> Grille:
    return Grille.objects.en_vigueur(None)


def _source(nom: str) -> Path:
    chemin = finders.find(nom)
    assert isinstance(chemin, str), nom
    return Path(chemin)
