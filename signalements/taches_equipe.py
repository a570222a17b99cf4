"""What the équipe has to do about its fiches, for À faire: verb and person, reason, due date, whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse

from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte, Rattachement
from signalements.echeances import alerte_information, delai_de
from signalements.enums import EN_TRI, EtatInstruction
from signalements.models import Fiche, Instruction, Releve
from signalements.models.lectures import FicheQuerySet
from signalements.models.releves import ReleveQuerySet
from socle import horloge
from socle.ecriture import date_moyenne, date_relative, jour_de
from socle.presentation import Delai, Tache

MAXIMUM = 200  # a team has some tens of open fiches; beyond, the triage list is the right page
E = EtatInstruction


@dataclass(frozen=True, slots=True)
class Membre:
    """A person of the équipe in force, and how many fiches in triage (and situations, when told) she follows.

    `absence` says until when she is away and who covers her; "" when she is there.
    """

    compte_id: int
    nom: str
    initiales: str
    fonction: str
    suivies: int
    absence: str = ""
    remplacant_id: int | None = None


def taches(compte: Compte) -> list[Tache]:
    """The tasks of the whole équipe, the earliest due first; none for another role. One statement.

    Only coordination has those of a retrait d'accord, on which it decides alone. A message of an orienteur is to be
    read by whoever follows the fiche, or by coordination when nobody does: only its reader has the task.
    """
    if not compte.a_role(*ROLES_EQUIPE):
        return []
    siennes: FicheQuerySet = Fiche.objects.visibles_par(compte).de_l_equipe(compte.organisation_id)
    lignes = siennes.avec_a_lire(compte).a_traiter_ou_a_lire(compte).avec_information().avec_contenu()[:MAXIMUM]
    liste = [t for fiche in lignes for t in (_tache(fiche, compte), _message(fiche, compte)) if t is not None]
    return sorted(liste, key=lambda t: (t.delai.iso, t.objet))


def en_retard(compte: Compte) -> FicheQuerySet:
    """The fiches behind the late tasks of `taches`: the count of the rail."""
    return _a_traiter(compte).en_retard()


def releves_en_retard(compte: Compte) -> ReleveQuerySet:
    """The late six-month relevés of the équipe, which `signalements.taches` lists."""
    lignes: ReleveQuerySet = Releve.objects.a_rendre_par(compte).en_retard()
    return lignes


def en_tri(compte: Compte) -> FicheQuerySet:
    """The open fiches that have no accompagnement yet."""
    lignes: FicheQuerySet = Fiche.objects.visibles_par(compte).de_l_equipe(compte.organisation_id).en_tri()
    return lignes


def membres(compte: Compte, charge: Mapping[int, int] | None = None) -> list[Membre]:
    """The people of the équipe in force today, by name, each once; `charge`: what each follows besides, by account.

    One statement.
    """
    suivies = (
        Instruction.objects.visibles_par(compte)
        .filter(suivie_par=OuterRef("compte"), etat__in=EN_TRI)
        .order_by()
        .values("suivie_par")
        .annotate(n=Count("pk"))
    )
    rattachements = (
        Rattachement.objects.visibles_par(compte)
        .en_vigueur(horloge.aujourdhui())
        .par_nom()
        .avec_absence(horloge.aujourdhui())
        .annotate(suivies=Subquery(suivies.values("n")))
    )
    connus: dict[int, Membre] = {}
    for r in rattachements:
        personne, n = r.compte, (getattr(r, "suivies", None) or 0) + (charge or {}).get(r.compte_id, 0)
        absence, remplacant_id = _absence(getattr(r, "absence_brute", None))
        membre = Membre(
            r.compte_id, personne.nom_complet, personne.initiales, r.fonction or r.get_role_display(), n,
            absence, remplacant_id,
        )  # fmt: skip
        connus.setdefault(r.compte_id, membre)
    return list(connus.values())


def _absence(brute: Mapping[str, Any] | None) -> tuple[str, int | None]:
    """« absence jusqu’au 3 octobre, remplacement par Tom Esquisse », and the account of who covers."""
    if brute is None:
        return "", None
    par = f"{brute['prenom']} {brute['nom']}".strip()
    phrase = f"absence jusqu’au {date_moyenne(date.fromisoformat(brute['au']))}, remplacement par {par}"
    return phrase, int(brute["remplacant"])


def _a_traiter(compte: Compte) -> FicheQuerySet:
    lignes: FicheQuerySet = Fiche.objects.visibles_par(compte).de_l_equipe(compte.organisation_id).a_traiter()
    return lignes if compte.a_role(Role.COORDINATION) else lignes.sans_retrait()


def _est_a_traiter(i: Instruction, compte: Compte) -> bool:
    if i.retrait_demande_le is not None:
        return compte.a_role(Role.COORDINATION)
    return i.etat in (E.TRANSMISE, E.A_COMPLETER, E.RECEVABLE, E.A_VISITER)


def _est_a_informer(fiche: Fiche) -> bool:
    """Three weeks after the transmission nobody has told the household (RGPD art. 14 gives a month)."""
    return getattr(fiche, "informee_le", None) is None and alerte_information(fiche.instruction) <= horloge.aujourdhui()


def _message(fiche: Fiche, compte: Compte) -> Tache | None:
    """What the orienteur wrote and this person has not read, when she is the one to read it."""
    suivie_par = fiche.instruction.suivie_par_id
    lecteur = suivie_par == compte.pk or (suivie_par is None and compte.a_role(Role.COORDINATION))
    if not getattr(fiche, "a_lire", False) or not lecteur or fiche.locataire_lisible is None:
        return None
    return Tache(
        titre=f"Lire le message {fiche.orienteur.nom_de} sur {fiche.designation}",
        url=reverse("fiche", args=[fiche.pk]) + "#fil",
        detail=" · ".join(filter(None, [fiche.reference, fiche.residence.nom if fiche.residence else ""])),
        action="Lire",
        delai=Delai.de(horloge.aujourdhui()),
        compte_id=suivie_par,
        objet=str(fiche.pk),
    )


def _tache(fiche: Fiche, compte: Compte) -> Tache | None:
    i = fiche.instruction
    delai = delai_de(i)
    if delai is None or fiche.locataire_lisible is None or not _est_a_traiter(i, compte):
        return None
    qui, ou = fiche.designation, fiche.residence.nom if fiche.residence else ""
    recue = f"reçue {date_relative(i.transmise_le)}"
    non_informee = "personne pas encore informée" if _est_a_informer(fiche) else ""
    opposee = f"opposition connue du {date_moyenne(i.opposition_connue_le)}" if i.opposition_connue_le else ""
    if i.retrait_demande_le is not None:
        titre, action = f"Décider du retrait d’accord de {qui}", "Décider"
        raisons = [f"demandé {date_relative(i.retrait_demande_le)}", fiche.orienteur.nom]
    elif i.etat == E.TRANSMISE:
        titre, action, raisons = f"Étudier la fiche de {qui}", "Étudier", [ou, recue, non_informee, opposee]
    elif i.etat == E.A_COMPLETER:
        titre, action = f"Relancer {fiche.orienteur.nom_complement} pour {qui}", "Relancer"
        raisons = [ou, "complément demandé, sans réponse", non_informee]
    elif i.etat == E.RECEVABLE:
        titre, action = f"Enregistrer l’information de {qui}", "Enregistrer"
        raisons = [ou, f"fiche recevable depuis le {date_moyenne(i.recevable_le)}" if i.recevable_le else recue]
    else:
        titre, action = f"Planifier la première visite de {qui}", "Planifier"
        fin = jour_de(i.visitable_le or i.transmise_le)
        raisons = [ou, f"délai d’opposition clos {date_relative(fin)}", f"avec {fiche.orienteur.nom_complement}"]
    suivie = i.suivie_par
    return Tache(
        titre=titre,
        url=reverse("fiche", args=[fiche.pk]),
        detail=" · ".join(filter(None, [fiche.reference, *raisons])),
        action=action,
        delai=delai,
        initiales=suivie.initiales if suivie else "",
        personne=suivie.nom_complet if suivie else "",
        compte_id=i.suivie_par_id,
        objet=str(fiche.pk),
    )
