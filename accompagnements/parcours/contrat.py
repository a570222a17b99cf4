"""The contract: signing freezes its data and their SHA-256 at once; the PDF is made from them right after."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accompagnements.enums import (
    ACCOMPAGNEMENT,
    SOUS_CONTRAT,
    Action,
    Axe,
    Etat,
    EtatObjectif,
    GenreDocument,
    IssueContrat,
    ModeSignature,
    Signataire,
)
from accompagnements.models import Accompagnement, Contrat, Objectif, RevueObjectif, empreinte_de
from accompagnements.parcours.pieces import joindre_scan, prevoir_document
from accompagnements.parcours.verrous import SaisieRefusee, avancer, noter, verrouille
from partenaires.models import Compte
from signalements import parcours as signalements
from signalements.models import Fiche, Locataire
from socle import horloge
from socle.calendrier import ajouter_mois
from socle.transitions import TransitionInterdite

_TRACE = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What was signed with: two drawn paths (on screen), or the bytes of a scanned paper."""

    mode: str = ModeSignature.ECRAN
    signataire: str = Signataire.PERSONNE
    mandataire: str = ""
    lu: bool = False
    trace_personne: str = ""
    trace_equipe: str = ""
    scan: bytes = b""

    def verifier(self) -> None:
        """SaisieRefusee for whatever is missing, naming the field."""
        if self.mode not in ModeSignature.values:
            raise SaisieRefusee("Dites si le contrat est signé à l’écran ou sur papier.", "mode")
        if self.signataire not in Signataire.values:
            raise SaisieRefusee("Dites qui signe.", "signataire")
        if self.signataire == Signataire.MANDATAIRE and not self.mandataire.strip():
            raise SaisieRefusee("Écrivez le nom du mandataire.", "mandataire")
        if not self.lu:
            raise SaisieRefusee("Le contrat doit avoir été lu à voix haute avant la signature.", "lu")
        if self.mode == ModeSignature.ECRAN:
            for trace, champ, qui in (
                (self.trace_personne, "trace_personne", "de la personne"),
                (self.trace_equipe, "trace_equipe", "de l’équipe"),
            ):
                if not trace:
                    raise SaisieRefusee(f"Il manque la signature {qui}.", champ)
                if len(trace) > Contrat.TRACE_MAXIMUM or not _TRACE.fullmatch(trace):
                    raise SaisieRefusee(f"La signature {qui} n’a pas pu être lue : recommencez-la.", champ)
        elif not self.scan:
            raise SaisieRefusee("Joignez le contrat signé.", "scan")


def signer(pk: UUID, *, par: Compte, signature: Signature, jusqu_au: date | None = None) -> Contrat:
    """The person (or the mandate-holder) and the équipe sign: the accompagnement is `en_cours`.

    `jusqu_au` is six months later when nothing is said. Raises SaisieRefusee (nothing is written),
    TransitionInterdite, PermissionDenied.
    """
    accompagnement = verrouille(pk, par, avec_fiche=True)
    ACCOMPAGNEMENT.verifier("signer", etat=accompagnement.etat, roles=par.roles)
    signature.verifier()
    contrat = _geler(accompagnement, par, signature, jusqu_au)
    accompagnement.etat = Etat.EN_COURS
    accompagnement.signe_le = contrat.le
    avancer(accompagnement, "etat", "signe_le")
    signalements.noter_contrat(accompagnement.fiche_id, par=par, le=contrat.le)
    noter(Action.SIGNE, accompagnement, equipe_id=accompagnement.equipe_id)
    return contrat


def renouveler(pk: UUID, *, par: Compte, signature: Signature, jusqu_au: date | None = None) -> Contrat:
    """Sign a new version while the accompagnement goes on. Same errors as `signer`."""
    accompagnement = verrouille(pk, par, avec_fiche=True)
    ACCOMPAGNEMENT.verifier_role("signer", roles=par.roles)
    if accompagnement.etat not in SOUS_CONTRAT:
        raise TransitionInterdite("renouveler", accompagnement.etat)
    if accompagnement.retrait_en_attente:
        raise TransitionInterdite("renouveler", "retrait d’accord")
    signature.verifier()
    if a_revoir(accompagnement):
        raise SaisieRefusee("Revoyez d’abord avec la personne chaque objectif du contrat en cours.", "objectifs")
    contrat = _geler(accompagnement, par, signature, jusqu_au)
    noter(Action.SIGNE, accompagnement, equipe_id=accompagnement.equipe_id)
    return contrat


def a_revoir(accompagnement: Accompagnement) -> list[Objectif]:
    """Open objectives of the contract in force that nobody reviewed with the person since it was signed."""
    dernier = Contrat.objects.all().de_l_accompagnement(accompagnement).signes().first()
    if dernier is None:
        return []
    signes = [(o["axe"], o["texte"]) for o in dernier.donnees["objectifs"]]
    ouverts = Objectif.objects.all().de_l_accompagnement(accompagnement).ouverts()
    revues = RevueObjectif.objects.filter(accompagnement=accompagnement, revu_le__gte=dernier.le)
    revus = set(revues.order_by().values_list("objectif", flat=True))
    return [o for o in ouverts if o.pk not in revus and (str(Axe(o.axe).label), o.texte) in signes]


