"""The dépôt: from the first keystroke to the transmission to the équipe."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from partenaires.droits import exiger
from partenaires.enums import GenreOrganisation, Permission, Role
from partenaires.models import Compte, Convention, DelaisEquipe, Residence
from signalements.corrections import champs_ouverts, est_restreint
from signalements.droits import convention_de
from signalements.enums import (
    DEPOT,
    Action,
    EtatDepot,
    EtatReleve,
    Moment,
    TypeEvaluateur,
)
from signalements.models import Brouillon, Constat, Fiche, Grille, Information, Jeton, Locataire, Releve
from signalements.models.lectures_orienteur import JOURS_RELECTURE
from signalements.parcours.contenus import ContenuFiche
from signalements.parcours.formulations import contexte_de_la_fiche, garder_les_phrases
from signalements.parcours.information import enregistrer_information
from signalements.parcours.marque import marque_de
from signalements.parcours.verrous import fiche_verrouillee, noter, porte
from socle import envois, horloge
from socle.calendrier import ajouter_jours_ouvres
from socle.chiffrement import jetons_de
from socle.versions import ConflitDeVersion


class SansConvention(Exception):
    """No convention in force covers the résidence: the form says so and names whom to call."""

    def __init__(self, residence: Residence) -> None:
        self.residence = residence
        super().__init__("Aucune convention en vigueur ne couvre cette résidence.")


def commencer(*, par: Compte, orienteur_id: int | None = None) -> Fiche:
    """An empty draft of this person. An équipe names the bailleur for whom it types (`orienteur_id`).

    Raises PermissionDenied when the role files no fiche, or for an orienteur that is not under convention.
    """
    exiger(par, Permission.SAISIR)
    organisation = par.organisation_active
    assert organisation is not None
    orienteur = organisation
    if organisation.genre == GenreOrganisation.EQUIPE:
        conventions = Convention.objects.visibles_par(par).en_vigueur(horloge.aujourdhui()).avec_parties()
        convention = conventions.filter(orienteur=orienteur_id).first()
        if convention is None:
            raise PermissionDenied("Cette organisation n’est pas sous convention avec votre équipe.")
        orienteur = convention.orienteur
    maintenant = horloge.maintenant()
    fiche = Fiche(
        orienteur_id=orienteur.pk,
        declarant=organisation,
        auteur=par,
        cree_le=maintenant,
        modifiee_le=maintenant,
    )
    fiche.save(force_insert=True)
    Brouillon(fiche=fiche, orienteur_id=orienteur.pk, contenu={}, modifie_le=maintenant).save(force_insert=True)
    noter(Action.BROUILLON_CREE, fiche)
    return fiche


def enregistrer_brouillon(pk: UUID, *, par: Compte, champs: Mapping[str, Any], version: int | None = None) -> Fiche:
    """Keep what was just typed, over the rest of the draft: nothing is validated here, nothing is lost.

    An empty value takes its field away. With `version` (the one that the form was shown with), raises
    ConflitDeVersion when somebody else wrote one of these fields since: a person's own tabs never conflict.
    The author of a fiche that was sent back changes only what was commented; the rest stays as it is.
    """
    fiche = fiche_verrouillee(pk, par)
    DEPOT.verifier("transmettre", etat=fiche.etat, roles=par.roles)
    brouillon = Brouillon.objects.get(pk=fiche.pk)
    if est_restreint(fiche, par, brouillon.commentaires):
        grille = Grille.objects.en_vigueur(fiche.equipe_id)
        ouverts = champs_ouverts(brouillon.commentaires, grille, brouillon.au_renvoi)
        champs = {nom: valeur for nom, valeur in champs.items() if nom in ouverts}
    contenu = {nom: valeur for nom, valeur in {**brouillon.contenu, **champs}.items() if valeur not in ("", [], None)}
    d_autrui = brouillon.modifie_par_id not in (None, par.pk)
    if version not in (None, fiche.version) and d_autrui and contenu != brouillon.contenu:
        raise ConflitDeVersion(brouillon)
    brouillon.contenu = contenu
    brouillon.modifie_par = par
    brouillon.modifie_le = fiche.modifiee_le = horloge.maintenant()
    brouillon.save(update_fields=["contenu", "modifie_par", "modifie_le"])
    fiche.version += 1
    fiche.save(update_fields=["modifiee_le", "version"])
    return fiche


def supprimer_brouillon(pk: UUID, *, par: Compte) -> None:
    """The author throws his draft away; Fiche.DoesNotExist when it is not his draft."""
    fiche: Fiche = (
        Fiche.objects.visibles_par(par).de_l_auteur(par).brouillons().select_for_update(of=("self",)).get(pk=pk)
    )
    noter(Action.BROUILLON_SUPPRIME, fiche)
    Fiche.objects.filter(pk=fiche.pk)._raw_delete("default")  # its children cascade in the database


def transmettre(pk: UUID, *, par: Compte, contenu: ContenuFiche) -> Fiche:
    """Send the fiche: to the référent when the convention asks for a reading, otherwise to the équipe.

    Raises SansConvention, DateRefusee, FormulationsARevoir, TransitionInterdite, PermissionDenied;
    Fiche.DoesNotExist when not one's own.
    """
    fiche = fiche_verrouillee(pk, par)
    DEPOT.verifier("transmettre", etat=fiche.etat, roles=par.roles)
    if fiche.auteur_id != par.pk and not par.a_role(Role.REFERENT, Role.RESPONSABLE):
        raise PermissionDenied("Seul l’auteur transmet sa fiche, ou un référent qui l’a reprise.")
    convention = _convention(fiche, contenu.residence)
    if fiche.equipe_id not in (None, convention.equipe_id):
        raise SansConvention(contenu.residence)  # a returned fiche does not change équipe: a new one is made
    _relire_les_phrases(fiche, contenu)
    fiche.residence = contenu.residence
    fiche.equipe_id = convention.equipe_id
    fiche.convention = convention
    fiche.envoyee_le = horloge.maintenant()
    fiche.save(update_fields=["residence", "equipe", "convention", "envoyee_le"])
    _deposer_contenu(fiche, contenu, par)
    _noter_information(fiche, contenu, par)
    if convention.relecture and not par.a_role(Role.REFERENT, Role.RESPONSABLE, *_EQUIPE):
        fiche.etat = EtatDepot.A_RELIRE
        fiche.save(update_fields=["etat"])
        noter(Action.ENVOYEE_RELECTURE, fiche)
        envois.prevoir(
            "signalements.a_relire",
            effet=f"a_relire|{fiche.pk}|{fiche.envoyee_le.isoformat()}",
            organisation_id=fiche.orienteur_id,
            objet_id=fiche.pk,
        )
        _prevoir_rappels(fiche)
        return fiche
    return _remettre_a_l_equipe(fiche, Action.TRANSMISE)


_EQUIPE = (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL)


def valider(pk: UUID, *, par: Compte) -> Fiche:
    """The référent read it: the équipe has it from now on."""
    fiche = fiche_verrouillee(pk, par)
    DEPOT.verifier("valider", etat=fiche.etat, roles=par.roles)
    fiche.relue_par = par
    fiche.save(update_fields=["relue_par"])
    return _remettre_a_l_equipe(fiche, Action.VALIDEE)


def renvoyer(
    pk: UUID, *, par: Compte, commentaires: Mapping[str, str], gardees: Collection[str] = frozenset()
) -> Fiche:
    """Send it back to its author with a comment on named fields, which only he and the référents read.

    What it said then is kept with the draft: the second reading shows what changed.

    Raises FormulationsARevoir, by field.
    """
    fiche = fiche_verrouillee(pk, par)
    DEPOT.verifier("renvoyer", etat=fiche.etat, roles=par.roles)
    garder_les_phrases(fiche, commentaires, contexte=contexte_de_la_fiche(fiche), gardees=gardees)
    brouillon = Brouillon.objects.get(pk=fiche.pk)
    brouillon.commentaires = dict(commentaires)
    brouillon.renvoye = brouillon.contenu
    brouillon.save(update_fields=["commentaires", "renvoye"])
    fiche.etat = EtatDepot.A_CORRIGER
    fiche.save(update_fields=["etat"])
    noter(Action.RENVOYEE, fiche)
    envois.prevoir(
        "signalements.renvoyee",
        effet=f"renvoyee|{fiche.pk}|{horloge.maintenant().isoformat()}",
        organisation_id=fiche.declarant_id,
        objet_id=fiche.pk,
        donnees={"compte_id": fiche.auteur_id},
    )
    return fiche


def abandonner(pk: UUID, *, par: Compte) -> Fiche:
    """The référent gives it up before the équipe has it: terminée, like every end."""
    fiche = fiche_verrouillee(pk, par)
    DEPOT.verifier("abandonner", etat=fiche.etat, roles=par.roles)
    fiche.etat = EtatDepot.ABANDONNEE
    fiche.statut = "terminee"
    fiche.terminee_le = horloge.maintenant()
    fiche.save(update_fields=["etat", "statut", "terminee_le"])
    noter(Action.ABANDONNEE, fiche)
    return fiche


def _convention(fiche: Fiche, residence: Residence) -> Convention:
    """The one convention between the orienteur and an équipe under which the fiche leaves, or SansConvention."""
    convention = convention_de(fiche, residence)
    if convention is None or residence.fermee_le is not None:
        raise SansConvention(residence)
    return convention


def etude_a_compter_d_aujourdhui(equipe_id: int) -> date:
    """The last day of a study, or of an answer, that begins today: as many working days as the équipe has chosen."""
    delais = DelaisEquipe.de(equipe_id, horloge.aujourdhui())
    return ajouter_jours_ouvres(horloge.aujourdhui(), delais.etude_jours, alsace_moselle=delais.alsace_moselle)


def _prevoir_rappels(fiche: Fiche) -> None:
    """The référents are reminded after 2 working days, the responsables after 2 more, while nobody has read it."""
    assert fiche.envoyee_le is not None
    alsace_moselle = DelaisEquipe.de(fiche.equipe_destinataire_id, horloge.aujourdhui()).alsace_moselle
    for rang, a_qui in enumerate((Role.REFERENT, Role.RESPONSABLE), 1):
        jour = ajouter_jours_ouvres(horloge.aujourdhui(), rang * JOURS_RELECTURE, alsace_moselle=alsace_moselle)
        envois.prevoir(
            "signalements.rappel_relecture",
            effet=f"rappel_relecture|{fiche.pk}|{fiche.envoyee_le.isoformat()}|{a_qui}",
            organisation_id=fiche.orienteur_id,
            objet_id=fiche.pk,
            donnees={"role": a_qui.value, "envoyee_le": fiche.envoyee_le.isoformat()},
            a_partir_de=horloge.a_paris(jour),
        )


def _relire_les_phrases(fiche: Fiche, contenu: ContenuFiche) -> None:
    """The free-text guard, over every sentence of the fiche."""
    champs = ("batiment", "etage", "porte", "composition", "faits", "demarches")
    garder_les_phrases(
        fiche,
        {champ: getattr(contenu, champ) for champ in champs},
        noms={"nom": contenu.nom, "prenom": contenu.prenom, "signale_par": contenu.signale_par or ""},
        contexte=contenu.contexte_de_garde(fiche.orienteur),
        gardees=contenu.gardees,
    )


def _noter_information(fiche: Fiche, contenu: ContenuFiche, par: Compte) -> None:
    """What the form says of the household's information, unless an earlier sending said the same."""
    if contenu.informee_le is None:
        return
    connue = Information.objects.de_la_fiche(fiche).first()
    if connue is None or (connue.le, connue.mode) != (contenu.informee_le, contenu.mode_information):
        enregistrer_information(fiche.pk, par=par, le=contenu.informee_le, mode=contenu.mode_information)


