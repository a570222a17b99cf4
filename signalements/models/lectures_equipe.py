"""Reads of fiches for the équipe: triage, what is due, what looks alike, what is searched."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, Self
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject
from django.db.models.lookups import Exact

from partenaires.enums import Role
from partenaires.models import Compte
from signalements.enums import Cotation, EtatInstruction, EtatReleve, Moment, TypeEvaluateur
from signalements.models.colonnes_tri import (
    date_du_dernier_echange,
    dernier_echange,
    echeance_de_tri,
    residence_de_tri,
)
from signalements.models.lectures_orienteur import LecturesOrienteur
from socle import horloge
from socle.calendrier import ajouter_jours_ouvres, fin_du_jour
from socle.chiffrement import jeton_de, jetons_cherches, mots_de

if TYPE_CHECKING:
    from signalements.models.contenu import Locataire
    from signalements.models.fiches import Fiche

JOURS_RETRAIT: Final = 2  # working days in which coordination decides of a retrait d'accord
COMPARABLES: Final = 200  # fiches that a new one is compared with
PERSONNE: Final = "personne"
_REFERENCE: Final = re.compile(r"(\d{2})[-. ]?(\d{1,6})")
_FIN_DE_REFERENCE: Final = re.compile(r"\d{3,6}")
_PRESENTE: Final = (Cotation.OCCASIONNEL, Cotation.FREQUENT, Cotation.PERMANENT)
E = EtatInstruction
_A_TRAITER: Final = models.Q(instruction__etat__in=[E.TRANSMISE, E.A_COMPLETER, E.RECEVABLE, E.A_VISITER]) | models.Q(
    instruction__retrait_demande_le__isnull=False, instruction__fin_le=None
)


def echues_au(jour: date) -> models.Q:
    """Fiches of which something is due on `jour` or before (the rules of `signalements.echeances`, in SQL)."""
    ouvre = ajouter_jours_ouvres(jour + timedelta(days=1), -1)  # the last working day up to `jour`
    decidable = ajouter_jours_ouvres(jour + timedelta(days=1), -JOURS_RETRAIT) - timedelta(days=1)
    return (
        models.Q(instruction__etat__in=[E.TRANSMISE, E.A_COMPLETER], instruction__etudier_avant__lte=jour)
        | models.Q(instruction__etat=E.RECEVABLE, informer_avant__lte=jour)
        | models.Q(instruction__etat=E.DELAI_OPPOSITION, instruction__delai_jusqua__lte=fin_du_jour(jour))
        | models.Q(instruction__etat=E.A_VISITER, instruction__delai_jusqua__lt=fin_du_jour(ouvre))
        | models.Q(instruction__fin_le=None, instruction__retrait_demande_le__lt=fin_du_jour(decidable))
    )


def en_retard_au(jour: date) -> models.Q:
    """Something was due before a day; what waits for the clock alone is nobody's lateness."""
    return echues_au(jour - timedelta(days=1)) & ~models.Q(instruction__etat=E.DELAI_OPPOSITION)


@dataclass(frozen=True, slots=True)
class FiltreTri:
    """The filters of the triage list; each one left at its default filters nothing."""

    compte: Compte
    orienteur: int | None = None
    territoire: int | None = None
    secteur: str = ""
    suivie_par: int | Literal["personne"] | None = None
    echue_au: date | None = None
    en_retard: bool = False
    contexte: str = ""
    reponse_attendue: bool = False
    recherche: str = ""

    @property
    def condition(self) -> models.Q:
        """All the filters together."""
        q = models.Q()
        if self.orienteur is not None:
            q &= models.Q(orienteur=self.orienteur)
        if self.territoire is not None:
            q &= models.Q(residence__territoire=self.territoire)
        if self.secteur:
            q &= models.Q(residence__secteur=self.secteur)
        if self.suivie_par == PERSONNE:
            q &= models.Q(instruction__suivie_par=None)
        elif self.suivie_par is not None:
            q &= models.Q(instruction__suivie_par=self.suivie_par)
        if self.echue_au is not None:
            q &= echues_au(self.echue_au)
        if self.en_retard:
            q &= en_retard_au(horloge.aujourdhui())
        if self.contexte:
            q &= models.Q(constat__contexte__contains=[self.contexte])
        if self.reponse_attendue:
            q &= models.Q(Exact(dernier_echange("organisation"), models.F("orienteur")))
        if self.recherche.strip():
            q &= qui_repond_a(self.compte, self.recherche)
        return q


