"""Reads of fiches for those who report: what they still have to finish, what is due, what they look for."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from django.db import models
from django.db.models.functions import Coalesce, ExtractIsoWeekDay, TruncDate
from django.db.models.lookups import Exact

from partenaires.enums import ROLES_EQUIPE
from partenaires.models import Compte
from signalements.enums import EtatDepot, EtatReleve, Moment, Statut, TypeEvaluateur
from socle.chiffrement import jetons_cherches
from socle.expressions import PlusJours
from socle.horloge import PARIS, aujourdhui

if TYPE_CHECKING:
    from signalements.models.fiches import Fiche  # noqa: F401

JOURS_RELECTURE: Final = 2  # working days, before the référent is reminded
JAMAIS: Final = date(9999, 12, 31)  # sorts after every date that is due
PLAFOND: Final = 500  # a count says "plus de 500" beyond
REFERENCE: Final = re.compile(r"\d{2}-\d{4,}")
DEBUT_DE_REFERENCE: Final = re.compile(r"\d{2}-\d*")

# Calendar days that lead from a weekday (1 is Monday) to the n-th working day after it, holidays apart.
_DECALAGES: Final = {2: {4: 4, 5: 4, 6: 3}}


class LecturesOrienteur(models.QuerySet["Fiche"]):
    """What the pages of a gardien, a référent or a correspondant read, after `visibles_par`."""

    def avec_brouillon(self) -> Self:
        """With what its author typed so far, and how many photos he added (`nombre_photos`)."""
        from signalements.models.photos import Photo

        photos = (
            Photo.objects.filter(fiche=models.OuterRef("pk")).order_by().values("fiche").annotate(n=models.Count("pk"))
        )
        return self.select_related("brouillon", "brouillon__modifie_par", "residence", "orienteur", "auteur").annotate(
            nombre_photos=Coalesce(models.Subquery(photos.values("n")), 0)
        )

    def avec_recu(self) -> Self:
        """With what a receipt shows: no name, no content."""
        return self.select_related("residence", "orienteur", "equipe")

    def pour_l_orienteur(self) -> Self:
        """With the content that an orienteur reads until the end, in the same statement."""
        return self.select_related("locataire", "constat", "residence__territoire", "orienteur", "equipe", "auteur")

    def hors_de_sa_main(self) -> Self:
        """What its author has sent, and that did not come back to him."""
        return self.exclude(etat__in=[EtatDepot.BROUILLON, EtatDepot.A_CORRIGER])

    def dernieres_touchees(self) -> Self:
        return self.order_by("-modifiee_le", "-id")

    def compter_par_statut_lu(self) -> dict[str, int]:
        """How many at each neutral status, as it is read before transmission too; `ouverts` are not over."""
        lus = {statut.value: models.Count("pk", filter=_statut_lu(statut.value)) for statut in Statut}
        return self.order_by().aggregate(ouverts=models.Count("pk", filter=models.Q(terminee_le=None)), **lus)

    def trouvees_par_lieu(self, saisie: str) -> Self:
        """Those of this reference (its beginning is enough), or whose résidence bears every word. Never by a name."""
        saisie = saisie.strip()
        if DEBUT_DE_REFERENCE.fullmatch(saisie):
            return self.filter(reference__startswith=saisie)
        lignes = self
        for mot in saisie.split():
            lignes = lignes.filter(
                models.Q(residence__nom__unaccent__icontains=mot)
                | models.Q(residence__adresse__unaccent__icontains=mot)
            )
        return lignes

    def delaissees(self, avant: datetime) -> Self:
        """Drafts that nobody touched since an instant."""
        return self.filter(etat=EtatDepot.BROUILLON, modifiee_le__lt=avant)

    def finies_avant(self, etats: Iterable[str], instant: datetime) -> Self:
        """Whose instruction ended so, before an instant; for the system, which reads instructions."""
        return self.filter(instruction__etat__in=list(etats), instruction__fin_le__lt=instant)

    def avec_contenu_restant(self) -> Self:
        """Where something of the content is still in a table."""
        return self.filter(
            models.Q(locataire__isnull=False) | models.Q(constat__isnull=False) | models.Q(brouillon__isnull=False)
        )

    def d_une_residence(self, residence_id: int) -> Self:
        return self.filter(residence=residence_id)

    def d_un_secteur(self, secteur: str) -> Self:
        """Of the résidences that a bailleur keeps under this name."""
        return self.filter(residence__secteur=secteur)

    def envoyees_entre(self, du: date | None, au: date | None) -> Self:
        """Sent between two days of Europe/Paris, both included; None leaves a side open."""
        lignes = self.annotate(envoyee_jour=_jour("envoyee_le"))
        if du is not None:
            lignes = lignes.filter(envoyee_jour__gte=du)
        return lignes.filter(envoyee_jour__lte=au) if au is not None else lignes

    def au_statut_lu(self, statut: str) -> Self:
        """By the neutral status as it is read: before transmission a fiche reads « Reçue »."""
        return self.filter(_statut_lu(statut))

    def cherchees(self, compte: Compte, saisie: str) -> Self:
        """Those of this exact reference, or whose person bears every word (its first letters are enough).

        An orienteur finds no finished situation by a name: the name has left him with the content.
        """
        from signalements.models.echanges import Jeton

        saisie = saisie.strip()
        if REFERENCE.fullmatch(saisie):
            return self.filter(reference=saisie)
        organisation = compte.organisation_id
        jetons = jetons_cherches(organisation, saisie) if organisation else set()
        if not jetons:
            return self.none()
        lignes = self if compte.a_role(*ROLES_EQUIPE) else self.filter(terminee_le=None)
        for jeton in sorted(jetons):
            porte = Jeton.objects.filter(organisation=organisation, jeton=jeton, fiche=models.OuterRef("pk"))
            lignes = lignes.filter(models.Exists(porte))
        return lignes

    def avec_echeance(self, compte: Compte) -> Self:
        """With what the référent has to do and when, one statement for the whole list.

        The household's information is to record once the équipe has accepted the fiche, and at the end of the équipe's
        own delay after the transmission in any case (RGPD art. 14).

        `echeance` orders (JAMAIS when nothing is due); `information_le`, `releve_du_le` and `releve_du` (which) say
        why. Only the content that he may read counts.
        """
        from signalements.models.echanges import Information
        from signalements.models.releves import Releve

        ici = {"fiche": models.OuterRef("pk")}
        releves = Releve.objects.filter(
            models.Q(evaluateur=compte) | models.Q(evaluateur=None), moment=Moment.T6, etat=EtatReleve.ATTENDU, **ici
        ).exclude(type_evaluateur=TypeEvaluateur.EQUIPE)
        return self.annotate(
            information_le=models.Subquery(
                Information.objects.filter(**ici).order_by("-enregistree_le", "-id").values("le")[:1]
            ),
            releve_du_le=models.Subquery(releves.values("du_le")[:1]),
            releve_du=models.Subquery(releves.values("pk")[:1]),
            echeance=models.Case(
                models.When(terminee_le__isnull=False, then=models.Value(JAMAIS)),
                models.When(etat=EtatDepot.A_RELIRE, then=_ouvres(_jour("envoyee_le"), JOURS_RELECTURE)),
                models.When(
                    statut=Statut.A_COMPLETER, then=Coalesce(models.F("repondre_avant"), _jour("transmise_le"))
                ),
                models.When(
                    statut=Statut.RECUE,
                    information_le=None,
                    informer_avant__lte=aujourdhui(),
                    then=models.F("informer_avant"),
                ),
                models.When(statut=Statut.EN_COURS, information_le=None, then=models.F("informer_avant")),
                default=Coalesce("releve_du_le", models.Value(JAMAIS)),
                output_field=models.DateField(),
            ),
        )

    def avec_nouveaux(self, compte: Compte) -> Self:
        """With `nouveaux`: how many messages of the thread somebody else wrote since this person last read it."""
        nouveaux = _non_lus(compte).order_by().values("fiche").annotate(n=models.Count("pk"))
        return self.annotate(nouveaux=Coalesce(models.Subquery(nouveaux.values("n")), 0))

    def avec_a_lire(self, compte: Compte) -> Self:
        """With `a_lire`: the other side wrote since this person last read the thread."""
        return self.annotate(a_lire=models.Exists(_non_lus(compte).exclude(organisation=compte.organisation_id)))

    def avec_information_dite(self) -> Self:
        """With the date and the mode of the household's information, as far as the reader may know them."""
        from signalements.models.echanges import Information

        lignes = Information.objects.filter(fiche=models.OuterRef("pk")).order_by("-enregistree_le", "-id")
        return self.annotate(
            information_le=models.Subquery(lignes.values("le")[:1]),
            information_mode=models.Subquery(lignes.values("mode")[:1]),
        )

    def a_faire(self) -> Self:
        """After `avec_echeance`: where the référent has something to do."""
        return self.filter(echeance__lt=JAMAIS)

    def a_faire_ou_a_lire(self) -> Self:
        """After `avec_echeance` and `avec_a_lire`: where something is due, or was written to him."""
        return self.filter(models.Q(echeance__lt=JAMAIS) | models.Q(a_lire=True))

    def compter_par_vue(self, compte: Compte) -> dict[str, int]:
        """Counts of the views of the référent's list, and of his own drafts, each up to PLAFOND + 1."""
        lignes = self.avec_echeance(compte).order_by()[: PLAFOND + 1]
        envoyee = ~models.Q(etat=EtatDepot.BROUILLON)
        mienne = models.Q(auteur=compte, declarant=compte.organisation_id)
        return lignes.aggregate(
            tous=models.Count("pk", filter=envoyee),
            a_faire=models.Count("pk", filter=envoyee & models.Q(echeance__lt=JAMAIS)),
            ouverts=models.Count("pk", filter=envoyee & models.Q(terminee_le=None)),
            termines=models.Count("pk", filter=envoyee & models.Q(terminee_le__isnull=False)),
            en_main=models.Count("pk", filter=mienne & models.Q(etat__in=[EtatDepot.BROUILLON, EtatDepot.A_CORRIGER])),
        )


