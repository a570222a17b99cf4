"""The next step of a situation, written by hand."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accompagnements import parcours
from accompagnements.echeances import echeances_de
from accompagnements.forms.lectures import EtapeForm
from accompagnements.models import Accompagnement
from accompagnements.situation import quand
from accompagnements.views.commun import acte, donnees, en_main, fait, maintenant, page_acte, saisir
from partenaires.droits import ouvert_a
from partenaires.enums import Permission
from socle.ecriture import INSECABLE, enumerer
from socle.presentation import TextesEnConflit
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant, transition_dite


def maintenant_ici(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return maintenant(request, pk=pk)


@acte()
def etape(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write it, or write another in its place; what the dates ask for is said beside."""
    compte, a = en_main(request, pk, nom="noter_etape")
    actuelle = getattr(a, "etape_choisie", None)
    a_faire = actuelle if actuelle is not None and actuelle.faite_le is None else None
    initial: dict[str, Any] = {"version": actuelle.version if actuelle else 0}
    if a_faire:
        initial |= {"texte": a_faire.texte, "le": a_faire.le}
    formulaire = EtapeForm(donnees(request), initial=initial)
    conflit = None
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        try:
            if saisir(formulaire, lambda: parcours.noter_etape(pk, par=compte, **d)):
                return fait(request, pk, "La prochaine étape est notée.")
        except ConflitDeVersion as refus:
            formulaire, conflit = _en_conflit(d, refus)
    return page_acte(
        request, a, formulaire, titre=f"La prochaine étape pour {a.fiche.designation}", texte=_autres(a),
        action="Noter la prochaine étape", conflit=conflit, gabarit="accompagnements/etape.html", etape=a_faire,
    )  # fmt: skip


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant_ici)
def faite(request: HttpRequest, /, pk: UUID) -> HttpResponse:
    """It is done: what the dates ask for comes next."""
    compte, _ = en_main(request, pk, nom="etape_faite")
    parcours.etape_faite(pk, par=compte)
    return fait(request, pk, "L’étape est faite.")


def _autres(a: Accompagnement) -> str:
    """What is due anyway: the step written by hand comes beside it."""
    dues = [e for e in echeances_de(a) if not e.url.endswith("/etape/") and not e.decision][:3]
    if not dues:
        return "Rien d’autre n’est prévu pour cette situation."
    dites = enumerer([f"{e.titre[:1].lower()}{e.titre[1:]} {quand(e)}" for e in dues])
    return f"Déjà prévu{INSECABLE}: {dites}."


def _en_conflit(saisie: dict[str, Any], refus: ConflitDeVersion) -> tuple[EtapeForm, list[TextesEnConflit]]:
    actuelle: Any = refus.actuel
    formulaire = EtapeForm(initial={**saisie, "version": actuelle.version})
    return formulaire, [TextesEnConflit("Ce qui est à faire", saisie["texte"], actuelle.texte)]