def _deposer_contenu(fiche: Fiche, contenu: ContenuFiche, par: Compte) -> None:
    """Seal the content into its tables, over what an earlier sending left there."""
    parties = {"equipe_id": fiche.equipe_id, "orienteur_id": fiche.orienteur_id}
    existe = Locataire.objects.filter(pk=fiche.pk).exists()
    locataire = Locataire(
        fiche=fiche, **parties, civilite=contenu.civilite, majeur=contenu.majeur, nom=contenu.nom,
        prenom=contenu.prenom, naissance=contenu.naissance.isoformat() if contenu.naissance else "",
        telephone=contenu.telephone, batiment=contenu.batiment, etage=contenu.etage, porte=contenu.porte,
    )  # fmt: skip
    constat = Constat(
        fiche=fiche, **parties, contexte=list(contenu.contexte), inquietude=contenu.inquietude,
        composition=contenu.composition, faits=contenu.faits, demarches=contenu.demarches,
        arrivee=contenu.arrivee, arrivee_le=contenu.arrivee_le, signale_par=contenu.signale_par,
        alerte_le=Brouillon.objects.get(pk=fiche.pk).alerte_le,
    )  # fmt: skip
    for objet in (locataire, constat):
        objet.save(force_insert=not existe, force_update=existe)
    poser_jetons(fiche, fiche.orienteur_id, locataire)
    est_bailleur = fiche.orienteur.genre == GenreOrganisation.BAILLEUR
    Releve.objects.update_or_create(
        fiche=fiche,
        moment=Moment.T0,
        type_evaluateur=TypeEvaluateur.BAILLEUR if est_bailleur else TypeEvaluateur.PARTENAIRE,
        defaults={
            **parties, "grille": contenu.grille, "etat": EtatReleve.RENDU, "evaluateur": par,
            "rendu_le": horloge.maintenant(), "cotations": {c: dict(v) for c, v in contenu.cotations.items()},
        },
    )  # fmt: skip


