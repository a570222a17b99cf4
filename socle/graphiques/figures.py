"""The three charts of a bilan: dumbbell, bars, diverging bars. Pure functions, from rows to SVG.

Numbers are written next to their marks, shape or pattern says what colour says, scales start at 0. A hidden number
has the same mark everywhere and no geometry; it takes no part in any scale. Titles are neutral and given by the
caller. the interface specification, "Charts" and "PDF".
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString

from socle.graphiques.donnees import (
    RELEVES,
    SENS,
    LigneBarres,
    LigneDivergente,
    LigneHaltere,
    Nombre,
    ecrire,
)
from socle.graphiques.toile import COLONNE, LARGEUR, MARQUE, Support, Toile, hauteur_de_ligne

LEGENDE: Final = 30
DROITE: Final = 690  # where the scale ends; the rest is for the number of the longest bar
RAYON: Final = 7.5
INTERVALLES: Final = 6
BARRE: Final = 18
EPAISSEUR: Final = 26  # of diverging bars
PLACE_DU_NOMBRE: Final = 34
ECART: Final = 4
FIN_DIVERGENTE: Final = 650


def graduations(maximum: Nombre) -> list[Nombre]:
    """Round ticks from 0 to at least `maximum`: steps of 1, 2 or 5 times a power of ten, six intervals at most.

    Whole numbers have whole steps. Nothing to show (0) gives 0 and 1.
    """
    entier = isinstance(maximum, int)
    if maximum == 0:
        return [0, 1]
    puissance = math.floor(math.log10(maximum / INTERVALLES)) - 1
    for exposant in range(puissance, puissance + 4):
        for facteur in (1, 2, 5):
            pas = Decimal(facteur).scaleb(exposant)
            if (pas >= 1 or not entier) and pas * INTERVALLES >= maximum:
                nombre = math.ceil(Decimal(maximum) / pas)
                return [_simplifier(pas * rang) for rang in range(nombre + 1)]
    raise AssertionError("A step of ten times the power always fits.")


def _simplifier(nombre: Decimal) -> Nombre:
    return int(nombre) if nombre == nombre.to_integral_value() else nombre


class _Echelle:
    """Places numbers from the start of the drawing; never looks at a hidden one."""

    def __init__(self, nombres: Sequence[Nombre | None]) -> None:
        montres = [nombre for nombre in nombres if nombre is not None]
        self.graduations = graduations(max(montres)) if montres else []

    def x(self, nombre: Nombre) -> float:
        return COLONNE + (DROITE - COLONNE) * float(nombre) / float(self.graduations[-1])


def _legende(toile: Toile, noms: Sequence[str], styles: Sequence[str], *, ronds: bool = False) -> None:
    x = float(COLONNE)
    for nom, style in zip(noms, styles, strict=True):
        if ronds:
            toile.element("circle", style, cx=x + 8, cy=12, r=RAYON)
        else:
            _cadre(toile, style, x, 4, 16, 16)
        toile.texte(x + 24, 12, nom)
        x += 24 + 7.2 * len(nom) + 24


def _cadre(toile: Toile, style: str, x: float, y: float, largeur: float, hauteur: float) -> None:
    """A bar; an outlined one is drawn inside its place so that its border adds no length."""
    retrait = 1.5 if style == "t0" else 0
    toile.element(
        "rect",
        style,
        x=x + retrait,
        y=y + retrait,
        width=max(largeur - 2 * retrait, 0),
        height=hauteur - 2 * retrait,
    )


def haltere(
    lignes: Sequence[LigneHaltere],
    *,
    titre: str,
    description: str,
    id_: str,
    noms: tuple[str, str] = RELEVES,
    support: Support = "page",
) -> SafeString:
    """Dumbbell: a ring at the first date, a disc at the second, both numbers written (the second in bold)."""
    toile = Toile(id_=id_, titre=titre, description=description, support=support)
    _legende(toile, noms, ("t0", "t6"), ronds=True)
    visibles = [ligne for ligne in lignes if ligne.t0 is not None and ligne.t6 is not None]
    echelle = _Echelle([nombre for ligne in visibles for nombre in (ligne.t0, ligne.t6)])
    bas = LEGENDE + sum(hauteur_de_ligne(ligne.libelle) for ligne in lignes)
    for graduation in echelle.graduations:
        x = echelle.x(graduation)
        toile.element("line", "grille", x1=x, y1=LEGENDE, x2=x, y2=bas)
        toile.texte(x, bas + 14, ecrire(graduation), style="g2", ancre="middle")
    y = float(LEGENDE)
    for ligne in lignes:
        hauteur = hauteur_de_ligne(ligne.libelle)
        milieu = y + hauteur / 2
        toile.libelle(milieu, ligne.libelle)
        if ligne.t0 is None or ligne.t6 is None:
            toile.masque(COLONNE + ECART, milieu)
        else:
            _tracer_haltere(toile, echelle.x(ligne.t0), echelle.x(ligne.t6), milieu, ligne)
        y += hauteur
    return toile.svg(bas + 28)


def _tracer_haltere(toile: Toile, x0: float, x6: float, y: float, ligne: LigneHaltere) -> None:
    confondus = abs(x0 - x6) < 2 * RAYON
    if not confondus:
        toile.element("line", "tige", x1=x0, y1=y, x2=x6, y2=y)
    toile.element("circle", "t0", cx=x0, cy=y, r=RAYON)
    # A disc that would cover the ring is drawn inside it: both dates stay visible.
    toile.element("circle", "t6", cx=x6, cy=y, r=3.5 if confondus else RAYON + 1)
    gauche, droite = min(x0, x6) - 16, max(x0, x6) + 16
    avant = x6 <= x0
    toile.texte(gauche if avant else droite, y, ecrire(ligne.t6), ancre="end" if avant else "start", gras=True)
    toile.texte(droite if avant else gauche, y, ecrire(ligne.t0), style="g2", ancre="start" if avant else "end")


def barres(
    lignes: Sequence[LigneBarres],
    *,
    titre: str,
    description: str,
    id_: str,
    series: Sequence[str] = (),
    unite: str = "",
    support: Support = "page",
) -> SafeString:
    """Horizontal bars with their number at the end: the first series is filled, the second hatched.

    `series` names them when there are two, in a legend; `unite` follows each number ("\u202f%").
    """
    nombre = max(len(series), 1)
    if nombre > 2 or any(len(ligne.valeurs) != nombre for ligne in lignes):
        raise ValueError("Each row has one number for each series, and there are one or two series.")
    toile = Toile(id_=id_, titre=titre, description=description, support=support)
    trame = toile.trame() if nombre == 2 else ""
    if nombre == 2:
        _legende(toile, series, ("t6", "t0"))
        x = COLONNE + 24 + 7.2 * len(series[0]) + 24
        toile.element("rect", x=x + 3, y=7, width=10, height=10, fill=trame)
    echelle = _Echelle([valeur for ligne in lignes for valeur in ligne.valeurs])
    y = float(LEGENDE if nombre == 2 else ECART)
    haut, epaisseur = y, BARRE + ECART
    for ligne in lignes:
        hauteur = hauteur_de_ligne(ligne.libelle, nombre * epaisseur + 12)
        milieu = y + hauteur / 2
        toile.libelle(milieu, ligne.libelle)
        for rang, valeur in enumerate(ligne.valeurs):
            centre = milieu + (rang - (nombre - 1) / 2) * epaisseur
            if valeur is None:
                toile.masque(COLONNE + ECART, centre)
                continue
            fin = echelle.x(valeur)
            if valeur > 0:
                _cadre(toile, ("t6", "t0")[rang], COLONNE, centre - BARRE / 2, fin - COLONNE, BARRE)
            if valeur > 0 and rang == 1:
                toile.element(
                    "rect",
                    x=COLONNE + 3,
                    y=centre - BARRE / 2 + 3,
                    width=max(fin - COLONNE - 6, 0),
                    height=BARRE - 6,
                    fill=trame,
                )
            toile.texte(fin + 8, centre, ecrire(valeur, unite), gras=rang == 0)
        y += hauteur
    toile.element("line", "tige", x1=COLONNE, y1=haut, x2=COLONNE, y2=y)
    return toile.svg(y + ECART)


def barres_divergentes(
    lignes: Sequence[LigneDivergente],
    *,
    titre: str,
    description: str,
    id_: str,
    noms: tuple[str, str, str] = SENS,
    support: Support = "page",
) -> SafeString:
    """Improved (filled) on the left, stable (grey) centred, worse (outlined) on the right, base at the end.

    In a row with a hidden number the three places have one fixed width, shown numbers included.
    """
    toile = Toile(id_=id_, titre=titre, description=description, support=support)
    _legende(toile, noms, ("t6", "stable", "t0"))
    milieu_x, unite = _repere([ligne for ligne in lignes if None not in ligne.parts])
    y = float(LEGENDE)
    for ligne in lignes:
        hauteur = hauteur_de_ligne(ligne.libelle)
        milieu = y + hauteur / 2
        toile.libelle(milieu, ligne.libelle)
        mieux, stable, moins_bien = ligne.parts
        if mieux is None or stable is None or moins_bien is None:
            _tracer_masquee(toile, milieu_x, milieu, ligne)
        else:
            largeurs = (float(mieux) * unite, float(stable) * unite, float(moins_bien) * unite)
            _tracer_divergente(toile, milieu_x, milieu, ligne, largeurs)
        if ligne.base is not None:
            toile.texte(LARGEUR, milieu, f"sur {ecrire(ligne.base)}", style="g2", ancre="end")
        y += hauteur
    return toile.svg(y + ECART)


def _repere(visibles: Sequence[LigneDivergente]) -> tuple[float, float]:
    """Where the stable bars are centred, and how wide one person is."""
    marge = MARQUE[0] * 1.5 + ECART
    gauche = max((float(ligne.mieux or 0) + float(ligne.stable or 0) / 2 for ligne in visibles), default=0)
    droite = max((float(ligne.moins_bien or 0) + float(ligne.stable or 0) / 2 for ligne in visibles), default=0)
    debut, fin = COLONNE + PLACE_DU_NOMBRE, FIN_DIVERGENTE - PLACE_DU_NOMBRE
    total = gauche + droite
    if total == 0:
        return (debut + fin) / 2, 0
    centre = min(max(debut + (fin - debut) * gauche / total, debut + marge), fin - marge)
    # The slot of a narrow stable bar pushes its neighbours: the scale leaves room for it.
    demi = PLACE_DU_NOMBRE / 2
    portees = [(centre - debut - demi, gauche), (fin - centre - demi, droite)]
    return centre, min(place / portee for place, portee in portees if portee > 0)


def _tracer_divergente(
    toile: Toile, x: float, y: float, ligne: LigneDivergente, largeurs: tuple[float, float, float]
) -> None:
    haut = y - EPAISSEUR / 2
    a_gauche, au_centre, a_droite = largeurs
    place = max(au_centre, PLACE_DU_NOMBRE) if au_centre < PLACE_DU_NOMBRE else au_centre
    bord_gauche, bord_droit = x - place / 2, x + place / 2
    if a_gauche:
        _cadre(toile, "t6", bord_gauche - a_gauche, haut, a_gauche, EPAISSEUR)
    if au_centre:
        _cadre(toile, "stable", x - au_centre / 2, haut, au_centre, EPAISSEUR)
    if a_droite:
        _cadre(toile, "t0", bord_droit, haut, a_droite, EPAISSEUR)
    if a_gauche >= PLACE_DU_NOMBRE:
        toile.texte(bord_gauche - a_gauche + 9, y, ecrire(ligne.mieux), style="inverse", gras=True)
    else:
        toile.texte(bord_gauche - a_gauche - 6, y, ecrire(ligne.mieux), ancre="end", gras=True)
    toile.texte(x, y, ecrire(ligne.stable), ancre="middle")
    if a_droite >= PLACE_DU_NOMBRE:
        toile.texte(bord_droit + a_droite - 9, y, ecrire(ligne.moins_bien), ancre="end", gras=True)
    else:
        toile.texte(bord_droit + a_droite + 6, y, ecrire(ligne.moins_bien), gras=True)


def _tracer_masquee(toile: Toile, x: float, y: float, ligne: LigneDivergente) -> None:
    largeur, hauteur = MARQUE
    depart = x - 1.5 * largeur - ECART
    for rang, (part, style) in enumerate(zip(ligne.parts, ("t6", "stable", "t0"), strict=True)):
        gauche = depart + rang * (largeur + ECART)
        if part is None:
            toile.masque(gauche, y)
            continue
        _cadre(toile, style, gauche, y - hauteur / 2, largeur, hauteur)
        encre = "inverse" if style == "t6" else ""
        toile.texte(gauche + largeur / 2, y, ecrire(part), style=encre, ancre="middle", gras=style != "stable")
