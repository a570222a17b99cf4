"""The chapters of the file handed to the person, one reader each; and the tables that no chapter gives, with why."""

from collections.abc import Iterator
from typing import Final

from django.db import models

from accompagnements.acces import lecture as fonds
from accompagnements.acces.lecture import Chapitre, Lecteur, Rangee, rangee
from accompagnements.enums import Axe, EtatObjectif, MotifArret, MotifRefus, MotifSansSuite, SituationDuLogement
from accompagnements.models import (
    Accompagnement,
    Accord,
    ActionConvenue,
    Contrat,
    Decision,
    DemandeAcces,
    Diagnostic,
    Document,
    EntreeClinique,
    EtapeChoisie,
    Intervenant,
    LectureMotivee,
    NoteClinique,
    NoteEquipe,
    Objectif,
    Orientation,
    PermissionNommee,
    PointConcertation,
    PropositionDeVisite,
    Reouverture,
    RevueObjectif,
    SituationEvoquee,
    SituationLogement,
    Visite,
)
from partenaires.models import Compte
from socle.models import Evenement


def evaluation(lu: Lecteur) -> Iterator[Rangee]:
    d = Diagnostic.objects.de_l_accompagnement(lu.a).first()
    if d is None:
        return
    lu.retenir("Sortie de détention", fonds.JUDICIAIRE, int(bool(d.sortie_detention)))
    yield rangee(("Écrite le", d.ecrit_le), ("Axes de travail", d.axes_libelles), *((k, v) for k, v in d.lignes if v))


def visites(lu: Lecteur) -> Iterator[Rangee]:
    lignes = list(Visite.objects.de_l_accompagnement(lu.a))
    noms = Compte.objects.in_bulk({cle for v in lignes for cle in v.participants})
    for v in lignes:
        lu.retenir("Noms de proches ou de voisins présents à une visite", fonds.TIERS, int(bool(v.autres_presents)))
        texte = "" if v.compte_rendu and lu.garde(f"visite|{v.pk}") else v.compte_rendu
        yield rangee(
            ("Le", v.debut), ("Où", v.get_lieu_display()), ("Issue", v.get_etat_display()),
            ("Avec votre bailleur", v.conjointe or None),
            ("De l’équipe", [noms[c].nom_complet for c in v.participants if c in noms]),
            ("Compte rendu", texte if v.rendue_le else ""),
        )  # fmt: skip


def dates_proposees(lu: Lecteur) -> Iterator[Rangee]:
    for p in PropositionDeVisite.objects.filter(accompagnement=lu.a).order_by("proposee_le", "id"):
        yield rangee(
            ("Proposées à votre bailleur le", p.proposee_le), ("Dates", list(p.creneaux)), ("Retenue", p.retenu),
            ("État", p.get_etat_display()), ("Réponse", p.reponse),
        )  # fmt: skip


def objectifs(lu: Lecteur) -> Iterator[Rangee]:
    revues = list(RevueObjectif.objects.de_l_accompagnement(lu.a))
    for o in Objectif.objects.de_l_accompagnement(lu.a):
        yield rangee(("Objectif", o.texte), ("Axe", Axe(o.axe).label), ("État", o.get_etat_display()))
        for r in revues:
            if r.objectif_id == o.pk:
                yield rangee(
                    ("Revu le", r.revu_le), ("État", EtatObjectif(r.etat).label), ("Ce qui a été dit", r.commentaire)
                )


def contrats(lu: Lecteur) -> Iterator[Rangee]:
    for c in Contrat.objects.de_l_accompagnement(lu.a):
        signataire = c.get_signataire_display() if c.signataire else ""
        yield rangee(
            ("Numéro", c.numero), ("Issue", c.get_issue_display()), ("Le", c.le), ("Jusqu’au", c.jusqu_au),
            ("Signé par", signataire), ("Mandataire", c.mandataire), ("Empreinte des données", c.sha256),
        )  # fmt: skip


def notes(lu: Lecteur) -> Iterator[Rangee]:
    for n in NoteEquipe.objects.de_l_accompagnement(lu.a):
        if not lu.garde(f"note|{n.pk}"):
            yield rangee(("Le", n.ecrite_le), ("Par", n.auteur.nom_complet), ("Note", n.texte))
    for e in EntreeClinique.objects.visibles_par(lu.compte).de_l_accompagnement(lu.a):
        if e.contenu_lisible is None:
            lu.retenir("Notes cliniques", fonds.SOIGNANT)
        elif not lu.garde(f"clinique|{e.pk}"):
            yield rangee(
                ("Le", e.ecrite_le), ("Par", e.auteur.nom_complet), ("Note d’un soignant", e.contenu_lisible.texte)
            )


def accords(lu: Lecteur) -> Iterator[Rangee]:
    for k in Accord.objects.de_l_accompagnement(lu.a):
        yield rangee(
            ("Pour", k.qui.nom), ("Ce que vous acceptez", k.portees_phrase), ("Recueilli le", k.le),
            ("Comment", k.get_mode_display()), ("Jusqu’au", k.jusqu_au), ("Retiré le", k.retire_le),
        )  # fmt: skip


