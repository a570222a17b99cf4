"""The rules that the tables of an accompagnement share: a child cannot lie about its parent, and follows it.

Two circles. The *line* (the accompagnement itself, who carries it, its next step) is read by the whole équipe
unless an opposition hides the file. The *content* (every other child) is read by whoever reads the line, but in an
équipe that keeps it to its intervenants (`ReglagesEquipe.intervenants_seulement`): there by coordination, by those
who carry it, and by name for a time (`droit.accompagnements_nommes`). Only the first two write.

Each set is one array that the database computes once per statement: `droit.equipes_ouvertes`,
`droit.accompagnements_nommes`, `droit.accompagnements_suivis` (`sql/contenu_reserve.sql`).
"""

from socle.rls import SYSTEME, CleComposee, Politique, parmi

TABLE = "accompagnements_accompagnement"


def de_son_accompagnement(nom: str, colonne: str = "accompagnement_id") -> CleComposee:
    """(accompagnement, équipe) exist together in the parent; the row goes with it."""
    return CleComposee(name=nom, colonnes=(colonne, "equipe_id"), table=TABLE, vers=("id", "equipe_id"), cascade=True)


OUVERTE = "equipe_id = ANY ((SELECT droit.equipes_ouvertes())::bigint[])"


def contenu_lu(colonne: str = "accompagnement_id") -> str:
    """SQL: the content of this accompagnement may be read by the person who acts."""
    return f"({OUVERTE} OR {colonne} = ANY ((SELECT droit.accompagnements_nommes())::uuid[]))"


def contenu_ecrit(colonne: str = "accompagnement_id") -> str:
    """SQL: she may write it."""
    return f"({OUVERTE} OR {colonne} = ANY ((SELECT droit.accompagnements_suivis())::uuid[]))"


def ligne(table: str, colonne: str = "accompagnement_id") -> str:
    """SQL: the parent of this row can be read: for what belongs to the line, and to nothing else."""
    return f"EXISTS (SELECT 1 FROM {TABLE} a WHERE a.id = {table}.{colonne})"


def lisible(table: str) -> str:
    """SQL: the content of the parent of this row can be read by the person who acts."""
    return f"({contenu_lu()} AND {ligne(table)})"


def de_l_equipe(table: str, permission: str = "suivre") -> str:
    """SQL: the person holds `permission` in the équipe of this row, and may write the content of its parent."""
    return f"({parmi(permission)} AND {contenu_ecrit()} AND {ligne(table)})"


def systeme(prefixe: str) -> list[Politique]:
    """The system reads (documents to resume, notices) and erases (purge)."""
    return [
        Politique(name=f"{prefixe}_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
        Politique(name=f"{prefixe}_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
    ]


def politiques(
    prefixe: str,
    table: str,
    *,
    cree: str = "",
    modifie: str | None = "",
    apres: str = "",
    autre_lecture: str = "",
    de_la_ligne: bool = False,
) -> list[Politique]:
    """The policies of an ordinary child.

    `cree` and `modifie` add a condition to INSERT and UPDATE; `modifie=None` gives no UPDATE policy at all;
    `apres` is a condition on what an UPDATE leaves;
    `autre_lecture` opens reading to somebody else; `de_la_ligne`: it is read with the line, not with the content.
    """
    equipe = de_l_equipe(table)
    lue = ligne(table) if de_la_ligne else lisible(table)
    regles = [
        Politique(name=f"{prefixe}_lit", commande="SELECT", lit=f"{lue}{autre_lecture}"),
        Politique(name=f"{prefixe}_cree", commande="INSERT", ecrit=f"{equipe}{cree}"),
    ]
    if modifie is not None:
        regles.append(
            Politique(name=f"{prefixe}_modifie", commande="UPDATE", lit=f"{equipe}{modifie}", ecrit=f"{equipe}{apres}")
        )
    return [*regles, *systeme(prefixe)]


def auteur(colonne: str) -> str:
    """SQL: the row says truly who wrote it."""
    return f" AND {colonne} = (SELECT droit.compte())"
