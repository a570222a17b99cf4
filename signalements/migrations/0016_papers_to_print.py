"""The notices become one kind of paper to print. Those already made are not moved: they are made again when asked."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import socle.horloge
import socle.identifiants
import socle.rls


class Migration(migrations.Migration):
    dependencies = [
        ("partenaires", "0008_secteur_of_a_residence"),
        ("signalements", "0015_grids_of_the_equipes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Imprime",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("empreinte", models.CharField(max_length=64)),
                (
                    "genre",
                    models.CharField(
                        choices=[("notice", "Notice pour les habitants"), ("fiche", "Fiche de signalement à remplir")],
                        max_length=6,
                    ),
                ),
                ("donnees", models.JSONField()),
                ("octets", models.BinaryField(null=True)),
                ("prete_le", models.DateTimeField(null=True)),
                ("demande_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("delegation_id", models.UUIDField()),
                (
                    "demande_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                (
                    "orienteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "imprimé",
            },
        ),
        migrations.DeleteModel(
            name="Notice",
        ),
        migrations.AddConstraint(
            model_name="imprime",
            constraint=models.UniqueConstraint(
                fields=("equipe", "orienteur", "empreinte"), name="imprime_une_par_texte"
            ),
        ),
        migrations.AddConstraint(
            model_name="imprime",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("octets", None), ("prete_le", None)),
                    models.Q(("octets__isnull", False), ("prete_le__isnull", False)),
                    _connector="OR",
                ),
                name="imprime_prete_ssi_octets",
            ),
        ),
        migrations.AddConstraint(
            model_name="imprime",
            constraint=socle.rls.Politique(
                commande="SELECT",
                ecrit=None,
                lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) OR orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) OR (genre = 'fiche' AND orienteur_id = ANY ((SELECT droit.organisations('saisir'))::bigint[])))",
                name="imprime_lit",
                role="palier_web",
            ),
        ),
        migrations.AddConstraint(
            model_name="imprime",
            constraint=socle.rls.Politique(
                commande="INSERT",
                ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) OR orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) OR (genre = 'fiche' AND orienteur_id = ANY ((SELECT droit.organisations('saisir'))::bigint[]))) AND demande_par_id = (SELECT droit.compte()) AND octets IS NULL AND EXISTS (SELECT 1 FROM partenaires_convention c WHERE c.equipe_id = signalements_imprime.equipe_id AND c.orienteur_id = signalements_imprime.orienteur_id)",
                lit=None,
                name="imprime_demande",
                role="palier_web",
            ),
        ),
        migrations.AddConstraint(
            model_name="imprime",
            constraint=socle.rls.Politique(
                commande="UPDATE",
                ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) OR orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) OR (genre = 'fiche' AND orienteur_id = ANY ((SELECT droit.organisations('saisir'))::bigint[])))",
                lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) OR orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) OR (genre = 'fiche' AND orienteur_id = ANY ((SELECT droit.organisations('saisir'))::bigint[]))) AND octets IS NULL",
                name="imprime_produite",
                role="palier_web",
            ),
        ),
        migrations.AddConstraint(
            model_name="imprime",
            constraint=socle.rls.Politique(
                commande="SELECT", ecrit=None, lit="true", name="imprime_systeme_lit", role="palier_systeme"
            ),
        ),
        migrations.AddConstraint(
            model_name="imprime",
            constraint=socle.rls.Politique(
                commande="DELETE", ecrit=None, lit="true", name="imprime_systeme_efface", role="palier_systeme"
            ),
        ),
    ]
