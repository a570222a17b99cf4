"""What somebody who reported reads of it: receipts, drafts, what happens next. No name, no content, no motif."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte, DelaisEquipe, Residence
from signalements.enums import EtatDepot, Statut
from signalements.models import Fiche
from signalements.models.lectures_orienteur import JOURS_RELECTURE
from socle import horloge
from socle.calendrier import ajouter_jours_ouvres
from socle.ecriture import INSECABLE, date_longue, date_relative, jour_de, moment_relatif
from socle.presentation import EntreeFrise

CONSERVATION_BROUILLON = timedelta(days=30)  # untouched


@dataclass(frozen=True, slots=True)
class BrouillonLu:
    """A fiche still in its author's hands: where, when it was last typed, and where to go on."""

    titre: str
    lieu: str
    quand: str
    url: str
    action: str


def lecteurs_de(compte: Compte, fiche: Fiche | None = None) -> str:
    """Who will read what is typed: said next to each free text."""
    if compte.a_role(*ROLES_EQUIPE):
        bailleur = fiche.orienteur if fiche is not None and fiche.orienteur.est_bailleur else None
        lecteurs = f"Votre équipe et les référents de {bailleur.nom} liront" if bailleur else "Votre équipe lira"
    elif compte.a_role(Role.REFERENT, Role.RESPONSABLE):
        lecteurs = "L’équipe dédiée et les référents de votre organisation liront"
    elif compte.a_role(Role.GARDIEN):
        lecteurs = "L’équipe dédiée et votre référent liront"
    else:
        lecteurs = "L’équipe dédiée lira"
    return f"{lecteurs} cette fiche. La personne aussi, si elle le demande."


def brouillons_lus(fiches: Iterable[Fiche], residences: Mapping[str, Residence]) -> list[BrouillonLu]:
    """Drafts and fiches sent back, the last typed first. `residences` by primary key as text."""
    lus = []
    for fiche in fiches:
        contenu = fiche.brouillon.contenu
        residence = residences.get(str(contenu.get("residence", ""))) or fiche.residence
        batiment = str(contenu.get("batiment", ""))
        lieu = [residence.nom if residence else "", f"bâtiment {batiment}" if batiment else ""]
        a_corriger = fiche.etat == EtatDepot.A_CORRIGER
        lus.append(
            BrouillonLu(
                titre="Fiche à corriger" if a_corriger else "Brouillon à finir",
                lieu=", ".join(filter(None, lieu)) or "Résidence à choisir",
                quand="Votre référent a laissé un commentaire"
                if a_corriger
                else f"Enregistré {moment_relatif(fiche.modifiee_le)}",
                url=reverse("saisie", args=[fiche.pk, "relire" if a_corriger else _reprise(contenu)]),
                action="Corriger" if a_corriger else "Reprendre",
            )
        )
    return lus


def _reprise(contenu: Mapping[str, object]) -> str:
    """Where to resume: the recapitulation leads to what is missing, once something was typed."""
    return "relire" if len(contenu) > len(_PREMIERE_ETAPE) else "personne"


_PREMIERE_ETAPE = ("residence", "batiment", "etage", "porte", "nom", "prenom", "majeur")


@dataclass(frozen=True, slots=True)
class Recu:
    """A line of the sent list."""

    residence: str
    quand: str
    reference: str
    statut: str
    depuis: str
    remarque: str
    url: str


def recu_de(fiche: Fiche) -> Recu:
    """What a gardien or a correspondant sees of what he sent, in a list."""
    depuis = depuis_de(fiche)
    return Recu(
        residence=fiche.residence.nom if fiche.residence else "",
        quand=f"Envoyé {date_relative(fiche.envoyee_le)}" if fiche.envoyee_le else "",
        reference=fiche.reference,
        statut=fiche.statut_lu,
        depuis=f"{Statut(fiche.statut_lu).label} {depuis}" if depuis else "",
        remarque=_remarque(fiche),
        url=reverse("signalement", args=[fiche.pk]),
    )


def statuts_dates(fiche: Fiche) -> list[tuple[str, date]]:
    """Each neutral status with its day, oldest first: what the author of a fiche could read as it went.

    « Reçue » begins when he sent it. Once it is over nothing but its two ends is said: how long each stage took could
    tell the motif.
    """
    assert fiche.envoyee_le is not None
    suite = [(Statut.RECUE.value, jour_de(fiche.envoyee_le))]
    if fiche.statut == Statut.TERMINEE:
        assert fiche.terminee_le is not None
        return [*suite, (Statut.TERMINEE.value, jour_de(fiche.terminee_le))]
    for statut, jour in fiche.statuts:
        if statut != suite[-1][0]:
            suite.append((statut, date.fromisoformat(jour)))
    return suite