def orientations(lu: Lecteur) -> Iterator[Rangee]:
    for o in Orientation.objects.de_l_accompagnement(lu.a):
        refus = MotifRefus(o.motif_refus).label if o.motif_refus else ""
        yield rangee(
            ("Vers", o.chez.nom), ("État", o.get_etat_display()), ("Envoyée le", o.envoyee_le),
            ("Ce qui a été demandé", o.demande), ("Ce qui a été transmis", [o.personne, o.telephone, o.adresse]
             if o.envoyee_le else ""),
            ("Réponse", o.reponse), ("Motif du refus", refus), ("Rendez-vous", o.rendez_vous),
            ("Prise en charge le", o.prise_en_charge_le), ("Terminée le", o.terminee_le), ("Retirée le", o.retiree_le),
        )  # fmt: skip


def concertations(lu: Lecteur) -> Iterator[Rangee]:
    decisions = list(Decision.objects.de_l_accompagnement(lu.a))
    actions = list(ActionConvenue.objects.de_l_accompagnement(lu.a))
    for p in PointConcertation.objects.de_l_accompagnement(lu.a).avec_situation():
        rendu = p.situation.compte_rendu
        texte = "" if rendu and lu.garde(f"point|{p.pk}") else rendu
        commission = p.concertation.commission.nom if p.concertation.commission else ""
        yield rangee(
            ("Le", p.concertation.debut), ("Commission", commission), ("Sous le nom de", p.nom),
            ("Ce qui a été demandé", p.demande), ("Compte rendu", texte),
        )  # fmt: skip
        for d in decisions:
            if d.point_id == p.pk:
                yield rangee(("Décision", d.texte), ("Avant le", d.avant_le), ("État", d.get_etat_display()))
        for x in actions:
            if x.point_id == p.pk:
                yield rangee(
                    ("Action convenue avec votre bailleur", x.texte), ("Qui", x.get_qui_display()),
                    ("Avant le", x.avant_le), ("État", x.get_etat_display()),
                )  # fmt: skip


def parcours(lu: Lecteur) -> Iterator[Rangee]:
    a = lu.a
    motifs = dict([*MotifArret.choices, *MotifSansSuite.choices])
    lu.taire(fonds.CONSIGNES, fonds.SURETE)
    yield rangee(
        ("Ouvert le", a.ouvert_le), ("État", a.get_etat_display()), ("Premier contrat le", a.signe_le),
        ("Suspendu le", a.suspendu_le), ("Fin le", a.fin_le), ("Motif de la fin", a.motif_fin_libelle),
        ("Relais", a.relais), ("Situation du logement", a.get_situation_logement_display()),
    )  # fmt: skip
    for i in Intervenant.objects.de_l_accompagnement(a):
        yield rangee(("Suivi par", i.compte.nom_complet), ("Depuis le", i.du), ("Jusqu’au", i.au))
    etape = EtapeChoisie.objects.filter(accompagnement=a).first()
    if etape is not None:
        yield rangee(("Prochaine étape", etape.texte), ("Pour le", etape.le), ("Faite le", etape.faite_le))
    for s in SituationLogement.objects.filter(accompagnement=a):
        yield rangee(("Logement six mois après", SituationDuLogement(s.situation).label), ("Constaté le", s.le))
    for r in Reouverture.objects.de_l_accompagnement(a):
        yield rangee(
            ("Rouvert le", r.le), ("Raison", r.raison), ("Fin reprise", r.fin_le),
            ("Motif de cette fin", motifs.get(r.motif_fin, "")), ("Relais", r.relais),
        )  # fmt: skip


def acces(lu: Lecteur) -> Iterator[Rangee]:
    """Who read it besides the équipe's ordinary work: functions and dates, no name of an agent."""
    for p in PermissionNommee.objects.filter(content_object=lu.a).order_by("du", "id"):
        yield rangee(("Ouvert à une personne nommée", p.get_motif_display()), ("Du", p.du), ("Au", p.au))
    for m in LectureMotivee.objects.filter(accompagnement=lu.a).order_by("ouvert_le", "id"):
        yield rangee(
            ("Lu par une personne de l’équipe", m.get_motif_display()), ("Du", m.ouvert_le),
            ("Au", m.ferme_le or m.jusqu_au),
        )  # fmt: skip
    for d in DemandeAcces.objects.de_l_accompagnement(lu.a):
        yield rangee(("Copie demandée le", d.recue_le), ("Par", d.get_demandeur_display()), ("Remise le", d.remis_le))


CHAPITRES: Final = (
    Chapitre("Votre accompagnement", (
        Accompagnement, Intervenant, EtapeChoisie, SituationLogement, Reouverture,
    ), parcours),
    Chapitre("Ce que l’équipe a compris", (Diagnostic,), evaluation),
    Chapitre("Visites", (Visite,), visites),
    Chapitre("Dates proposées pour la première visite", (PropositionDeVisite,), dates_proposees),
    Chapitre("Objectifs, et ce qui en a été revu avec vous", (Objectif, RevueObjectif), objectifs),
    Chapitre("Contrats d’engagement", (Contrat, Document), contrats),
    Chapitre("Notes", (NoteEquipe, EntreeClinique, NoteClinique), notes),
    Chapitre("Vos accords", (Accord,), accords),
    Chapitre("Orientations vers des partenaires", (Orientation,), orientations),
    Chapitre("Concertations", (PointConcertation, SituationEvoquee, Decision, ActionConvenue), concertations),
    Chapitre("Qui a pu lire ce dossier", (PermissionNommee, LectureMotivee, DemandeAcces, Evenement), acces),
)  # fmt: skip

TABLES: Final[frozenset[type[models.Model]]] = frozenset(m for c in CHAPITRES for m in c.modeles)
