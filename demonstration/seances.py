"""The sensibilisations of the demonstration: ten for each équipe over the story, with who came, and two to come.

Registered by the référents, pointed and closed by the équipe, all by the real transitions. The last one is full.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from demonstration.monde import Monde
from demonstration.scene import Scene
from partenaires.enums import Role
from partenaires.enums_sensibilisations import Presence
from partenaires.models import Compte, InscriptionSeance, Organisation, Rattachement, Seance
from partenaires.parcours import inscriptions, seances
from partenaires.parcours.seances import Annonce, Pointage
from partenaires.perimetre import agir_comme
from socle import horloge

TENUES: Final = 9
ANNONCE: Final = timedelta(days=24)  # before the day
INSCRIPTION: Final = timedelta(days=15)
SUITE: Final = timedelta(days=1)
SALLES: Final = (
    "Maison des associations, 3 rue du Canevas",
    "Salle du conseil, 12 rue des Lilas",
    "Antenne du Val, 8 rue Haute",
)
# (kind, title, minutes, seats, programme)
CATALOGUE: Final = (
    (
        "theorie",
        "Repérer une souffrance, en parler",
        180,
        18,
        "Ce qui se voit, ce qui se dit. Remplir la grille.",
    ),
    ("secours", "Premiers secours en santé mentale", 420, 14, "Approcher, écouter, orienter. Mises en situation."),
    ("theorie", "Le signalement, pas à pas", 120, 20, "La fiche, le délai, ce que devient une situation."),
    ("retour", "Retour d’expérience des gardiens", 150, 12, "Trois situations sans nom, ce qui a aidé."),
    ("theorie", "Voisinage et troubles psychiques", 180, 16, "Entendre les plaintes, protéger chacun."),
)
SANS_COMPTE: Final = ("Régisseur", "Chargée d’accueil", "Agente de proximité", "Technicien", "Chargé de clientèle")
PRENOMS: Final = ("Alix", "Camille", "Dominique", "Éden", "Lou", "Maé", "Noa", "Sacha", "Yaël", "Zoé")
NOMS: Final = ("Calque", "Esquisse", "Gabarit", "Maquette", "Patron", "Pochoir", "Tracé", "Trame", "Épure", "Ébauche")


@dataclass(frozen=True, slots=True)
class Prevue:
    """A séance of the story: which one of the catalogue, and its day."""

    rang: int
    jour: date


def planifier(scene: Scene, monde: Monde, debut: date) -> None:
    """Evenly over the story; then one in nine days, full, and one in a month, in preparation."""
    fin = horloge.paris(scene.fin).date()
    for decalage, equipe in enumerate(monde.equipes.values()):
        alea = random.Random(20260922 + decalage)  # noqa: S311  a story, not a secret
        pas = (fin - debut - timedelta(days=60)) / TENUES
        for rang in range(TENUES):
            jour = scene.heure_de_bureau(debut + timedelta(days=30 + 5 * decalage) + pas * rang)
            _planifier(scene, monde, equipe, alea, Prevue(rang, horloge.paris(jour).date()), tenir=True)
        proche = horloge.paris(scene.heure_de_bureau(fin + timedelta(days=9 + decalage))).date()
        _planifier(scene, monde, equipe, alea, Prevue(TENUES, proche), tenir=False)
        lointaine = horloge.paris(scene.heure_de_bureau(fin + timedelta(days=31))).date()
        scene.le(scene.fin - timedelta(hours=3), partial(_ebaucher, monde, equipe, alea, Prevue(3, lointaine)))


def _planifier(
    scene: Scene, monde: Monde, equipe: Organisation, alea: random.Random, prevue: Prevue, *, tenir: bool
) -> None:
    def ouvrir() -> None:
        seance = _preparer(monde, equipe, alea, prevue, petite=not tenir)
        par = _animateur(monde, equipe)
        with agir_comme(par):
            seances.ouvrir(seance.pk, par=par)
        apres = ANNONCE - INSCRIPTION
        for bailleur in _bailleurs(monde, equipe):
            scene.le(horloge.maintenant() + apres, partial(_inscrire, monde, bailleur, seance, alea))
        if tenir:
            scene.le(seance.fin + SUITE, partial(_tenir, monde, equipe, seance, alea))

    quand = scene.heure_de_bureau(prevue.jour - ANNONCE)
    scene.le(quand, ouvrir)


def _preparer(
    monde: Monde, equipe: Organisation, alea: random.Random, prevue: Prevue, *, petite: bool = False
) -> Seance:
    genre, titre, duree, places, programme = CATALOGUE[prevue.rang % len(CATALOGUE)]
    par = _animateur(monde, equipe)
    with agir_comme(par):
        invites = seances.bailleurs_conventionnes(par)
        annonce = Annonce(
            genre=genre, titre=titre, duree=duree, capacite=6 if petite else places, programme=programme,
            debut=horloge.a_paris(prevue.jour, 9, 30), lieu=alea.choice(SALLES), acces="Interphone, deuxième étage.",
            inscription_jusqu_au=prevue.jour - timedelta(days=2), a_apporter="De quoi écrire.",
            formateurs=tuple(c.pk for c in monde.de(equipe, Role.SOIGNANT)[:2]),
            formateurs_externes="Une formatrice de l’Unafam" if genre == "secours" else "",
        )  # fmt: skip
        return seances.preparer(annonce, par=par, bailleurs=[o.pk for o in invites])


def _ebaucher(monde: Monde, equipe: Organisation, alea: random.Random, prevue: Prevue) -> None:
    """In preparation: nobody outside the équipe sees it."""
    _preparer(monde, equipe, alea, prevue)


def _animateur(monde: Monde, equipe: Organisation) -> Compte:
    return monde.de(equipe, Role.SOIGNANT)[0]


def _bailleurs(monde: Monde, equipe: Organisation) -> list[Organisation]:
    par = _animateur(monde, equipe)
    with agir_comme(par):
        return seances.bailleurs_conventionnes(par)


def _inscrire(monde: Monde, bailleur: Organisation, seance: Seance, alea: random.Random) -> None:
    """A référent registers some gardiens, and one or two people without an account."""
    par = monde.de(bailleur, Role.REFERENT)[0]
    tous = monde.de(bailleur, Role.GARDIEN)
    gardiens = {c.pk for c in alea.sample(tous, k=min(4, len(tous)))}
    with agir_comme(par):
        membres = Rattachement.objects.visibles_par(par).par_nom()
        for rattachement in [r for r in membres if r.compte_id in gardiens]:
            inscriptions.inscrire_compte(seance.pk, rattachement, par=par)
        for _ in range(alea.randint(1, 2)):
            nom = f"{alea.choice(PRENOMS)} {alea.choice(NOMS)}"
            if not any(i.designation == nom for i in InscriptionSeance.objects.visibles_par(par).de_la_seance(seance)):
                inscriptions.inscrire_nom(
                    seance.pk, par=par, bailleur=bailleur, nom=nom, fonction=alea.choice(SANS_COMPTE)
                )


def _tenir(monde: Monde, equipe: Organisation, seance: Seance, alea: random.Random) -> None:
    """The day after: most came, one or two did not; the séance is closed, the attestations are promised."""
    par = _animateur(monde, equipe)
    with agir_comme(par):
        lignes = {
            i.pk: Pointage("", alea.choices(Presence.values, weights=(9, 1, 1))[0])
            for i in InscriptionSeance.objects.visibles_par(par).de_la_seance(seance)
            if i.est_confirmee
        }
        seances.pointer(seance.pk, par=par, lignes=lignes)
        seances.clore(seance.pk, par=par)
