"""Orientations for the équipe: the list by state, one orientation, and the acts on it, each on its own page."""

from collections.abc import Callable, Collection
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from psycopg.errors import InsufficientPrivilege

from accompagnements import parcours
from accompagnements.enums import ORIENTATION, Action, EtatOrientation
from accompagnements.forms.orientations import (
    ISSUES,
    ActeForm,
    FiltresForm,
    PrendreEnChargeForm,
    RepondreForm,
    RetirerForm,
    TerminerForm,
)
from accompagnements.lignes_orientations import (
    ICONES,
    RETIREES,
    TONS,
    accord_a_verifier,
    accord_dit,
    delai_de,
    histoire_de,
    ligne_envoyee,
    onglets_de,
    reponse_de,
    volet_de,
)
from accompagnements.models import Accord, Document, LienOrientation, Orientation
from accompagnements.parcours import SaisieRefusee
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from partenaires.views.creation import creer
from socle import horloge, journal
from socle.ecriture import INSECABLE, compter
from socle.pagination import adresse_avec, paginer
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant, fichier_joint, transition_dite

REPONSES = frozenset(code for code, _ in ISSUES)
# States in which a partner without an account may be given another link.
REMISE = (
    EtatOrientation.ENVOYEE, EtatOrientation.LISTE_ATTENTE, EtatOrientation.ACCEPTEE, EtatOrientation.PRISE_EN_CHARGE,
)  # fmt: skip


class VueActe(Protocol):
    """The view of an act: an orientation by its key."""

    def __call__(self, request: HttpRequest, /, pk: UUID) -> HttpResponse: ...


