"""Search by name, reference or résidence: in one's organisation only, and noted without its words."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_EQUIPE, Permission
from signalements.enums import Action
from signalements.models import Fiche
from signalements.prolongements import urls_situations
from signalements.resultats import resultat_de
from socle import journal
from socle.chiffrement import mots_de
from socle.ecriture import INSECABLE, compter
from socle.pagination import Page, paginer

LONGUEUR: Final = 80
LETTRES: Final = 2  # or figures, before anything is looked for


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.LIRE_FICHES)
def recherche(request: HttpRequest) -> HttpResponse:
    """A page of 25 fiches, newest first; without two letters or figures nothing is looked for. Each page is noted."""
    compte = acteur(request)
    assert compte.organisation_id is not None  # ouvert_a
    saisie = request.GET.get("q", "").strip()[:LONGUEUR]
    page = None
    if sum(len(mot) for mot in mots_de(saisie)) >= LETTRES:
        lignes = Fiche.objects.cherchables_par(compte).qui_repondent(compte, saisie).avec_contenu()
        recue = "-transmise_le" if compte.a_role(*ROLES_EQUIPE) else "-envoyee_le"
        page = paginer(lignes, request.GET, tri=(recue, "-pk"))
        journal.noter(
            Action.RECHERCHE,
            organisation_id=compte.organisation_id,
            objet_type="fiche",
            objets=[fiche.pk for fiche in page.lignes],
        )
    trouvees = page.lignes if page else []
    situations = urls_situations(trouvees, compte)
    return render(
        request,
        "signalements/recherche.html",
        {
            "saisie": saisie,
            "page": page,
            "resultats": [resultat_de(f, compte, situations.get(f.pk, "")) for f in trouvees],
            "resume": resume_de(page, saisie) if page else "",
        },
    )


def resume_de(page: Page[Fiche], saisie: str) -> str:
    """How many, or that there are more: a search is never counted whole."""
    if not page.precedente and not page.suivante:
        return compter(len(page.lignes), "fiche trouvée", "fiches trouvées")
    if page.suivante and not page.precedente:
        return f"Plus de {len(page.lignes)} fiches{INSECABLE}: précisez le nom, la référence ou la résidence."
    return f"Suite des fiches trouvées pour «{INSECABLE}{saisie}{INSECABLE}»"