def _non_lus(compte: Compte) -> Any:
    """The messages of a fiche that are new to a person: another's, after the last one that she has read."""
    from signalements.models.echanges import Echange
    from signalements.models.suivi import LectureFil

    lu_le = LectureFil.objects.filter(compte=compte, fiche=models.OuterRef("fiche")).values("lu_le")
    messages = Echange.objects.filter(fiche=models.OuterRef("pk")).exclude(auteur=compte)
    return messages.filter(models.Q(le__gt=models.Subquery(lu_le)) | ~models.Exists(lu_le))


def _statut_lu(statut: str) -> models.Q:
    if statut != Statut.RECUE:
        return models.Q(statut=statut)
    return models.Q(etat__in=[EtatDepot.A_RELIRE, EtatDepot.A_CORRIGER]) | models.Q(statut=Statut.RECUE)


def _jour(instant: Any) -> TruncDate:
    return TruncDate(instant, tzinfo=PARIS)


def _ouvres(jour: Any, n: int) -> PlusJours:
    """SQL: the n-th working day after a day, public holidays apart: it orders, Python writes the exact date."""
    semaine = ExtractIsoWeekDay(jour)
    decalage = models.Case(
        *(models.When(Exact(semaine, rang), then=models.Value(pas)) for rang, pas in _DECALAGES[n].items()),
        default=models.Value(n),
        output_field=models.IntegerField(),
    )
    return PlusJours(jour, decalage)
