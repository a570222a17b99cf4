"""The figures of the séances, inside the équipe: by period, on a page and as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from partenaires import chiffres_seances
from partenaires.chiffres_seances import Chiffres
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.forms.seances import PeriodeForm
from partenaires.models import InscriptionSeance, Seance
from socle.ecriture import duree, nombre
from socle.presentation import Chiffre
from socle.tableurs import TYPE_CSV, ecrire_csv
from socle.vues import fichier_joint


def _lire(request: HttpRequest, formulaire: PeriodeForm) -> Chiffres:
    compte = acteur(request)
    return chiffres_seances.lire(
        Seance.objects.visibles_par(compte), InscriptionSeance.objects.visibles_par(compte),
        formulaire.cleaned_data["du"], formulaire.cleaned_data["au"],
    )  # fmt: skip


@require_safe
@ouvert_a(Permission.SUIVRE)
def seances_chiffres(request: HttpRequest) -> HttpResponse:
    """Séances, hours and presences of a period; the address says which."""
    formulaire = PeriodeForm(request.GET)
    chiffres = _lire(request, formulaire) if formulaire.is_valid() else None
    contexte = {
        "formulaire": formulaire, "chiffres": chiffres, "entetes": chiffres_seances.ENTETES[1:],
        "resume": [
            Chiffre("Séances tenues", nombre(chiffres.seances)),
            Chiffre("Heures", duree(chiffres.duree)),
            Chiffre("Présences", nombre(chiffres.presences)),
        ] if chiffres else [],
        "fil": [("Sensibilisations", reverse("sensibilisations")), ("Chiffres", "")],
    }  # fmt: skip
    return render(request, "partenaires/seances/chiffres.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def seances_csv(request: HttpRequest) -> HttpResponse:
    """The same period as a CSV."""
    formulaire = PeriodeForm(request.GET)
    if not formulaire.is_valid():
        raise Http404
    d = formulaire.cleaned_data
    octets = ecrire_csv(chiffres_seances.feuille(_lire(request, formulaire)))
    nom = f"sensibilisations-{d['du'].isoformat()}-{d['au'].isoformat()}.csv"
    return fichier_joint(octets, nom=nom, genre=TYPE_CSV)
