"""The chapters of the fiche: what was reported, by which organisation, never by whom."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from django.db import models

from accompagnements.acces import lecture as fonds
from accompagnements.acces.lecture import Chapitre, Lecteur, Rangee, rangee
from partenaires.droits import permissions_de
from partenaires.enums import Permission, Role
from partenaires.models import Rattachement
from signalements.enums import ChampRectifiable, Cotation, EtatInstruction, Source
from signalements.models import (
    Brouillon,
    Constat,
    DecisionReunion,
    Echange,
    Fiche,
    Information,
    Instruction,
    Locataire,
    OppositionConnue,
    Photo,
    PointReunion,
    Rapprochement,
    Rectification,
    Releve,
)
from socle.models import Evenement

LECTURES: Final = ("lue", "lu", "lues", "lus")  # how the actions that read end


def personne(lu: Lecteur) -> Iterator[Rangee]:
    p = lu.fiche.locataire_lisible
    if p is not None:
        yield rangee(
            ("Civilité", p.get_civilite_display()), ("Nom", p.nom), ("Prénom", p.prenom),
            ("Date de naissance", p.date_naissance), ("Téléphone", p.telephone), ("Logement", p.logement),
            ("Résidence", lu.fiche.residence.nom if lu.fiche.residence else ""),
        )  # fmt: skip
    for r in Rectification.objects.all().de_la_fiche(lu.fiche):
        yield rangee(
            ("Rectifié le", r.le), ("Quoi", [str(ChampRectifiable(c).label) for c in r.champs]),
            ("Par", r.organisation.nom),
        )  # fmt: skip


def signalement(lu: Lecteur) -> Iterator[Rangee]:
    f = lu.fiche
    i = f.instruction
    lu.retenir("Nom de l’agent qui a signalé la situation", fonds.TIERS)
    yield rangee(
        ("Référence", f.reference), ("Signalé par", f.orienteur.nom), ("Transmis à l’équipe le", f.transmise_le),
        ("État", EtatInstruction(i.etat).label), ("Fin", i.fin_le),
    )  # fmt: skip
    c = f.constat_lisible
    if c is not None:
        lu.retenir("Nom de la personne qui a prévenu l’équipe", fonds.TIERS, int(bool(c.signale_par)))
        tu = bool(c.faits or c.composition or c.demarches) and lu.garde(f"constat|{f.pk}")
        yield rangee(
            ("Contexte", c.contexte_libelles), ("Inquiétude de qui signale, sur dix", c.inquietude),
            ("Composition du ménage", "" if tu else c.composition), ("Faits", "" if tu else c.faits),
            ("Démarches déjà faites", "" if tu else c.demarches),
        )  # fmt: skip
    for n in Information.objects.filter(fiche=f).order_by("enregistree_le", "id"):
        yield rangee(("Information donnée le", n.le), ("Comment", n.get_mode_display()))
    proches = Rapprochement.objects.all().de_la_fiche(f.pk).count()
    lu.retenir("Rapprochements avec d’autres signalements", fonds.TIERS, proches)


def releves(lu: Lecteur) -> Iterator[Rangee]:
    for r in Releve.objects.visibles_par(lu.compte).de_la_fiche(lu.fiche).avec_grille():
        yield rangee(
            ("Relevé", r.get_moment_display()), ("Fait par", r.get_type_evaluateur_display()),
            ("État", r.get_etat_display()), ("Le", r.rendu_le),
        )  # fmt: skip
        if not r.cotations:
            continue
        noms = {s.code: s.libelle for s in r.grille.signaux.all()}
        for code, cote in sorted(r.cotations.items()):
            source = f" ({Source(cote['s']).label.lower()})" if cote.get("s") else ""
            if cote["v"] != Cotation.ABSENT:
                yield rangee((noms.get(code, code), f"{Cotation(cote['v']).label}{source}"))


def echanges(lu: Lecteur) -> Iterator[Rangee]:
    messages = list(Echange.objects.all().de_la_fiche(lu.fiche))
    dehors = sum(e.organisation_id != lu.fiche.equipe_id for e in messages)
    lu.retenir("Noms des agents du bailleur qui ont écrit à l’équipe", fonds.TIERS, dehors)
    for e in messages:
        if not lu.garde(f"echange|{e.pk}"):
            yield rangee(("Le", e.le), ("De", e.organisation.nom), ("Message", e.texte))


def reunions(lu: Lecteur) -> Iterator[Rangee]:
    for p in PointReunion.objects.visibles_par(lu.compte).de_la_fiche(lu.fiche):
        yield rangee(
            ("Vue en réunion d’équipe le", p.reunion.le), ("À décider", p.get_question_display()),
            ("Décidé", [d.get_decision_display() for d in p.decisions.all()]),
        )  # fmt: skip


def consultations(lu: Lecteur) -> Iterator[Rangee]:
    """Readings of the last twelve months by function and month; for coordination, who reads the journal."""
    if Permission.JOURNAL not in permissions_de(lu.compte.roles):
        lu.retenir("Historique des consultations du dossier", fonds.COORDINATION)
        return
    roles = {
        r.compte_id: str(Role(r.role).label)
        for r in Rattachement.objects.visibles_par(lu.compte).filter(organisation=lu.fiche.equipe_id)
    }
    lignes = Evenement.objects.filter(
        organisation_id=lu.a.equipe_id, objets__overlap=[str(lu.fiche.pk), str(lu.a.pk)], issue="ok"
    ).values_list("compte_id", "le", "action")
    vues: Counter[tuple[str, str]] = Counter()
    for compte_id, le, action in lignes:
        if action.rpartition("_")[2] in LECTURES:
            qui = roles.get(compte_id or 0, "Hors de l’équipe (votre bailleur, un partenaire)")
            vues[(le.strftime("%Y-%m"), qui)] += 1
    for (mois, qui), combien in sorted(vues.items()):
        yield rangee(("Mois", mois), ("Fonction", qui), ("Consultations", combien))


CHAPITRES: Final = (
    Chapitre("Qui vous êtes", (Locataire, Rectification), personne),
    Chapitre("Le signalement", (Fiche, Instruction, Constat, Information, Rapprochement), signalement),
    Chapitre("Ce qui a été observé", (Releve,), releves),
    Chapitre("Échanges entre l’équipe et qui vous a signalé", (Echange,), echanges),
    Chapitre("Réunions d’équipe", (PointReunion, DecisionReunion), reunions),
)  # fmt: skip
APRES: Final = (Chapitre("Consultations du dossier, par fonction", (Evenement,), consultations),)

# Declared of the person's file, and given otherwise: photos stand beside, a draft is empty once it is sent, the print
# of an opposition holds nothing that can be read.
AILLEURS: Final[dict[type[models.Model], str]] = {
    Photo: "photos/", Brouillon: fonds.TECHNIQUE, OppositionConnue: fonds.TECHNIQUE,
}  # fmt: skip
