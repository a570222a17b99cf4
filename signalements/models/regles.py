"""The policies that the content tables of a fiche share, written once."""

from socle.rls import SYSTEME, CleComposee, Politique, parmi


def fiche_telle_que(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = {table}.fiche_id AND {condition})"


def equipe_lit(table: str) -> str:
    """The équipe reads unless the household opposed: the instruction says so, and only the équipe sees it."""
    return (
        f"({parmi('suivre')} AND EXISTS (SELECT 1 FROM signalements_instruction i "
        f"WHERE i.fiche_id = {table}.fiche_id AND i.etat <> 'opposition'))"
    )


def orienteur_lit(table: str) -> str:
    """The orienteur's référents read until the end."""
    return f"({parmi('lire_fiches', 'orienteur_id')} AND {fiche_telle_que(table, 'f.terminee_le IS NULL')})"


def auteur_ecrit(table: str) -> str:
    """The author, or a référent of the orienteur, writes until the transmission."""
    return fiche_telle_que(table, "f.transmise_le IS NULL AND f.etat <> 'abandonnee'")


def releve_attendu(table: str) -> str:
    """The rater of a six-month relevé sees name and dwelling while it is expected (its own policy decides)."""
    return (
        f"EXISTS (SELECT 1 FROM signalements_releve r WHERE r.fiche_id = {table}.fiche_id "
        "AND r.moment = 't6' AND r.etat = 'attendu' AND r.type_evaluateur <> 'equipe')"
    )


def parties(nom: str) -> CleComposee:
    """A child carries the équipe and the orienteur of its fiche, and cannot lie about them."""
    return CleComposee(
        name=nom,
        colonnes=("fiche_id", "equipe_id", "orienteur_id"),
        table="signalements_fiche",
        vers=("id", "equipe_id", "orienteur_id"),
        cascade=True,
    )


def suit_sa_fiche(nom: str) -> CleComposee:
    """A child without parties goes with its fiche."""
    return CleComposee(name=nom, colonnes=("fiche_id",), table="signalements_fiche", vers=("id",), cascade=True)


def politiques(prefixe: str, table: str, *, autre_lecture: str = "") -> list[Politique]:
    """The policies common to the content tables."""
    lecture = f"{equipe_lit(table)} OR {orienteur_lit(table)} OR {auteur_ecrit(table)}{autre_lecture}"
    return [
        Politique(name=f"{prefixe}_lit", commande="SELECT", lit=lecture),
        Politique(name=f"{prefixe}_cree", commande="INSERT", ecrit=auteur_ecrit(table)),
        Politique(
            name=f"{prefixe}_modifie",
            commande="UPDATE",
            lit=f"{auteur_ecrit(table)} OR {equipe_lit(table)}",
            ecrit=f"{auteur_ecrit(table)} OR {equipe_lit(table)}",
        ),
        Politique(name=f"{prefixe}_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
        Politique(name=f"{prefixe}_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
    ]
