import django.contrib.postgres.fields
from django.db import migrations, models

import socle.horloge
import socle.identifiants
import socle.rls
from socle.migration_sql import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        sql("socle", "droit_avant"),
        migrations.CreateModel(
            name="Pouls",
            fields=[
                ("file", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("le", models.DateTimeField()),
                ("envoi_le_plus_ancien", models.DateTimeField(null=True)),
                ("envois_abandonnes", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "pouls",
            },
        ),
        migrations.CreateModel(
            name="Tete",
            fields=[
                ("organisation_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField()),
                ("empreinte", models.BinaryField()),
            ],
            options={
                "verbose_name": "tête de chaîne",
            },
        ),
        migrations.CreateModel(
            name="CleIdempotence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("compte_id", models.BigIntegerField()),
                ("action", models.CharField(max_length=60)),
                ("cle", models.UUIDField()),
                ("corps", models.BinaryField()),
                ("objet_id", models.CharField(max_length=40)),
                ("cree_le", models.DateTimeField(default=socle.horloge.maintenant)),
            ],
            options={
                "verbose_name": "clé d’idempotence",
                "constraints": [
                    models.UniqueConstraint(fields=("compte_id", "action", "cle"), name="idempotence_une_fois"),
                    socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="compte_id = (SELECT droit.compte())",
                        name="idempotence_lit",
                        role="palier_web",
                    ),
                    socle.rls.Politique(
                        commande="INSERT",
                        ecrit="compte_id = (SELECT droit.compte())",
                        lit=None,
                        name="idempotence_ecrit",
                        role="palier_web",
                    ),
                    socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="idempotence_systeme_lit", role="palier_systeme"
                    ),
                    socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="idempotence_systeme_efface",
                        role="palier_systeme",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("compte_id", models.BigIntegerField()),
                ("organisation_id", models.BigIntegerField()),
                ("tache", models.CharField(max_length=60)),
                ("expire_le", models.DateTimeField()),
            ],
            options={
                "verbose_name": "délégation",
                "constraints": [
                    socle.rls.Politique(
                        commande="INSERT",
                        ecrit="compte_id = (SELECT droit.compte()) AND organisation_id = (SELECT droit.organisation())",
                        lit=None,
                        name="delegation_ecrit",
                        role="palier_web",
                    ),
                    socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="delegation_definie", role="palier_droit"
                    ),
                    socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="delegation_systeme_lit", role="palier_systeme"
                    ),
                    socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="delegation_systeme_efface",
                        role="palier_systeme",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Envoi",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("genre", models.CharField(max_length=60)),
                ("effet", models.CharField(max_length=120, unique=True)),
                ("organisation_id", models.BigIntegerField()),
                ("compte_id", models.BigIntegerField(null=True)),
                ("objet_id", models.CharField(default="", max_length=40)),
                ("donnees", models.JSONField(default=dict)),
                ("cree_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("a_partir_de", models.DateTimeField(default=socle.horloge.maintenant)),
                ("fait_le", models.DateTimeField(null=True)),
                ("essais", models.PositiveSmallIntegerField(default=0)),
                ("erreur", models.CharField(default="", max_length=120)),
            ],
            options={
                "verbose_name": "envoi",
                "indexes": [
                    models.Index(
                        condition=models.Q(("fait_le", None)), fields=["a_partir_de", "id"], name="envoi_a_traiter"
                    )
                ],
                "constraints": [
                    socle.rls.Politique(
                        commande="INSERT",
                        ecrit="compte_id IS NOT DISTINCT FROM (SELECT droit.compte())",
                        lit=None,
                        name="envoi_ecrit",
                        role="palier_web",
                    ),
                    socle.rls.Politique(
                        commande="ALL", ecrit="true", lit="true", name="envoi_systeme", role="palier_systeme"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evenement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.BigIntegerField()),
                ("sequence", models.BigIntegerField(null=True)),
                ("empreinte", models.BinaryField(null=True)),
                ("le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("compte_id", models.BigIntegerField(null=True)),
                ("session", models.CharField(default="", max_length=16)),
                ("action", models.CharField(max_length=60)),
                ("objet_type", models.CharField(max_length=40)),
                (
                    "objets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("issue", models.CharField(default="ok", max_length=10)),
                ("motif", models.CharField(default="", max_length=60)),
            ],
            options={
                "verbose_name": "événement du journal",
                "indexes": [
                    models.Index(fields=["organisation_id", "-sequence"], name="journal_chaine_idx"),
                    models.Index(fields=["organisation_id", "-le"], name="journal_date_idx"),
                    models.Index(fields=["-le", "-id"], name="journal_recent_idx"),
                ],
                "constraints": [
                    socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="organisation_id = ANY ((SELECT droit.organisations('journal'))::bigint[]) OR (SELECT droit.a_permission('journal_tout'))",
                        name="journal_lit",
                        role="palier_web",
                    ),
                    socle.rls.Politique(
                        commande="INSERT",
                        ecrit="compte_id IS NOT DISTINCT FROM (SELECT droit.compte())",
                        lit=None,
                        name="journal_ecrit",
                        role="palier_web",
                    ),
                    socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="journal_systeme_lit", role="palier_systeme"
                    ),
                    socle.rls.Politique(
                        commande="INSERT",
                        ecrit="compte_id IS NULL",
                        lit=None,
                        name="journal_systeme_ecrit",
                        role="palier_systeme",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sceau",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("organisation_id", models.BigIntegerField()),
                ("sequence", models.BigIntegerField()),
                ("empreinte", models.BinaryField()),
                ("le", models.DateTimeField(default=socle.horloge.maintenant)),
            ],
            options={
                "verbose_name": "sceau",
                "constraints": [models.UniqueConstraint(fields=("organisation_id", "sequence"), name="sceau_unique")],
            },
        ),
        sql("socle", "droit_apres"),
    ]