def depuis_de(fiche: Fiche) -> str:
    """« depuis le 24 septembre », for the status that holds; "" for « Reçue », which the sending dates."""
    statut, jour = statuts_dates(fiche)[-1]
    if statut != fiche.statut_lu or statut == Statut.RECUE:
        return ""
    quand = date_relative(jour)
    return quand if statut == Statut.TERMINEE else f"depuis {quand}"


def _remarque(fiche: Fiche) -> str:
    if fiche.etat == EtatDepot.A_RELIRE:
        return "Votre référent la relit."
    if fiche.statut == Statut.A_COMPLETER:
        return _qui_repond(fiche)
    return ""


def _qui_repond(fiche: Fiche) -> str:
    if fiche.orienteur.est_bailleur:
        return "Votre référent s’en occupe."
    equipe = fiche.equipe
    assert equipe is not None
    contact = f" au{INSECABLE}{equipe.telephone}" if equipe.telephone else ""
    return f"L’équipe dédiée a une question{INSECABLE}: appelez-la{contact}."


def suites_de(fiche: Fiche) -> list[EntreeFrise]:
    """What happens next, with its dates, and what one will never see."""
    assert fiche.envoyee_le is not None
    if fiche.statut == Statut.TERMINEE:
        return []
    suites = []
    if fiche.etat == EtatDepot.A_RELIRE:
        relire = ajouter_jours_ouvres(jour_de(fiche.envoyee_le), JOURS_RELECTURE)
        texte = "Il a deux jours ouvrés, puis il l’envoie à l’équipe dédiée."
        suites.append(EntreeFrise("Votre référent relit la fiche", relire, "eye", texte, etat="prevu"))
    recue = fiche.transmise_le
    suites.append(
        EntreeFrise(
            "L’équipe dédiée a reçu votre fiche" if recue else "L’équipe dédiée reçoit la fiche",
            recue or fiche.envoyee_le,
            "check-lg" if recue else "inbox",
            _capitale(date_longue(recue)) + "." if recue else "",
            etat="fait" if recue else "prevu",
        )
    )
    suites.append(_etude(fiche))
    informee = fiche.informations.all()
    suites.append(
        EntreeFrise(
            "La personne est informée",
            fiche.envoyee_le,
            "envelope",
            f"Elle peut refuser{INSECABLE}: dans ce cas, tout s’arrête et la fiche est effacée.",
            etat="fait" if informee else "prevu",
        )
    )
    suites.append(
        EntreeFrise(
            "Une rencontre est proposée",
            fiche.envoyee_le,
            "house-heart",
            _le(fiche, Statut.RENCONTRE)
            + f"Vous verrez seulement «{INSECABLE}Rencontre faite{INSECABLE}». Le reste est "
            "confidentiel, pour protéger la personne.",
            etat="fait" if fiche.statut == Statut.RENCONTRE else "prevu",
        )
    )
    return suites


def _etude(fiche: Fiche) -> EntreeFrise:
    """The équipe studies it, in its own delay from the transmission; a date that has passed is not repeated."""
    depart = fiche.transmise_le or fiche.envoyee_le
    assert depart is not None
    faite = fiche.statut in (Statut.EN_COURS, Statut.RENCONTRE)
    limite = etude_avant(fiche)
    texte = f"Au plus tard le {date_longue(limite)}." if limite and not faite else _le(fiche, Statut.EN_COURS).strip()
    if fiche.statut == Statut.A_COMPLETER:
        texte = f"Elle a posé une question. {_qui_repond(fiche)}"
    return EntreeFrise("Elle étudie la fiche", depart, "search", texte, etat="fait" if faite else "prevu")


def _le(fiche: Fiche, statut: Statut) -> str:
    """« Mardi 22 septembre 2026. », the last day when the fiche took a status; "" when it did not."""
    jours = [jour for code, jour in statuts_dates(fiche) if code == statut]
    return f"{_capitale(date_longue(jours[-1]))}. " if jours else ""


def etude_avant(fiche: Fiche) -> date | None:
    """The last day of the study, when it is still to come."""
    if fiche.transmise_le is None or fiche.equipe_id is None:
        return None
    jour = jour_de(fiche.transmise_le)
    delais = DelaisEquipe.de(fiche.equipe_id, jour)
    limite = ajouter_jours_ouvres(jour, delais.etude_jours, alsace_moselle=delais.alsace_moselle)
    return limite if limite >= horloge.aujourdhui() else None


def _capitale(texte: str) -> str:
    return texte[:1].upper() + texte[1:]