def enregistrer_refus_contrat(pk: UUID, *, par: Compte) -> Contrat:
    """The person does not sign this contract, or its renewal: kept as a refused version; the state stays."""
    accompagnement = verrouille(pk, par)
    ACCOMPAGNEMENT.verifier_role("signer", roles=par.roles)
    if accompagnement.etat not in {Etat.PROPOSE, *SOUS_CONTRAT}:
        raise TransitionInterdite("enregistrer_refus_contrat", accompagnement.etat)
    donnees = _donnees(accompagnement, _numero(accompagnement), par, None, None)
    contrat = Contrat(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, numero=donnees["numero"],
        issue=IssueContrat.REFUSE, le=horloge.maintenant(), par=par, donnees=donnees, sha256=empreinte_de(donnees),
    )  # fmt: skip
    contrat.save(force_insert=True)
    noter(Action.CONTRAT_REFUSE, accompagnement, equipe_id=accompagnement.equipe_id)
    return contrat


def _geler(accompagnement: Accompagnement, par: Compte, signature: Signature, jusqu_au: date | None) -> Contrat:
    aujourdhui = horloge.aujourdhui()
    terme = jusqu_au or ajouter_mois(aujourdhui, Contrat.DUREE_MOIS)
    if terme <= aujourdhui:
        raise SaisieRefusee("Le contrat doit finir après aujourd’hui.", "jusqu_au")
    donnees = _donnees(accompagnement, _numero(accompagnement), par, signature, terme)
    if not donnees["objectifs"]:
        raise SaisieRefusee("Ajoutez d’abord un objectif.", "objectifs")
    contrat = Contrat(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, numero=donnees["numero"],
        issue=IssueContrat.SIGNE, le=horloge.maintenant(), par=par, jusqu_au=terme, signataire=signature.signataire,
        mandataire=signature.mandataire.strip(), mode=signature.mode, donnees=donnees, sha256=empreinte_de(donnees),
        trace_personne=signature.trace_personne, trace_equipe=signature.trace_equipe,
    )  # fmt: skip
    contrat.save(force_insert=True)
    if signature.mode == ModeSignature.PAPIER:
        joindre_scan(accompagnement, contrat_id=contrat.pk, contenu=signature.scan, par=par)
    prevoir_document(
        accompagnement,
        genre=GenreDocument.CONTRAT,
        objet_id=contrat.pk,
        titre=f"Contrat d’engagement n° {contrat.numero}",
        donnees={
            "contrat": donnees,
            "sha256": contrat.sha256,
            "trace_personne": signature.trace_personne,
            "trace_equipe": signature.trace_equipe,
        },
        par=par,
    )
    return contrat


def _numero(accompagnement: Accompagnement) -> int:
    return Contrat.objects.filter(accompagnement=accompagnement).count() + 1


def _donnees(
    accompagnement: Accompagnement, numero: int, par: Compte, signature: Signature | None, terme: date | None
) -> dict[str, Any]:
    """The canonical data of a contract: only strings, numbers and lists, so that they are written one way."""
    fiche: Fiche = accompagnement.fiche
    locataire = Locataire.objects.get(pk=fiche.pk)
    ouverts = Objectif.objects.all().de_l_accompagnement(accompagnement).filter(etat=EtatObjectif.OUVERT)
    equipe = par.organisation_active
    assert equipe is not None
    donnees: dict[str, Any] = {
        "schema": 2,
        "reference": fiche.reference,
        "numero": numero,
        "date": horloge.aujourdhui().isoformat(),
        "personne": locataire.designation,
        "equipe": equipe.nom,
        "membre": par.nom_complet,
        "fonction": par.fonction,
        "objectifs": [{"axe": str(Axe(o.axe).label), "texte": o.texte} for o in ouverts],
        "revues": _revues(accompagnement),
    }
    if signature is not None and terme is not None:
        donnees |= {
            "jusqu_au": terme.isoformat(),
            "signataire": signature.signataire,
            "mandataire": signature.mandataire.strip(),
            "mode": signature.mode,
            "lu": signature.lu,
        }
    return donnees


def _revues(accompagnement: Accompagnement) -> list[dict[str, str]]:
    """What became of the objectives since the contract before: the reviews, in the order they were made."""
    dernier = Contrat.objects.all().de_l_accompagnement(accompagnement).signes().first()
    if dernier is None:
        return []
    return historique(accompagnement, depuis=dernier.le)


def historique(accompagnement: Accompagnement, *, depuis: datetime | None = None) -> list[dict[str, str]]:
    """The reviews as a document shows them: day, objective, state, comment, who."""
    revues = RevueObjectif.objects.all().de_l_accompagnement(accompagnement).select_related("objectif", "par")
    if depuis is not None:
        revues = revues.filter(revu_le__gte=depuis)
    return [
        {
            "le": horloge.paris(r.revu_le).date().isoformat(),
            "objectif": r.objectif.texte,
            "etat": str(EtatObjectif(r.etat).label),
            "commentaire": r.commentaire,
            "par": r.par.nom_complet,
        }
        for r in reversed(revues)
    ]
