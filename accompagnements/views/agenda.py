"""The agenda: a week or a month of visits, filtered in the address."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accompagnements import agenda
from accompagnements.enums import Action
from accompagnements.models import Visite
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Rattachement
from socle import horloge, journal
from socle.pagination import adresse_avec


@require_safe
@ouvert_a(Permission.SUIVRE)
def visites(request: HttpRequest) -> HttpResponse:
    """The visits of a week or a month; reading them is noted, with the situations shown."""
    compte = acteur(request)
    assert compte.organisation_id is not None  # ouvert_a
    periode = agenda.Periode.de(request.GET)
    rattachements = Rattachement.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui()).par_nom()
    noms = {r.compte_id: r.compte.nom_complet for r in rattachements}
    debut, fin = horloge.a_paris(periode.du, 0), horloge.a_paris(periode.au + timedelta(days=1), 0)
    lues = Visite.objects.visibles_par(compte).non_annulees().entre(debut, fin).avec_personne()
    qui = agenda.personne_de(request.GET, compte, noms)
    if qui is not None:
        lues = lues.avec_participant(qui)
    jours = agenda.remplir(periode.jours(), lues[: agenda.MAXIMUM], noms)
    journal.noter(
        Action.LISTE_LUE,
        organisation_id=compte.organisation_id,
        objet_type="accompagnement",
        objets=dict.fromkeys(ligne.objet for jour in jours for ligne in jour.lignes),
    )
    mois = periode.vue == agenda.MOIS
    contexte = {
        "periode": periode,
        "mois": mois,
        "jours": jours if mois else agenda.ouvrees(jours),
        "semaines": agenda.semaines(jours) if mois else [],
        "nombre": sum(len(jour.lignes) for jour in jours if not jour.hors_mois),
        "filtres": agenda.filtres(request.GET, compte, noms),
        "url_semaine": adresse_avec(request.GET, vue=""),
        "url_mois": adresse_avec(request.GET, vue=agenda.MOIS),
        "url_avant": adresse_avec(request.GET, le=periode.avant.isoformat()),
        "url_jour": adresse_avec(request.GET, le=""),
        "url_apres": adresse_avec(request.GET, le=periode.apres.isoformat()),
    }
    return render(request, "accompagnements/agenda/visites.html", contexte)
