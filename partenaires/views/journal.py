"""The journal, read by the DPO (everything) and by coordination (its own organisation)."""

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partenaires.droits import acteur, ouvert_a, permissions_de
from partenaires.enums import Action, Permission
from partenaires.forms.patrimoine import FiltreJournalForm
from partenaires.models import Compte, Organisation
from socle import journal as journal_socle
from socle.horloge import PARIS
from socle.journal_actions import motif, objet, par_application, phrase
from socle.models import Evenement
from socle.pagination import paginer

ORGANISATIONS_CHERCHEES = 50


@require_safe
@ouvert_a(Permission.JOURNAL, Permission.JOURNAL_TOUT)
def journal(request: HttpRequest) -> HttpResponse:
    """Who read or wrote what, newest first, by organisation, action and period. Reading it is noted."""
    compte = acteur(request)
    actions = [(application, sorted(a.items(), key=lambda x: x[1])) for application, a in par_application().items()]
    formulaire = FiltreJournalForm(request.GET, actions=actions)
    filtre = formulaire.cleaned_data if formulaire.is_valid() else {}
    lignes = Evenement.objects.choisis(
        organisations=_organisations(compte, filtre.get("organisation", "")),
        action=filtre.get("action", ""),
        depuis=datetime.combine(filtre["du"], time(), PARIS) if filtre.get("du") else None,
        avant=datetime.combine(filtre["au"] + timedelta(days=1), time(), PARIS) if filtre.get("au") else None,
    )
    page = paginer(lignes, request.GET, tri=("-le", "-pk"))
    assert compte.organisation_id is not None  # ouvert_a
    journal_socle.noter(
        Action.JOURNAL_LU,
        organisation_id=compte.organisation_id,
        objet_type="evenement",
        objets=[e.pk for e in page.lignes],
    )
    personnes = Compte.objects.noms_de({e.compte_id for e in page.lignes if e.compte_id})
    organisations = Organisation.objects.visibles_par(compte).noms_de({e.organisation_id for e in page.lignes})
    return render(
        request,
        "partenaires/journal.html",
        {
            "formulaire": formulaire,
            "page": page,
            "tout": Permission.JOURNAL_TOUT in permissions_de(compte.roles),
            "filtre": any(filtre.values()),
            "entrees": [
                {
                    "evenement": e,
                    "personne": personnes.get(e.compte_id, "Compte effacé") if e.compte_id else "Palier",
                    "organisation": organisations.get(e.organisation_id, ""),
                    "phrase": phrase(e.action),
                    "motif": motif(e.motif),
                    "genre": objet(e.objet_type),
                    "objet": e.objets[0] if e.objets else "",
                    "autres": len(e.objets) - 1 if e.objets else 0,
                }
                for e in page.lignes
            ],
        },
    )


def _organisations(compte: Compte, nom: str) -> list[int] | None:
    if not nom:
        return None
    connues = Organisation.objects.visibles_par(compte).nommees(nom)
    return list(connues.values_list("pk", flat=True)[:ORGANISATIONS_CHERCHEES])