@require_safe
@ouvert_a(Permission.SUIVRE)
def orientations(request: HttpRequest) -> HttpResponse:
    """A page of 25 rows of a state; reading it is noted, with the orientations shown."""
    compte = acteur(request)
    assert compte.organisation_id is not None  # ouvert_a
    visibles = Orientation.objects.visibles_par(compte)
    filtres = FiltresForm(request.GET, compte=compte, partenaires=visibles.destinataires())
    volet, voulus = volet_de(request.GET), filtres.valeurs
    lignes = visibles.vers(voulus["partenaire"]) if "partenaire" in voulus else visibles
    lignes = lignes.suivies_par(int(voulus["suivie"])) if "suivie" in voulus else lignes
    nombres = lignes.par_etat()
    page = paginer(lignes.a_l_etat(volet.etat).pour_la_liste(), request.GET, tri=volet.tri)
    journal.noter(
        Action.ORIENTATIONS_LUES,
        organisation_id=compte.organisation_id,
        objet_type="orientation",
        objets=[o.pk for o in page.lignes],
    )
    contexte = {
        "volet": volet,
        "onglets": onglets_de(volet, nombres, request.GET),
        "filtres": filtres,
        "actifs": [(libelle, adresse_avec(request.GET, **{nom: ""})) for nom, libelle in filtres.actifs],
        "url_sans_filtre": adresse_avec(request.GET, partenaire="", suivie=""),
        "lignes": [ligne_envoyee(o, volet) for o in page.lignes],
        "page": page,
        "retirees": nombres.get(RETIREES.etat, 0) if volet is not RETIREES else 0,
        "url_retirees": adresse_avec(request.GET, etat=RETIREES.code),
        "resume": compter(nombres.get(volet.etat, 0), "orientation", "orientations"),
    }
    return render(request, "accompagnements/orientations/liste.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def orientation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was sent, what came back, what happened; reading it is noted."""
    compte = acteur(request)
    o = de_l_equipe(compte, pk)
    noter_lue(Action.ORIENTATION_LUE, o)
    delai, prefixe = delai_de(o)
    accord = accord_de(compte, o) if o.envoyee_le is None else None
    actes = actes_de(o, compte)
    contexte = {
        "o": o,
        "personne": o.accompagnement.fiche.designation,
        "statut": (EtatOrientation(o.etat).label, TONS[o.etat], ICONES[o.etat]),
        "delai": delai,
        "prefixe": prefixe,
        "accord_dit": accord_dit(o.personne, o.chez, o.accord_portees) if o.envoyee_le else "",
        "accord": accord_a_verifier(o, accord) if accord else "",
        "reponse": reponse_de(o),
        "histoire": histoire_de(o),
        "lettre": o.a_lettre,
        "lien": lien_de(compte, o),
        "principal": actes[0] if actes else None,
        "autres": actes[1:],
        "situation": reverse("situation", args=[o.accompagnement_id]),
        "fil": [("Orientations", reverse("orientations")), (o.reference, "")],
    }
    return render(request, "accompagnements/orientations/orientation.html", contexte)


def maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What the orientation is now, for the page of a form that came too late."""
    o = de_l_equipe(acteur(request), pk)
    etat = str(EtatOrientation(o.etat).label)
    return Maintenant(
        f"L’orientation {o.reference}", etat, reverse("orientation", args=[pk]), "Revenir à l’orientation"
    )


def acte(vue: VueActe) -> Callable[..., HttpResponse]:
    """What every act shares: GET or POST, the équipe only, and a clear answer when the orientation has changed."""
    return require_http_methods(["GET", "HEAD", "POST"])(ouvert_a(Permission.SUIVRE)(transition_dite(maintenant)(vue)))


@acte
def orientation_repondre(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Copy the answer of a partner who wrote or telephoned."""
    compte, o = ouvrir_acte(request, pk, "refuser")
    formulaire = formulaire_de_reponse(request, o, compte, depuis=True)
    if fait(request, formulaire, lambda: repondre(formulaire, compte)):
        return retour(request, o, "La réponse est enregistrée.")
    return page_acte(
        request, o, formulaire,
        titre=f"Saisir la réponse {o.chez.nom_de}",
        texte="Reçue par courrier ou par téléphone. Le partenaire la lit aussi, de son côté.",
        action="Enregistrer la réponse",
        gabarit="saisir_reponse",
    )  # fmt: skip


@acte
def orientation_prendre_en_charge(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, o = ouvrir_acte(request, pk, "prendre_en_charge")
    formulaire = PrendreEnChargeForm(request.POST or None, orientation=o)
    if fait(request, formulaire, lambda: prendre_en_charge(formulaire, compte)):
        return retour(request, o, "La prise en charge est enregistrée.")
    return page_acte(
        request, o, formulaire,
        titre=f"Enregistrer la prise en charge par {o.chez.nom_complement}",
        texte="La date où la personne a vraiment été reçue, pas celle du rendez-vous proposé.",
        action="Enregistrer la prise en charge",
    )  # fmt: skip


@acte
def orientation_terminer(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, o = ouvrir_acte(request, pk, "terminer")
    formulaire = TerminerForm(request.POST or None, orientation=o)
    if fait(request, formulaire, lambda: terminer(formulaire, compte)):
        return retour(request, o, "L’orientation est terminée.")
    return page_acte(
        request, o, formulaire,
        titre=f"Terminer l’orientation vers {o.chez.nom_complement}{INSECABLE}?",
        texte=f"Le travail {o.chez.nom_de} est fini. L’accompagnement par l’équipe continue.",
        action="Terminer l’orientation",
    )  # fmt: skip


@acte
def orientation_retirer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back: the partner reads nothing of it any more."""
    compte, o = ouvrir_acte(request, pk, "retirer")
    formulaire = RetirerForm(request.POST or None, orientation=o)
    if fait(request, formulaire, lambda: parcours.retirer(pk, par=compte, motif=formulaire.cleaned_data["motif"])):
        return retour(request, o, "L’orientation est retirée.")
    suite = f"{o.chez.nom} ne la lira plus, dès maintenant." if o.envoyee_le else "Elle n’est pas partie."
    return page_acte(
        request, o, formulaire,
        titre=f"Retirer l’orientation vers {o.chez.nom_complement}{INSECABLE}?",
        texte=f"{suite} L’accord de la personne reste en vigueur. Un retrait ne s’annule pas.",
        action="Retirer l’orientation",
        danger=True,
    )  # fmt: skip


@require_safe
@ouvert_a(Permission.SUIVRE)
def orientation_lettre(request: HttpRequest, pk: UUID) -> HttpResponse:
    return envoyer_lettre(de_l_equipe(acteur(request), pk))


def de_l_equipe(compte: Compte, pk: UUID) -> Orientation:
    """An orientation of the person's équipe whose situation can be read; Http404 otherwise."""
    return une(Orientation.objects.visibles_par(compte).pour_la_page().filter(pk=pk).first())


def une(o: Orientation | None) -> Orientation:
    if o is None:
        raise Http404
    return o


def noter_lue(action: Action, o: Orientation) -> None:
    journal.noter(action, organisation_id=o.equipe_id, objet_type="orientation", objets=[o.pk])


def accord_de(compte: Compte, o: Orientation) -> Accord | None:
    """The accord in force under which it would leave."""
    accords = Accord.objects.visibles_par(compte).de_l_accompagnement(o.accompagnement)
    return accords.pour(o.chez).en_vigueur().first()


def est_joignable(o: Orientation) -> bool:
    """Whether a link may leave: no account, and an address in the annuaire."""
    return o.structure is not None and bool(o.structure.courriel or o.structure.mssante)


def lien_de(compte: Compte, o: Orientation) -> LienOrientation | None:
    """The last link given to a partner without an account."""
    if o.structure_id is None or o.envoyee_le is None:
        return None
    return LienOrientation.objects.visibles_par(compte).de_l_orientation(o).first()


def envoyer_lettre(o: Orientation) -> HttpResponse:
    """The letter's bytes; its download is noted. Http404 until it is ready."""
    lettre = Document.objects.lettre_de(o.pk).prets().first()
    if lettre is None or lettre.octets is None:
        raise Http404
    journal.noter(Action.DOCUMENT_LU, organisation_id=o.equipe_id, objet_type="document", objets=[lettre.pk])
    return fichier_joint(bytes(lettre.octets), nom=f"orientation-{o.reference}.pdf", genre=lettre.type_mime)


def actes_de(o: Orientation, compte: Compte) -> list[tuple[str, str]]:
    """(verb, address) of what the équipe may do now, what is expected first."""
    if o.retiree_le is not None:
        return []
    possibles = ORIENTATION.possibles(etat=o.etat, roles=compte.roles)
    clos = o.accompagnement.est_clos or o.accompagnement.retrait_en_attente
    envoyee = o.etat == EtatOrientation.ENVOYEE
    tard = envoyee and o.repondre_avant is not None and o.repondre_avant < horloge.aujourdhui()
    relance = (envoyee, "Relancer le partenaire", "orientation_relancer")
    refusee = o.etat == EtatOrientation.REFUSEE and o.refus_traite_le is None
    saisie = ("refuser" in possibles, "Saisir sa réponse", "orientation_repondre")
    actes = [
        ("envoyer" in possibles and not clos, "Envoyer l’orientation", "orientation_envoyer"),
        (refusee, "Marquer le refus comme traité", "orientation_traiter_refus"),
        *((relance, saisie) if tard else (saisie, relance)),
        ("prendre_en_charge" in possibles, "Enregistrer la prise en charge", "orientation_prendre_en_charge"),
        ("terminer" in possibles, "Terminer l’orientation", "orientation_terminer"),
        (est_joignable(o) and o.etat in REMISE, "Envoyer un autre lien", "orientation_lien"),
        (o.structure is not None and o.envoyee_le is not None, "Fermer le lien", "orientation_lien_fermer"),
        ("retirer" in possibles, "Retirer l’orientation", "orientation_retirer"),
    ]
    return [(verbe, reverse(route, args=[o.pk])) for ouvert, verbe, route in actes if ouvert]


def formulaire_de_reponse(
    request: HttpRequest, o: Orientation, compte: Compte, *, depuis: bool = False
) -> RepondreForm:
    """The form of an answer, with the issues that the state allows; an older page keeps those it had."""
    if o.envoyee_le is None:
        raise TransitionInterdite("repondre", o.etat)
    issues = ORIENTATION.possibles(etat=o.etat, roles=compte.roles) & REPONSES
    if request.method == "POST" and request.POST.get("version") != str(o.version):
        issues = REPONSES
    premier = horloge.paris(o.envoyee_le).date() if depuis else None
    return RepondreForm(request.POST or None, orientation=o, issues=issues, depuis=premier)


def repondre(formulaire: RepondreForm, compte: Compte) -> Orientation:
    d = formulaire.cleaned_data
    return parcours.repondre(
        formulaire.orientation.pk, par=compte, issue=d["issue"], rendez_vous=formulaire.rendez_vous,
        avec=d.get("avec", ""), revoir_le=d.get("revoir_le"), motif=d.get("motif", ""), message=d["message"],
    )  # fmt: skip


def prendre_en_charge(formulaire: PrendreEnChargeForm, compte: Compte) -> Orientation:
    return parcours.prendre_en_charge(formulaire.orientation.pk, par=compte, le=formulaire.cleaned_data["le"])


def terminer(formulaire: TerminerForm, compte: Compte) -> Orientation:
    return parcours.terminer_orientation(formulaire.orientation.pk, par=compte, le=formulaire.cleaned_data["le"])


def agir_une_fois(formulaire: ActeForm, compte: Compte, faire: Callable[[], Orientation]) -> bool:
    """Do what a valid form asks, once however often it is sent; False when it must be shown again.

    ConflitDeVersion when the page showed an older state; Http404 once the orientation is nobody's to read here.
    """
    o = formulaire.orientation

    def une_seule() -> object:
        if formulaire.cleaned_data["version"] != o.version:
            raise ConflitDeVersion(o)
        try:
            return faire().pk
        except SaisieRefusee as refus:
            champ = "jour" if refus.champ == "rendez_vous" else refus.champ
            raise ValidationError({champ: str(refus)} if champ in formulaire.fields else str(refus)) from refus
        except Orientation.DoesNotExist as absente:
            raise Http404 from absente
        except DatabaseError as erreur:  # withdrawn while the door of the database waited for its lock
            if isinstance(erreur.__cause__, InsufficientPrivilege):
                raise Http404 from erreur
            raise

    return creer(formulaire, compte=compte, action=f"{type(formulaire).__name__[:20]}|{o.pk}", faire=une_seule)


def fait(request: HttpRequest, formulaire: ActeForm, faire: Callable[[], Orientation]) -> bool:
    return request.method == "POST" and formulaire.is_valid() and agir_une_fois(formulaire, acteur(request), faire)


def ouvrir_acte(
    request: HttpRequest, pk: UUID, transition: str, etats: Collection[str] = ()
) -> tuple[Compte, Orientation]:
    """The orientation in scope, when this person may take this transition from its state.

    A form sent again after its own effect is let through: `agir_une_fois` answers it.
    """
    compte = acteur(request)
    o = de_l_equipe(compte, pk)
    if request.method != "POST":
        depuis = etats or ORIENTATION.par_nom[transition].depuis
        if o.etat not in depuis or o.retiree_le is not None:
            raise TransitionInterdite(transition, o.etat)
    return compte, o


def retour(request: HttpRequest, o: Orientation, texte: str) -> HttpResponse:
    messages.success(request, texte)
    return redirect("orientation", o.pk)


def page_acte(
    request: HttpRequest, o: Orientation, formulaire: ActeForm | None, *, titre: str, texte: str, action: str,
    danger: bool = False, gabarit: str = "acte",
) -> HttpResponse:  # fmt: skip
    """The page of an act: its orientation, what follows, its form."""
    adresse = reverse("orientation", args=[o.pk])
    contexte: dict[str, Any] = {
        "o": o, "formulaire": formulaire, "titre": titre, "texte": texte, "action": action, "danger": danger,
        "retour_url": adresse, "recueillir": reverse("accord_recueillir", args=[o.accompagnement_id]),
        "fil": [("Orientations", reverse("orientations")), (o.reference, adresse), (action or "Accord manquant", "")],
    }  # fmt: skip
    return render(request, f"accompagnements/orientations/{gabarit}.html", contexte)
