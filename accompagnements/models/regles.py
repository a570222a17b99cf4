"""The rules that the tables of an accompagnement share: a child cannot lie about its parent, and follows it.

The parent's own policy decides who reads (`equipe` unless an opposition hides the file, or a named and dated
exception); a child is read where its parent is, and written by the équipe alone.
"""

from socle.rls import SYSTEME, CleComposee, Politique, parmi

TABLE = "accompagnements_accompagnement"


def de_son_accompagnement(nom: str, colonne: str = "accompagnement_id") -> CleComposee:
    """(accompagnement, équipe) exist together in the parent; the row goes with it."""
    return CleComposee(name=nom, colonnes=(colonne, "equipe_id"), table=TABLE, vers=("id", "equipe_id"), cascade=True)


def lisible(table: str) -> str:
    """SQL: the parent of this row can be read by the person who acts."""
    return f"EXISTS (SELECT 1 FROM {TABLE} a WHERE a.id = {table}.accompagnement_id)"


def de_l_equipe(table: str, permission: str = "suivre") -> str:
    """SQL: the person holds `permission` in the équipe of this row, and its parent can be read."""
    return f"({parmi(permission)} AND {lisible(table)})"


def systeme(prefixe: str) -> list[Politique]:
    """The system reads (documents to resume, notices) and erases (purge)."""
    return [
        Politique(name=f"{prefixe}_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
        Politique(name=f"{prefixe}_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
    ]


def politiques(
    prefixe: str, table: str, *, cree: str = "", modifie: str | None = "", autre_lecture: str = ""
) -> list[Politique]:
    """The policies of an ordinary child.

    `cree` and `modifie` add a condition to INSERT and UPDATE; `modifie=None` gives no UPDATE policy at all;
    `autre_lecture` opens reading to somebody else.
    """
    equipe = de_l_equipe(table)
    regles = [
        Politique(name=f"{prefixe}_lit", commande="SELECT", lit=f"{lisible(table)}{autre_lecture}"),
        Politique(name=f"{prefixe}_cree", commande="INSERT", ecrit=f"{equipe}{cree}"),
    ]
    if modifie is not None:
        regles.append(Politique(name=f"{prefixe}_modifie", commande="UPDATE", lit=f"{equipe}{modifie}", ecrit=equipe))
    return [*regles, *systeme(prefixe)]


def auteur(colonne: str) -> str:
    """SQL: the row says truly who wrote it."""
    return f" AND {colonne} = (SELECT droit.compte())"