def qui_repond_a(compte: Compte, saisie: str) -> models.Q:
    """Fiches found by the name of a person whose content may be read, by reference, or by résidence.

    A name finds nothing once the content is hidden or gone: neither an opposition nor an end may be guessed.
    """
    from signalements.models.echanges import Jeton

    saisie = saisie.strip()
    q = models.Q(pk=None)
    reference = _REFERENCE.fullmatch(saisie)
    if reference:
        q |= models.Q(reference__startswith=f"{reference[1]}-{reference[2]}")
    if _FIN_DE_REFERENCE.fullmatch(saisie):
        q |= models.Q(reference__endswith=f"-{saisie.zfill(4)}")
    organisation = compte.organisation_id
    jetons = jetons_cherches(organisation, saisie) if organisation else set()
    if jetons:
        nom = models.Q(locataire__isnull=False)
        for jeton in sorted(jetons):
            porteurs = Jeton.objects.filter(organisation=organisation, jeton=jeton)
            nom &= models.Q(pk__in=porteurs.values("fiche_id"))
        residence = models.Q()
        for mot in mots_de(saisie):
            residence &= models.Q(residence__nom__unaccent__icontains=mot)
        q |= nom | residence
    return q


class LecturesEquipe(LecturesOrienteur):
    """What the pages of the équipe read, after `visibles_par`."""

    def filtrees(self, filtre: FiltreTri) -> Self:
        return self.filter(filtre.condition)

    def qui_repondent(self, compte: Compte, saisie: str) -> Self:
        """By name, reference or résidence, for an équipe or an orienteur."""
        return self.filter(qui_repond_a(compte, saisie))

    def compter_par_etat(self, filtre: FiltreTri) -> dict[str, tuple[int, int]]:
        """For each state of the équipe: (all, those that pass the filters), in one statement."""
        lignes = (
            self.order_by()
            .values_list("instruction__etat")
            .annotate(toutes=models.Count("pk"), filtrees=models.Count("pk", filter=filtre.condition))
        )
        return {etat: (toutes, filtrees) for etat, toutes, filtrees in lignes}

    def en_retard(self) -> Self:
        """Something was due before today; what waits for the clock alone is nobody's lateness."""
        return self.filter(en_retard_au(horloge.aujourdhui()))

    def a_traiter(self) -> Self:
        """What the équipe has to do something about: triage but the running weeks, and retraits d'accord."""
        return self.filter(_A_TRAITER)

    def a_traiter_ou_a_lire(self, compte: Compte) -> Self:
        """After `avec_a_lire`: and the messages that this person is the one to read.

        Whoever follows the fiche is; coordination when nobody does.
        """
        lecteur = models.Q(instruction__suivie_par=compte)
        if compte.a_role(Role.COORDINATION):
            lecteur |= models.Q(instruction__suivie_par=None)
        return self.filter(_A_TRAITER | (models.Q(a_lire=True, terminee_le=None) & lecteur))

    def sans_retrait(self) -> Self:
        """Without those on which coordination alone decides."""
        return self.filter(instruction__retrait_demande_le=None)

    def avec_ligne_de_tri(self) -> Self:
        """With everything that a row of the triage shows: one statement."""
        return (
            self.avec_domaines()
            .avec_information()
            .annotate(echange_le=dernier_echange("le"), echange_de=dernier_echange("organisation"))
            .select_related("locataire", "constat", "instruction", "instruction__suivie_par", "residence", "orienteur")
        )

    def avec_commune(self) -> Self:
        """With the commune of the résidence, in the same statement."""
        return self.select_related("residence__territoire")

    def inscrites_a(self, reunion_id: UUID) -> Self:
        """With `inscrite`, whether they stand on the agenda of a meeting."""
        from signalements.models.reunions import PointReunion

        points = PointReunion.objects.filter(reunion=reunion_id, fiche=models.OuterRef("pk"))
        return self.annotate(inscrite=models.Exists(points))

    def pour_trier(self, critere: str) -> Self:
        """With the column that a sort of the list needs, when no table holds it."""
        colonnes: dict[str, Callable[[], Any]] = {
            "echeance": echeance_de_tri, "residence_tri": residence_de_tri, "dernier_echange": date_du_dernier_echange,
        }  # fmt: skip
        return self.annotate(**{critere: colonnes[critere]()}) if critere in colonnes else self

    def avec_domaines(self) -> Self:
        """With `domaines`: those where the orienteur rated a signal 1 or more at T0, in the order of the grid."""
        from signalements.models.grilles import Signal

        cote = models.Func(
            models.F("grille__releve__cotations"), models.F("code"), models.Value("v"),
            function="jsonb_extract_path_text", output_field=models.TextField(),
        )  # fmt: skip
        presents = (
            Signal.objects.filter(
                grille__releve__fiche=models.OuterRef("pk"),
                grille__releve__moment=Moment.T0,
                grille__releve__etat=EtatReleve.RENDU,
                # In the same call: an exclude() would ask it of every relevé of the grid.
                grille__releve__type_evaluateur__in=[TypeEvaluateur.BAILLEUR, TypeEvaluateur.PARTENAIRE],
            )
            .annotate(cote=cote)
            .filter(cote__in=_PRESENTE)
            .order_by()
            .values("domaine")
            .annotate(rang=models.Min("ordre"))
            .order_by("rang")
            .values("domaine")
        )
        return self.annotate(domaines=ArraySubquery(presents))

    def avec_information(self) -> Self:
        """With `informee_le`: the date of the information of the household that holds, if any."""
        from signalements.models.echanges import Information

        derniere = Information.objects.filter(fiche=models.OuterRef("pk")).order_by("-enregistree_le", "-id")
        return self.annotate(informee_le=models.Subquery(derniere.values("le")[:1]))

    def avec_derniere_information(self) -> Self:
        """With the information that holds and its author, in `information_brute`: no other statement."""
        from signalements.models.echanges import Information

        derniere = Information.objects.filter(fiche=models.OuterRef("pk")).order_by("-enregistree_le", "-id")
        lue = JSONObject(
            pk="pk", le="le", mode="mode", enregistree_le="enregistree_le", nom="par__nom", prenom="par__prenom"
        )
        return self.annotate(information_brute=models.Subquery(derniere.values(lue=lue)[:1]))

    def a_comparer(self, fiche: "Fiche", locataire: "Locataire") -> Self:
        """Readable fiches that share a word of the name or the résidence, or of which something was decided.

        To be compared one by one (`signalements.ressemblances`), the latest first; at most COMPARABLES.
        """
        from signalements.models.echanges import Jeton
        from signalements.models.rapprochements import Rapprochement

        equipe = fiche.equipe_id
        if equipe is None:
            return self.none()
        mots = [mots_de(texte) for texte in (locataire.nom, locataire.prenom)]
        entiers = {mot for liste in mots for mot in (*liste, "".join(liste)) if mot}
        jetons = [jeton_de(equipe, mot, entier=True) for mot in sorted(entiers)]
        porteurs = Jeton.objects.filter(organisation=equipe, jeton__in=jetons)
        decidees = Rapprochement.objects.filter(annule_le=None)
        memes = (
            models.Q(residence=fiche.residence_id)
            | models.Q(pk__in=porteurs.values("fiche_id"))
            | models.Q(pk__in=decidees.filter(premiere=fiche.pk).values("seconde"))
            | models.Q(pk__in=decidees.filter(seconde=fiche.pk).values("premiere"))
        )
        lignes = self.filter(memes, equipe=equipe, locataire__isnull=False).exclude(pk=fiche.pk)
        return lignes.select_related("locataire", "instruction", "residence").order_by("-transmise_le", "-id")[
            :COMPARABLES
        ]
