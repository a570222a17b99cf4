import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import indicateurs.models
import socle.horloge
import socle.identifiants
import socle.rls
import socle.transitions
from socle.migration_contraintes import AjouterEnsemble


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("socle", "0001_initial"),
        ("partenaires", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bilan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("debut", models.DateField(verbose_name="premier jour")),
                ("fin", models.DateField(verbose_name="dernier jour")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("demande", "En attente"),
                            ("calcul", "En calcul"),
                            ("pret", "À publier"),
                            ("publie", "Publié"),
                            ("echec", "En échec"),
                        ],
                        default="demande",
                        max_length=8,
                    ),
                ),
                ("demande_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("delegation", models.UUIDField()),
                ("jeton", models.UUIDField(null=True)),
                ("battement", models.DateTimeField(null=True)),
                ("essais", models.PositiveSmallIntegerField(default=0)),
                (
                    "etape",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "En attente"),
                            (1, "Lecture des fiches et des relevés"),
                            (2, "Calcul des tableaux"),
                            (3, "Secret statistique"),
                            (4, "Mise en page du document"),
                            (5, "Enregistrement"),
                        ],
                        default=0,
                    ),
                ),
                ("erreur", models.CharField(blank=True, max_length=60)),
                ("methode", models.CharField(blank=True, max_length=8)),
                ("donnees", models.JSONField(null=True)),
                ("empreinte", models.CharField(blank=True, max_length=64, verbose_name="empreinte des données")),
                ("calcule_le", models.DateTimeField(null=True)),
                ("publie_le", models.DateTimeField(null=True)),
                (
                    "demande_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bilans",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "publie_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "bilan",
            },
        ),
        migrations.CreateModel(
            name="BilanFichier",
            fields=[
                (
                    "bilan",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="fichier",
                        serialize=False,
                        to="indicateurs.bilan",
                    ),
                ),
                ("pdf", models.BinaryField()),
                ("empreinte", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("pages", models.PositiveSmallIntegerField()),
                ("taille", models.PositiveIntegerField(verbose_name="octets")),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "document d’un bilan",
            },
        ),
        AjouterEnsemble(
            [
                migrations.AddIndex(
                    model_name="bilan",
                    index=models.Index(fields=["equipe", "-fin"], name="bilan_equipe"),
                ),
                migrations.AddIndex(
                    model_name="bilan",
                    index=models.Index(
                        condition=models.Q(("etat__in", ["demande", "calcul"])),
                        fields=["demande_le"],
                        name="bilan_en_cours",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=models.UniqueConstraint(fields=("id", "equipe"), name="bilan_id_equipe"),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("equipe", "="),
                            (
                                indicateurs.models._Periode(
                                    "debut", "fin", django.contrib.postgres.fields.ranges.RangeBoundary(True, True)
                                ),
                                "&&",
                            ),
                        ],
                        name="bilan_periodes_disjointes",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("debut__year", models.F("fin__year")),
                            models.Q(
                                models.Q(("debut__day", 1), ("debut__month", 1), ("fin__day", 30), ("fin__month", 6)),
                                models.Q(("debut__day", 1), ("debut__month", 7), ("fin__day", 31), ("fin__month", 12)),
                                models.Q(("debut__day", 1), ("debut__month", 1), ("fin__day", 31), ("fin__month", 12)),
                                _connector="OR",
                            ),
                        ),
                        name="bilan_semestre_ou_annee_entiers",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("calcule_le__isnull", False),
                                ("donnees__isnull", False),
                                ("empreinte__gt", ""),
                                ("etat__in", ["pret", "publie"]),
                            ),
                            models.Q(
                                ("calcule_le", None),
                                ("donnees", None),
                                ("empreinte", ""),
                                ("etat__in", ["demande", "calcul", "echec"]),
                            ),
                            _connector="OR",
                        ),
                        name="bilan_donnees_ssi_calcule",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("battement__isnull", False), ("etat", "calcul"), ("jeton__isnull", False)),
                            models.Q(models.Q(("etat", "calcul"), _negated=True), ("jeton", None)),
                            _connector="OR",
                        ),
                        name="bilan_tenu_ssi_en_calcul",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "publie"), ("publie_le__isnull", False), ("publie_par__isnull", False)),
                            models.Q(
                                models.Q(("etat", "publie"), _negated=True), ("publie_le", None), ("publie_par", None)
                            ),
                            _connector="OR",
                        ),
                        name="bilan_publie_ssi_date_et_auteur",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("erreur__gt", ""), ("etat", "echec")),
                            models.Q(models.Q(("etat", "echec"), _negated=True), ("erreur", "")),
                            _connector="OR",
                        ),
                        name="bilan_erreur_ssi_echec",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=socle.transitions.MachineEtat(
                        colonne="etat",
                        initiaux=("demande",),
                        name="bilan_etat",
                        passages=(
                            ("calcul", "echec", False),
                            ("calcul", "pret", False),
                            ("demande", "calcul", False),
                            ("demande", "echec", False),
                            ("echec", "demande", False),
                            ("pret", "demande", False),
                            ("pret", "publie", False),
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) OR (etat = 'publie' AND equipe_id = ANY ((SELECT droit.equipes_du_clsm())::bigint[]))",
                        name="bilan_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]) AND demande_par_id = (SELECT droit.compte())",
                        lit=None,
                        name="bilan_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]) AND (etat <> 'publie' OR publie_par_id = (SELECT droit.compte()))",
                        lit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]) AND etat <> 'publie'",
                        name="bilan_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="bilan_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilan",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="etat = 'echec'",
                        lit="etat IN ('demande', 'calcul')",
                        name="bilan_systeme_abandonne",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilanfichier",
                    constraint=socle.rls.CleComposee(
                        cascade=False,
                        colonnes=("bilan_id", "equipe_id"),
                        name="bilan_fichier_de_son_bilan",
                        table="indicateurs_bilan",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilanfichier",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) OR (equipe_id = ANY ((SELECT droit.equipes_du_clsm())::bigint[]) AND EXISTS (SELECT 1 FROM indicateurs_bilan b WHERE b.id = bilan_id AND b.etat = 'publie'))",
                        name="bilan_fichier_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilanfichier",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]) AND EXISTS (SELECT 1 FROM indicateurs_bilan b WHERE b.id = bilan_id AND b.etat <> 'publie')",
                        lit=None,
                        name="bilan_fichier_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bilanfichier",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]) AND EXISTS (SELECT 1 FROM indicateurs_bilan b WHERE b.id = bilan_id AND b.etat <> 'publie')",
                        lit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]) AND EXISTS (SELECT 1 FROM indicateurs_bilan b WHERE b.id = bilan_id AND b.etat <> 'publie')",
                        name="bilan_fichier_remplace",
                        role="palier_web",
                    ),
                ),
            ]
        ),
    ]
