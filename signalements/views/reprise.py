"""A device gives back what it kept while there was no network: once, into its draft, or into one new draft."""

from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements import droits, parcours
from signalements.forms.etapes import donnees_de
from signalements.forms.fiche import GRILLE, RELIRE
from signalements.forms.reprise import NouvelleRepriseForm, RepriseForm, champs_connus, cote_la_grille, en_mots
from signalements.models import Fiche
from signalements.views.brouillon import Saisie
from socle.idempotence import CorpsDifferent, une_fois


@require_POST
@ouvert_a(Permission.SAISIR)
def reprise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """200 with where to go on; 409 with both texts; 410 once the fiche has left; 400 for what makes no sense."""
    compte, formulaire = acteur(request), RepriseForm(request.POST)
    if not formulaire.is_valid():
        droits.fiche_en_main(compte, pk)  # out of scope is unknown, whatever was sent
        return JsonResponse({}, status=400)
    return _reprendre(compte, pk, formulaire.cleaned_data)


@require_POST
@ouvert_a(Permission.SAISIR)
def reprise_nouvelle(request: HttpRequest) -> HttpResponse:
    """The same for a fiche begun without network: its key makes one draft, however often it is sent."""
    compte = acteur(request)
    formulaire = NouvelleRepriseForm(request.POST)
    if not formulaire.is_valid():
        return JsonResponse({}, status=400)
    pk, _ = une_fois(
        formulaire.cleaned_data["fiche"],
        compte_id=compte.pk,
        action="saisir_fiche",
        corps={"orienteur": None},
        faire=lambda: parcours.commencer(par=compte).pk,
    )
    return _reprendre(compte, UUID(pk), formulaire.cleaned_data)


def _reprendre(compte: Compte, pk: UUID, donnees: dict[str, Any]) -> HttpResponse:
    fiche = droits.fiche_en_main(compte, pk)
    if fiche is None:
        return JsonResponse({}, status=410)
    saisie = Saisie.ouvrir(compte, fiche)
    formulaires = [saisie.formulaire(e, donnees_de(donnees["champs"])) for e in saisie.etapes if e != RELIRE]
    champs = champs_connus(formulaires, donnees["champs"])
    if donnees["alerte"]:
        _noter_alerte(compte, fiche, donnees["cle"])
    avec = {GRILLE: str(saisie.grille.pk)} if cote_la_grille(formulaires, champs) else {}
    try:
        une_fois(
            donnees["cle"],
            compte_id=compte.pk,
            action="reprise",
            corps={"fiche": str(pk), "champs": champs, "remplacer": donnees["remplacer"]},
            faire=lambda: (
                parcours.reprendre_brouillon(
                    pk, par=compte, champs=champs, avant=donnees["avant"], avec=avec, remplacer=donnees["remplacer"]
                ).pk
            ),
        )
    except CorpsDifferent:
        return JsonResponse({}, status=400)
    except parcours.ConflitDeReprise as conflit:
        return JsonResponse({"conflits": _dire(formulaires, conflit)}, status=409)
    etape = donnees["etape"] if donnees["etape"] in saisie.etapes else RELIRE
    return JsonResponse({"url": saisie.adresse(etape)})


def _noter_alerte(compte: Compte, fiche: Fiche, cle: UUID) -> None:
    """The device showed whom to call: noted once, even while its text waits for a choice."""

    def faire() -> UUID:
        parcours.demander_urgence(fiche.pk, par=compte)
        parcours.noter_urgence_montree(par=compte, fiche=fiche)
        return fiche.pk

    une_fois(
        uuid5(cle, "alerte"), compte_id=compte.pk, action="reprise_alerte", corps={"fiche": str(fiche.pk)}, faire=faire
    )


def _dire(formulaires: list[Any], conflit: parcours.ConflitDeReprise) -> list[dict[str, str]]:
    """Both texts of each field, in the order of the form."""
    lus = [f[nom] for f in formulaires for nom in f.fields if nom in conflit.textes]
    dits = []
    for champ in lus:
        mien, autre = conflit.textes[champ.name]
        dits.append({"libelle": champ.label, "mien": en_mots(champ, mien), "autre": en_mots(champ, autre)})
    return dits