def poser_jetons(fiche: Fiche, organisation_id: int, locataire: Locataire) -> None:
    """The search tokens of the person for one organisation; what an earlier sending left there stays."""
    Jeton.objects.bulk_create(
        [
            Jeton(organisation_id=organisation_id, jeton=j, fiche=fiche)
            for j in sorted(jetons_de(organisation_id, locataire.nom, locataire.prenom))
        ],
        ignore_conflicts=True,
    )


def _remettre_a_l_equipe(fiche: Fiche, action: Action) -> Fiche:
    """Transmission: reference, instruction, search tokens, receipt and notice, in this transaction."""
    locataire = Locataire.objects.get(pk=fiche.pk)
    poser_jetons(fiche, fiche.equipe_destinataire_id, locataire)
    Brouillon.objects.filter(pk=fiche.pk)._raw_delete("default")
    maintenant = horloge.maintenant()
    jour = horloge.aujourdhui()
    delais = DelaisEquipe.de(fiche.equipe_destinataire_id, jour)
    etude = ajouter_jours_ouvres(jour, delais.etude_jours, alsace_moselle=delais.alsace_moselle)
    fiche.etat = EtatDepot.TRANSMISE
    fiche.transmise_le = maintenant
    fiche.informer_avant = jour + timedelta(days=delais.information_jours)
    fiche.save(update_fields=["etat", "transmise_le", "informer_avant"])
    connue = porte("opposition_connue", fiche.equipe_id, marque_de(fiche, locataire), horloge.aujourdhui())
    fiche.reference = str(porte("instruire", fiche.pk, maintenant, etude, connue))
    fiche.statut = "recue"
    noter(action, fiche)
    envois.prevoir(
        "signalements.transmise",
        effet=f"transmise|{fiche.pk}",
        organisation_id=fiche.equipe_destinataire_id,
        objet_id=fiche.pk,
    )
    envois.prevoir(
        "signalements.information_tardive",
        effet=f"information_tardive|{fiche.pk}",
        organisation_id=fiche.equipe_destinataire_id,
        objet_id=fiche.pk,
        a_partir_de=horloge.a_paris(fiche.informer_avant),
    )
    return fiche
