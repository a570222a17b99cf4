"""Every accord of a situation on one page, and the consent to a commission."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accompagnements import parcours
from accompagnements.accords import lectures_des_accords, lignes_des_accords
from accompagnements.forms.accords import AccordCommissionForm
from accompagnements.models import Commission
from accompagnements.views.commun import acte, donnees, en_main, fait, page_acte, une_fois
from accompagnements.views.situation import ouvrir_onglet
from partenaires.droits import ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.ecriture import INSECABLE
from socle.lots import lire_ensemble
from socle.transitions import TransitionInterdite


@require_safe
@ouvert_a(Permission.SUIVRE)
def accords(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For whom, what, until when, collected by whom and how; what each lets be read today."""
    _, a, contexte = ouvrir_onglet(request, pk, "situation_accords")
    lues = lire_ensemble(**lectures_des_accords(a))
    contexte |= {
        "lignes": lignes_des_accords(a, lues, ouverte=contexte["ouverte"]),
        "bailleur": a.fiche.orienteur if a.fiche.orienteur.est_bailleur else None,
    }
    return render(request, "accompagnements/accords_situation.html", contexte)


@acte()
def accord_commission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person's consent to a commission, told who sits in it."""
    compte, a = en_main(request, pk, nom="recueillir_accord")
    if a.retrait_en_attente:
        raise TransitionInterdite("recueillir_accord", "retrait d’accord")
    proposees = _commissions(compte)
    if not proposees:
        return redirect("commissions")
    initial = {"le": horloge.aujourdhui(), "commission": request.GET.get("commission", "")}
    formulaire = AccordCommissionForm(donnees(request), commissions=proposees, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data

        def faire() -> UUID:
            return parcours.recueillir_accord(
                pk, par=compte, organisation=formulaire.choisie, portees=["concertation"], mode=d["mode"], le=d["le"],
                jusqu_au=d["jusqu_au"],
            ).pk  # fmt: skip

        if une_fois(formulaire, compte, f"accord_commission|{pk}", faire):
            dit = f"L’accord pour {formulaire.choisie.nom_complement} est enregistré."
            return fait(request, pk, dit, "situation_accords")
    return page_acte(
        request, a, formulaire, titre=f"Accord de {a.fiche.designation} pour une commission",
        texte="Sa situation y est évoquée sous une lettre, sans nom ni logement. Ce qu’elle dit ensuite d’un "
        "partenaire en particulier l’emporte sur cet accord.",
        action="Enregistrer l’accord", retour="situation_accords",
    )  # fmt: skip


def _commissions(compte: Compte) -> list[tuple[Commission, str]]:
    """The commissions of the équipe in which a partner sits, with the names: two statements."""
    lignes = list(Commission.objects.visibles_par(compte).par_nom())
    cles = {cle for c in lignes for cle in c.habituelles}
    noms = Organisation.objects.visibles_par(compte).partenaires_nommes(cles)
    qui = [(c, ", ".join(noms[cle] for cle in c.habituelles if cle in noms)) for c in lignes]
    return [(c, f"Y siègent{INSECABLE}: {texte}." if texte else "") for c, texte in qui if texte]
