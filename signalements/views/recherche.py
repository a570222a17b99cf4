"""Search by name, reference or résidence: in one's organisation only, and noted without its words."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from signalements.enums import Action
from signalements.models import Fiche
from signalements.prolongements import urls_situations
from signalements.resultats import resultat_de
from socle import journal
from socle.chiffrement import mots_de

LONGUEUR: Final = 80
MONTRES: Final = 25


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.LIRE_FICHES)
def recherche(request: HttpRequest) -> HttpResponse:
    """At most 25 fiches, newest first; without two letters or figures nothing is looked for."""
    compte = acteur(request)
    assert compte.organisation_id is not None  # ouvert_a
    saisie = request.GET.get("q", "").strip()[:LONGUEUR]
    assez = sum(len(mot) for mot in mots_de(saisie)) >= 2
    trouvees: list[Fiche] = []
    if assez:
        lignes = Fiche.objects.cherchables_par(compte).qui_repondent(compte, saisie)
        trouvees = list(lignes.avec_contenu().recentes()[: MONTRES + 1])
        journal.noter(
            Action.RECHERCHE,
            organisation_id=compte.organisation_id,
            objet_type="fiche",
            objets=[fiche.pk for fiche in trouvees[:MONTRES]],
        )
    situations = urls_situations(trouvees[:MONTRES], compte)
    return render(
        request,
        "signalements/recherche.html",
        {
            "saisie": saisie,
            "assez": assez,
            "resultats": [resultat_de(f, compte, situations.get(f.pk, "")) for f in trouvees[:MONTRES]],
            "il_y_en_a_plus": len(trouvees) > MONTRES,
        },
    )
