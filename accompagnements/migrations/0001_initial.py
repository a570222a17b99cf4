import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accompagnements.models.lectures
import socle.chiffrement.champs
import socle.horloge
import socle.identifiants
import socle.rls
import socle.transitions
from socle.migration_contraintes import AjouterEnsemble
from socle.migration_sql import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("socle", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("partenaires", "0001_initial"),
        ("signalements", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Accompagnement",
            fields=[
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("evaluation", "Évaluation"),
                            ("propose", "Contrat proposé"),
                            ("en_cours", "Accompagnement en cours"),
                            ("suspendu", "Accompagnement suspendu"),
                            ("termine", "Accompagnement terminé"),
                            ("sans_suite", "Sans suite"),
                        ],
                        default="evaluation",
                        max_length=12,
                    ),
                ),
                ("etat_avant_opposition", models.CharField(blank=True, max_length=12)),
                ("ouvert_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("evaluation_depuis", models.DateTimeField(default=socle.horloge.maintenant)),
                ("propose_le", models.DateTimeField(null=True)),
                ("signe_le", models.DateTimeField(null=True)),
                ("suspendu_le", models.DateTimeField(null=True)),
                (
                    "motif_suspension",
                    models.CharField(
                        blank=True,
                        choices=[("hospitalisation", "Hospitalisation"), ("absence", "Absence"), ("autre", "Autre")],
                        max_length=20,
                    ),
                ),
                ("fin_le", models.DateTimeField(null=True)),
                (
                    "motif_fin",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("objectifs", "Objectifs atteints"),
                            ("droit_commun", "Relais vers le droit commun"),
                            ("specialise", "Relais spécialisé"),
                            ("retrait", "Retrait d’accord"),
                            ("non_adhesion", "Non-adhésion"),
                            ("demenagement", "Déménagement ou mutation"),
                            ("expulsion", "Expulsion"),
                            ("hospitalisation", "Hospitalisation longue"),
                            ("etablissement", "Entrée en établissement"),
                            ("incarceration", "Incarcération"),
                            ("deces", "Décès"),
                            ("fin_mesure", "Fin de la mesure"),
                            ("autre", "Autre"),
                            ("refus", "La personne refuse"),
                            ("non_adhesion", "Non-adhésion après plusieurs tentatives"),
                            ("orientation_directe", "Orientation directe, sans contrat"),
                            ("injoignable", "Injoignable"),
                            ("demenagement", "Déménagement"),
                            ("hospitalisation", "Hospitalisation longue"),
                            ("etablissement", "Entrée en établissement"),
                            ("incarceration", "Incarcération"),
                            ("deces", "Décès"),
                            ("autre", "Autre"),
                            ("opposition", "Opposition"),
                        ],
                        max_length=20,
                    ),
                ),
                ("relais", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=600)),
                (
                    "situation_logement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("maintenu", "Maintenue ou maintenu dans le logement"),
                            ("mute", "Mutation accompagnée"),
                            ("parti", "Partie ou parti"),
                            ("expulse", "Expulsion"),
                            ("etablissement", "Entrée en établissement"),
                            ("deces", "Décès"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ne_pas_y_aller_seul", models.BooleanField(default=False, verbose_name="ne pas y aller seul")),
                ("retrait_decide_le", models.DateTimeField(null=True)),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accompagnements",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "fiche",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="accompagnements",
                        to="signalements.fiche",
                    ),
                ),
                (
                    "fin_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ouvert_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retrait_decide_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "accompagnement",
                "permissions": [("lire_accompagnement", "lire un accompagnement nommé")],
                "default_permissions": (),
            },
            bases=(accompagnements.models.lectures.FaitsDEcheance, models.Model),
        ),
        migrations.CreateModel(
            name="EntreeClinique",
            fields=[
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ecrite_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("modifiee_le", models.DateTimeField(null=True)),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="entrees_cliniques",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "auteur",
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
            ],
            options={
                "verbose_name": "entrée clinique",
            },
        ),
        migrations.CreateModel(
            name="Accord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "portees",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("coordonnees", "Coordonnées"),
                                ("demande", "Motif de l’orientation"),
                                ("suites", "Échanges sur les suites données"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                ("le", models.DateField(verbose_name="recueilli le")),
                ("mode", models.CharField(choices=[("oral", "Oral"), ("ecrit", "Écrit")], max_length=6)),
                ("retire_le", models.DateTimeField(null=True)),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="accords",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                (
                    "recueilli_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retire_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "accord",
            },
        ),
        migrations.CreateModel(
            name="Contrat",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("numero", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("issue", models.CharField(choices=[("signe", "Signé"), ("refuse", "Refusé")], max_length=8)),
                ("le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("jusqu_au", models.DateField(null=True)),
                (
                    "signataire",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("personne", "La personne"),
                            ("mandataire", "Le mandataire de la mesure de protection"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "mandataire",
                    socle.chiffrement.champs.ChampChiffre(blank=True, max_length=120, verbose_name="nom du mandataire"),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True, choices=[("ecran", "À l’écran"), ("papier", "Sur papier, joint")], max_length=8
                    ),
                ),
                ("donnees", socle.chiffrement.champs.ChampChiffreJSON(default=dict, editable=False)),
                ("sha256", models.CharField(max_length=64)),
                ("trace_personne", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=21000)),
                ("trace_equipe", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=21000)),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="contrats",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "contrat d’engagement",
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("contrat", "Contrat d’engagement"),
                            ("scan", "Contrat signé sur papier"),
                            ("fin", "Fin d’accompagnement"),
                            ("lettre", "Lettre d’orientation"),
                        ],
                        max_length=10,
                    ),
                ),
                ("objet_id", models.UUIDField()),
                (
                    "etat",
                    models.CharField(
                        choices=[("a_produire", "En préparation"), ("pret", "Prêt")],
                        default="a_produire",
                        max_length=10,
                    ),
                ),
                ("titre", models.CharField(max_length=80)),
                ("donnees", socle.chiffrement.champs.ChampChiffreJSON(default=dict, editable=False)),
                ("octets", socle.chiffrement.champs.ChampChiffreOctets(editable=False, null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("taille", models.PositiveIntegerField(default=0)),
                ("type_mime", models.CharField(default="application/pdf", max_length=20)),
                ("demande_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("pret_le", models.DateTimeField(null=True)),
                ("delegation_id", models.UUIDField(null=True)),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="documents",
                        to="accompagnements.accompagnement",
                    ),
                ),
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
            ],
            options={
                "verbose_name": "document",
            },
        ),
        migrations.CreateModel(
            name="NoteClinique",
            fields=[
                (
                    "entree",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="contenu",
                        serialize=False,
                        to="accompagnements.entreeclinique",
                    ),
                ),
                ("texte", socle.chiffrement.champs.ChampChiffre(max_length=2000)),
            ],
            options={
                "verbose_name": "note clinique",
            },
        ),
        migrations.CreateModel(
            name="Intervenant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("principal", models.BooleanField(default=False)),
                ("du", models.DateField(default=socle.horloge.aujourdhui)),
                ("au", models.DateField(null=True)),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="intervenants",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "compte",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interventions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "intervenant",
            },
        ),
        migrations.CreateModel(
            name="NoteEquipe",
            fields=[
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("texte", socle.chiffrement.champs.ChampChiffre(max_length=2000)),
                ("ecrite_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("modifiee_le", models.DateTimeField(null=True)),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="notes",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "auteur",
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
            ],
            options={
                "verbose_name": "note d’équipe",
            },
        ),
        migrations.CreateModel(
            name="Objectif",
            fields=[
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "axe",
                    models.CharField(
                        choices=[
                            ("environnement", "Environnement social"),
                            ("somatique", "Santé somatique"),
                            ("contexte", "Contexte de vie"),
                            ("logement", "Logement"),
                            ("famille", "Famille"),
                            ("ressources", "Emploi et ressources"),
                        ],
                        max_length=14,
                    ),
                ),
                ("texte", socle.chiffrement.champs.ChampChiffre(max_length=200)),
                (
                    "etat",
                    models.CharField(
                        choices=[("ouvert", "Ouvert"), ("atteint", "Atteint"), ("abandonne", "Abandonné")],
                        default="ouvert",
                        max_length=10,
                    ),
                ),
                ("cree_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("revu_le", models.DateField(null=True)),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="objectifs",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "cree_par",
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
                    "revu_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "objectif",
            },
        ),
        migrations.CreateModel(
            name="Orientation",
            fields=[
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("proposee", "Proposée"),
                            ("envoyee", "Envoyée"),
                            ("acceptee", "Acceptée"),
                            ("liste_attente", "Liste d’attente"),
                            ("refusee", "Refusée"),
                            ("prise_en_charge", "Prise en charge"),
                            ("terminee", "Terminée"),
                            ("retiree", "Retirée"),
                        ],
                        default="proposee",
                        max_length=16,
                    ),
                ),
                ("reference", models.CharField(max_length=10)),
                ("demande", socle.chiffrement.champs.ChampChiffre(max_length=600)),
                (
                    "contacts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("telephone", "Par téléphone"),
                                ("sms", "Plutôt par SMS"),
                                ("domicile", "À son domicile"),
                                ("equipe", "Par l’équipe"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("personne", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=180)),
                ("telephone", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=20)),
                ("adresse", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=400)),
                (
                    "orientee_par",
                    socle.chiffrement.champs.ChampChiffre(
                        blank=True, max_length=260, verbose_name="nom et fonction de qui oriente"
                    ),
                ),
                ("proposee_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("accord_le", models.DateField(null=True)),
                (
                    "accord_portees",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("coordonnees", "Coordonnées"),
                                ("demande", "Motif de l’orientation"),
                                ("suites", "Échanges sur les suites données"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("envoyee_le", models.DateTimeField(null=True)),
                ("repondre_avant", models.DateField(null=True)),
                ("relancee_le", models.DateTimeField(null=True)),
                ("repondue_le", models.DateTimeField(null=True)),
                ("rendez_vous", models.DateTimeField(null=True)),
                ("rendez_vous_avec", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=120)),
                ("revoir_le", models.DateField(null=True)),
                (
                    "motif_refus",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hors_secteur", "Hors secteur"),
                            ("hors_missions", "Hors de nos missions"),
                            ("sans_place", "Aucune place avant longtemps"),
                            ("injoignable", "Personne injoignable"),
                            ("autre", "Autre"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reponse", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=400)),
                ("refus_traite_le", models.DateTimeField(null=True)),
                ("prise_en_charge_le", models.DateField(null=True)),
                ("terminee_le", models.DateField(null=True)),
                ("retiree_le", models.DateTimeField(null=True)),
                (
                    "motif_retrait",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("erreur", "Envoyée par erreur"),
                            ("sans_objet", "Plus nécessaire"),
                            ("refus_personne", "La personne ne le souhaite plus"),
                            ("accord_retire", "Accord retiré"),
                            ("opposition", "Opposition"),
                            ("fin", "Fin de l’accompagnement"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="orientations",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "accord",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="orientations",
                        to="accompagnements.accord",
                    ),
                ),
                (
                    "destinataire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orientations_recues",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "envoyee_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orientations_envoyees",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "proposee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "repondue_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "orientation",
            },
        ),
        migrations.CreateModel(
            name="PermissionNommee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("du", models.DateField(default=socle.horloge.aujourdhui)),
                ("au", models.DateField(null=True)),
                (
                    "accordee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="permissions_nommees",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "permission nommée",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SituationLogement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "situation",
                    models.CharField(
                        choices=[
                            ("maintenu", "Maintenue ou maintenu dans le logement"),
                            ("mute", "Mutation accompagnée"),
                            ("parti", "Partie ou parti"),
                            ("expulse", "Expulsion"),
                            ("etablissement", "Entrée en établissement"),
                            ("deces", "Décès"),
                        ],
                        max_length=16,
                    ),
                ),
                ("le", models.DateField(default=socle.horloge.aujourdhui, verbose_name="constatée le")),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="logements",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "situation du logement à six mois",
            },
        ),
        migrations.CreateModel(
            name="Visite",
            fields=[
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("planifiee", "Prévue"),
                            ("faite", "Faite"),
                            ("absent", "Personne absente"),
                            ("refusee", "Refusée"),
                            ("annulee", "Annulée"),
                        ],
                        default="planifiee",
                        max_length=10,
                    ),
                ),
                ("debut", models.DateTimeField(verbose_name="début")),
                (
                    "duree",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(480),
                        ],
                        verbose_name="durée, en minutes",
                    ),
                ),
                (
                    "lieu",
                    models.CharField(
                        choices=[("domicile", "À domicile"), ("bureau", "Au bureau"), ("telephone", "Par téléphone")],
                        default="domicile",
                        max_length=10,
                    ),
                ),
                ("conjointe", models.BooleanField(default=False, verbose_name="avec l’orienteur")),
                ("premiere", models.BooleanField(default=False, verbose_name="première visite")),
                ("ne_pas_y_aller_seul", models.BooleanField(default=False, verbose_name="ne pas y aller seul")),
                (
                    "participants",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("autres_presents", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=120)),
                ("compte_rendu", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=1500)),
                ("planifiee_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("rendue_le", models.DateTimeField(null=True)),
                (
                    "accompagnement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="visites",
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "brouillon_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                (
                    "planifiee_par",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rendue_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "visite",
            },
        ),
        migrations.CreateModel(
            name="Diagnostic",
            fields=[
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "accompagnement",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="diagnostic",
                        serialize=False,
                        to="accompagnements.accompagnement",
                    ),
                ),
                (
                    "environnement",
                    socle.chiffrement.champs.ChampChiffre(
                        blank=True, max_length=800, verbose_name="environnement social"
                    ),
                ),
                (
                    "somatique",
                    socle.chiffrement.champs.ChampChiffre(blank=True, max_length=800, verbose_name="santé somatique"),
                ),
                (
                    "contexte",
                    socle.chiffrement.champs.ChampChiffre(blank=True, max_length=800, verbose_name="contexte de vie"),
                ),
                ("logement", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=800)),
                ("famille", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=800)),
                (
                    "ressources",
                    socle.chiffrement.champs.ChampChiffre(
                        blank=True, max_length=800, verbose_name="emploi et ressources"
                    ),
                ),
                (
                    "axes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("environnement", "Environnement social"),
                                ("somatique", "Santé somatique"),
                                ("contexte", "Contexte de vie"),
                                ("logement", "Logement"),
                                ("famille", "Famille"),
                                ("ressources", "Emploi et ressources"),
                            ],
                            max_length=14,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("ecrit_le", models.DateTimeField(default=socle.horloge.maintenant)),
                (
                    "ecrit_par",
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
            ],
            options={
                "verbose_name": "diagnostic",
            },
        ),
        AjouterEnsemble(
            [
                migrations.AddIndex(
                    model_name="accompagnement",
                    index=models.Index(fields=["equipe", "etat", "-ouvert_le", "-id"], name="accompagnement_equipe"),
                ),
                migrations.AddIndex(
                    model_name="accompagnement",
                    index=models.Index(fields=["fiche"], name="accompagnement_fiche"),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=models.UniqueConstraint(fields=("id", "equipe"), name="accompagnement_id_equipe"),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("etat__in", ("evaluation", "propose", "en_cours", "suspendu"))),
                        fields=("fiche",),
                        name="accompagnement_un_seul_ouvert_par_fiche",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat__in", ["sans_suite", "termine"]), ("fin_le__isnull", False)),
                            models.Q(
                                models.Q(("etat__in", ["sans_suite", "termine"]), _negated=True), ("fin_le", None)
                            ),
                            _connector="OR",
                        ),
                        name="accompagnement_fini_ssi_date",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat", "termine"),
                                (
                                    "motif_fin__in",
                                    [
                                        "objectifs",
                                        "droit_commun",
                                        "specialise",
                                        "retrait",
                                        "non_adhesion",
                                        "demenagement",
                                        "expulsion",
                                        "hospitalisation",
                                        "etablissement",
                                        "incarceration",
                                        "deces",
                                        "fin_mesure",
                                        "autre",
                                    ],
                                ),
                                ("signe_le__isnull", False),
                                ("situation_logement__gt", ""),
                            ),
                            models.Q(
                                ("etat", "sans_suite"),
                                (
                                    "motif_fin__in",
                                    [
                                        "refus",
                                        "non_adhesion",
                                        "orientation_directe",
                                        "injoignable",
                                        "demenagement",
                                        "hospitalisation",
                                        "etablissement",
                                        "incarceration",
                                        "deces",
                                        "autre",
                                        "opposition",
                                    ],
                                ),
                                ("signe_le", None),
                            ),
                            models.Q(
                                models.Q(("etat__in", ["sans_suite", "termine"]), _negated=True),
                                ("motif_fin", ""),
                                ("situation_logement", ""),
                            ),
                            _connector="OR",
                        ),
                        name="accompagnement_motif_et_logement_ssi_fini",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat__in", ("en_cours", "suspendu")), ("signe_le__isnull", False)),
                            models.Q(("etat__in", ("evaluation", "propose")), ("signe_le", None)),
                            ("etat__in", ["sans_suite", "termine"]),
                            _connector="OR",
                        ),
                        name="accompagnement_sous_contrat_ssi_signe",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat", "suspendu"), ("motif_suspension__gt", ""), ("suspendu_le__isnull", False)
                            ),
                            models.Q(
                                models.Q(("etat", "suspendu"), _negated=True),
                                ("motif_suspension", ""),
                                ("suspendu_le", None),
                            ),
                            _connector="OR",
                        ),
                        name="accompagnement_suspendu_ssi_date_et_motif",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat_avant_opposition__in", ("evaluation", "propose")), ("motif_fin", "opposition")
                            ),
                            models.Q(
                                models.Q(("motif_fin", "opposition"), _negated=True), ("etat_avant_opposition", "")
                            ),
                            _connector="OR",
                        ),
                        name="accompagnement_etat_avant_ssi_opposition",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("fin_le", None), ("fin_le__gte", models.F("ouvert_le")), _connector="OR"),
                        name="accompagnement_dates_ordonnees",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=socle.rls.CleComposee(
                        cascade=False,
                        colonnes=("fiche_id", "equipe_id"),
                        name="accompagnement_de_sa_fiche",
                        table="signalements_fiche",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=socle.transitions.MachineEtat(
                        colonne="etat",
                        initiaux=("evaluation",),
                        name="accompagnement_etat",
                        passages=(
                            ("en_cours", "suspendu", False),
                            ("en_cours", "termine", False),
                            ("evaluation", "propose", False),
                            ("evaluation", "sans_suite", False),
                            ("propose", "en_cours", False),
                            ("propose", "evaluation", False),
                            ("propose", "sans_suite", False),
                            ("sans_suite", "evaluation", False),
                            ("sans_suite", "propose", False),
                            ("suspendu", "en_cours", False),
                            ("suspendu", "termine", False),
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = accompagnements_accompagnement.fiche_id AND i.etat <> 'opposition')) OR id = ANY ((SELECT droit.accompagnements_nommes())::uuid[])",
                        name="accompagnement_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND ouvert_par_id = (SELECT droit.compte()) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = accompagnements_accompagnement.fiche_id AND i.etat = 'accompagnee')",
                        lit=None,
                        name="accompagnement_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[])",
                        lit="equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[])",
                        name="accompagnement_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="accompagnement_systeme_lit",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="accompagnement_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="accompagnement_defini_lit", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accompagnement",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="true",
                        lit="true",
                        name="accompagnement_defini_modifie",
                        role="palier_droit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=models.UniqueConstraint(
                        fields=("id", "accompagnement", "organisation"), name="accord_parties"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("retire_le", None)),
                        fields=("accompagnement", "organisation"),
                        name="accord_un_seul_en_vigueur_par_partenaire",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("portees", []), _negated=True), name="accord_a_une_portee"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="accord_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_accord.accompagnement_id)",
                        name="accord_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_accord.accompagnement_id)) AND recueilli_par_id = (SELECT droit.compte())",
                        lit=None,
                        name="accord_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_accord.accompagnement_id))",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_accord.accompagnement_id)) AND retire_le IS NULL",
                        name="accord_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="accord_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="accord_systeme_efface", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="accord_defini_lit", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accord",
                    constraint=socle.rls.Politique(
                        commande="UPDATE", ecrit="true", lit="true", name="accord_defini_retire", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=models.UniqueConstraint(
                        fields=("accompagnement", "numero"), name="contrat_numero_unique"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=models.UniqueConstraint(
                        fields=("id", "accompagnement"), name="contrat_id_accompagnement"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("issue", "signe"),
                                ("jusqu_au__isnull", False),
                                ("mode__gt", ""),
                                ("signataire__gt", ""),
                            ),
                            models.Q(("issue", "refuse"), ("jusqu_au", None), ("mode", ""), ("signataire", "")),
                            _connector="OR",
                        ),
                        name="contrat_signe_ssi_signataire_mode_et_terme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="contrat_empreinte"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="contrat_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_contrat.accompagnement_id)",
                        name="contrat_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_contrat.accompagnement_id)) AND par_id = (SELECT droit.compte())",
                        lit=None,
                        name="contrat_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="contrat_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="contrat_systeme_efface", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contrat",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="contrat_defini_lit", role="palier_droit"
                    ),
                ),
                migrations.AddIndex(
                    model_name="document",
                    index=models.Index(fields=["accompagnement", "-demande_le"], name="document_accompagnement"),
                ),
                migrations.AddIndex(
                    model_name="document",
                    index=models.Index(
                        condition=models.Q(("etat", "a_produire")), fields=["demande_le"], name="document_a_produire"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="document",
                    constraint=models.UniqueConstraint(fields=("genre", "objet_id"), name="document_une_seule_fois"),
                ),
                migrations.AddConstraint(
                    model_name="document",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat", "pret"),
                                ("octets__isnull", False),
                                ("pret_le__isnull", False),
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                            ),
                            models.Q(("etat", "a_produire"), ("octets", None), ("pret_le", None), ("sha256", "")),
                            _connector="OR",
                        ),
                        name="document_pret_ssi_octets_et_empreinte",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="document",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="document_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="document",
                    constraint=socle.transitions.MachineEtat(
                        colonne="etat",
                        initiaux=("a_produire", "pret"),
                        name="document_etat",
                        passages=(("a_produire", "pret", False),),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="document",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_document.accompagnement_id) OR (genre = 'lettre' AND objet_id = ANY ((SELECT droit.orientations_recues())::uuid[]))",
                        name="document_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="document",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_document.accompagnement_id)) AND demande_par_id = (SELECT droit.compte())",
                        lit=None,
                        name="document_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="document",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_document.accompagnement_id))",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_document.accompagnement_id)) AND etat = 'a_produire'",
                        name="document_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="document",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="document_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="document",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="document_systeme_efface", role="palier_systeme"
                    ),
                ),
            ]
        ),
        migrations.AddField(
            model_name="noteclinique",
            name="accompagnement",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accompagnements.accompagnement",
            ),
        ),
        migrations.AddField(
            model_name="noteclinique",
            name="equipe",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
            ),
        ),
        AjouterEnsemble(
            [
                migrations.AddIndex(
                    model_name="entreeclinique",
                    index=models.Index(fields=["accompagnement", "-ecrite_le"], name="entree_clinique_dossier"),
                ),
                migrations.AddConstraint(
                    model_name="entreeclinique",
                    constraint=models.UniqueConstraint(
                        fields=("id", "accompagnement", "equipe"), name="entree_clinique_parties"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entreeclinique",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="entree_clinique_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entreeclinique",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(equipe_id = ANY ((SELECT droit.organisations('clinique'))::bigint[]) OR equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[])) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_entreeclinique.accompagnement_id)",
                        name="entree_clinique_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entreeclinique",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('clinique'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_entreeclinique.accompagnement_id)) AND auteur_id = (SELECT droit.compte())",
                        lit=None,
                        name="entree_clinique_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entreeclinique",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('clinique'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_entreeclinique.accompagnement_id)) AND auteur_id = (SELECT droit.compte())",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('clinique'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_entreeclinique.accompagnement_id)) AND auteur_id = (SELECT droit.compte())",
                        name="entree_clinique_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entreeclinique",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="entree_clinique_systeme_lit",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="entreeclinique",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="entree_clinique_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intervenant",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("au", None)),
                        fields=("accompagnement", "compte"),
                        name="intervenant_une_fois",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intervenant",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("au", None), ("principal", True)),
                        fields=("accompagnement",),
                        name="intervenant_principal_unique",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intervenant",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("au", None), ("au__gte", models.F("du")), _connector="OR"),
                        name="intervenant_dates_ordonnees",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intervenant",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="intervenant_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intervenant",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_intervenant.accompagnement_id)",
                        name="intervenant_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intervenant",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_intervenant.accompagnement_id))",
                        lit=None,
                        name="intervenant_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intervenant",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_intervenant.accompagnement_id))",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_intervenant.accompagnement_id))",
                        name="intervenant_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intervenant",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="intervenant_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intervenant",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="intervenant_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddIndex(
                    model_name="noteequipe",
                    index=models.Index(fields=["accompagnement", "-ecrite_le"], name="note_accompagnement"),
                ),
                migrations.AddConstraint(
                    model_name="noteequipe",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="note_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteequipe",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_noteequipe.accompagnement_id)",
                        name="note_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteequipe",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_noteequipe.accompagnement_id)) AND auteur_id = (SELECT droit.compte())",
                        lit=None,
                        name="note_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteequipe",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_noteequipe.accompagnement_id))",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_noteequipe.accompagnement_id)) AND auteur_id = (SELECT droit.compte())",
                        name="note_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteequipe",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="note_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteequipe",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="note_systeme_efface", role="palier_systeme"
                    ),
                ),
                migrations.AddIndex(
                    model_name="objectif",
                    index=models.Index(fields=["accompagnement", "cree_le"], name="objectif_accompagnement"),
                ),
                migrations.AddConstraint(
                    model_name="objectif",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("etat", "ouvert"), ("revu_le__isnull", False), _connector="OR"),
                        name="objectif_atteint_ou_abandonne_a_une_date",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="objectif",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="objectif_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="objectif",
                    constraint=socle.transitions.MachineEtat(
                        colonne="etat",
                        initiaux=("ouvert",),
                        name="objectif_etat",
                        passages=(
                            ("abandonne", "abandonne", False),
                            ("abandonne", "atteint", False),
                            ("abandonne", "ouvert", False),
                            ("atteint", "abandonne", False),
                            ("atteint", "atteint", False),
                            ("atteint", "ouvert", False),
                            ("ouvert", "abandonne", False),
                            ("ouvert", "atteint", False),
                            ("ouvert", "ouvert", False),
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="objectif",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_objectif.accompagnement_id)",
                        name="objectif_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="objectif",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_objectif.accompagnement_id)) AND cree_par_id = (SELECT droit.compte())",
                        lit=None,
                        name="objectif_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="objectif",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_objectif.accompagnement_id))",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_objectif.accompagnement_id))",
                        name="objectif_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="objectif",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="objectif_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="objectif",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="objectif_systeme_efface", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="objectif",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="objectif_defini_lit", role="palier_droit"
                    ),
                ),
                migrations.AddIndex(
                    model_name="orientation",
                    index=models.Index(fields=["accompagnement", "-proposee_le"], name="orientation_accompagnement"),
                ),
                migrations.AddIndex(
                    model_name="orientation",
                    index=models.Index(fields=["equipe", "etat", "repondre_avant"], name="orientation_equipe"),
                ),
                migrations.AddIndex(
                    model_name="orientation",
                    index=models.Index(
                        fields=["destinataire", "etat", "repondre_avant"], name="orientation_destinataire"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accord", None), ("envoyee_le", None)),
                            models.Q(
                                ("accord__isnull", False),
                                ("accord_le__isnull", False),
                                ("envoyee_le__isnull", False),
                                ("envoyee_par__isnull", False),
                                ("repondre_avant__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="orientation_envoyee_ssi_accord",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("etat__in", ["proposee", "retiree"]), ("envoyee_le__isnull", False), _connector="OR"
                        ),
                        name="orientation_jamais_repondue_sans_envoi",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "liste_attente"), _negated=True),
                            ("revoir_le__isnull", False),
                            _connector="OR",
                        ),
                        name="orientation_en_attente_a_une_date",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "refusee"), ("motif_refus__gt", "")),
                            models.Q(models.Q(("etat", "refusee"), _negated=True), ("motif_refus", "")),
                            _connector="OR",
                        ),
                        name="orientation_motif_ssi_refusee",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat__in", ["prise_en_charge", "terminee"]), _negated=True),
                            ("prise_en_charge_le__isnull", False),
                            _connector="OR",
                        ),
                        name="orientation_prise_en_charge_a_une_date",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "terminee"), _negated=True),
                            ("terminee_le__gte", models.F("prise_en_charge_le")),
                            _connector="OR",
                        ),
                        name="orientation_terminee_apres_la_prise_en_charge",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("motif_retrait__gt", ""), ("retiree_le__isnull", False)),
                            models.Q(
                                models.Q(("etat", "retiree"), _negated=True),
                                ("motif_retrait", ""),
                                ("retiree_le", None),
                            ),
                            _connector="OR",
                        ),
                        name="orientation_retiree_a_date_et_motif",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="orientation_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accord_id", "accompagnement_id", "destinataire_id"),
                        name="orientation_sous_son_accord",
                        table="accompagnements_accord",
                        vers=("id", "accompagnement_id", "organisation_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.transitions.MachineEtat(
                        colonne="etat",
                        initiaux=("proposee",),
                        name="orientation_etat",
                        passages=(
                            ("acceptee", "prise_en_charge", False),
                            ("acceptee", "retiree", False),
                            ("envoyee", "acceptee", False),
                            ("envoyee", "liste_attente", False),
                            ("envoyee", "refusee", False),
                            ("envoyee", "retiree", False),
                            ("liste_attente", "acceptee", False),
                            ("liste_attente", "prise_en_charge", False),
                            ("liste_attente", "refusee", False),
                            ("liste_attente", "retiree", False),
                            ("prise_en_charge", "retiree", False),
                            ("prise_en_charge", "terminee", False),
                            ("proposee", "envoyee", False),
                            ("proposee", "retiree", False),
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_orientation.accompagnement_id) OR id = ANY ((SELECT droit.orientations_recues())::uuid[])",
                        name="orientation_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_orientation.accompagnement_id)) AND proposee_par_id = (SELECT droit.compte())",
                        lit=None,
                        name="orientation_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_orientation.accompagnement_id))",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_orientation.accompagnement_id))",
                        name="orientation_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="orientation_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="orientation_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="orientation_definie_lit", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orientation",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="true",
                        lit="true",
                        name="orientation_definie_modifie",
                        role="palier_droit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permissionnommee",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("au", None), ("au__gte", models.F("du")), _connector="OR"),
                        name="permission_nommee_dates_ordonnees",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permissionnommee",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("content_object_id", "equipe_id"),
                        name="permission_nommee_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permissionnommee",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]) OR user_id = (SELECT droit.compte())",
                        name="permission_nommee_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permissionnommee",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]) AND accordee_par_id = (SELECT droit.compte())",
                        lit=None,
                        name="permission_nommee_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permissionnommee",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[])",
                        lit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[])",
                        name="permission_nommee_termine",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permissionnommee",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="permission_nommee_systeme_lit",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permissionnommee",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="permission_nommee_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="permissionnommee",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="permission_nommee_definie", role="palier_droit"
                    ),
                ),
            ]
        ),
        migrations.AlterUniqueTogether(
            name="permissionnommee",
            unique_together={("user", "permission", "content_object")},
        ),
        AjouterEnsemble(
            [
                migrations.AddConstraint(
                    model_name="situationlogement",
                    constraint=models.UniqueConstraint(fields=("accompagnement",), name="situation_logement_une_fois"),
                ),
                migrations.AddConstraint(
                    model_name="situationlogement",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="logement_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="situationlogement",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_situationlogement.accompagnement_id)",
                        name="situation_logement_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="situationlogement",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_situationlogement.accompagnement_id)) AND par_id = (SELECT droit.compte())",
                        lit=None,
                        name="situation_logement_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="situationlogement",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="situation_logement_systeme_lit",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="situationlogement",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="situation_logement_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="situationlogement",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="situation_logement_defini_lit",
                        role="palier_droit",
                    ),
                ),
                migrations.AddIndex(
                    model_name="visite",
                    index=models.Index(fields=["accompagnement", "-debut"], name="visite_accompagnement"),
                ),
                migrations.AddIndex(
                    model_name="visite",
                    index=models.Index(
                        condition=models.Q(("etat", "planifiee")), fields=["equipe", "debut"], name="visite_equipe"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat__in", ("faite", "absent", "refusee")),
                                ("rendue_le__isnull", False),
                                ("rendue_par__isnull", False),
                            ),
                            models.Q(
                                models.Q(("etat__in", ("faite", "absent", "refusee")), _negated=True),
                                ("rendue_le", None),
                                ("rendue_par", None),
                            ),
                            _connector="OR",
                        ),
                        name="visite_rendue_ssi_date_et_auteur",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("duree__range", (5, 480))), name="visite_duree_en_minutes"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("etat__in", ["planifiee", "faite"]), ("premiere", True)),
                        fields=("accompagnement",),
                        name="visite_premiere_unique",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="visite_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=socle.transitions.MachineEtat(
                        colonne="etat",
                        initiaux=("planifiee",),
                        name="visite_etat",
                        passages=(
                            ("planifiee", "absent", False),
                            ("planifiee", "annulee", False),
                            ("planifiee", "faite", False),
                            ("planifiee", "planifiee", False),
                            ("planifiee", "refusee", False),
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_visite.accompagnement_id)",
                        name="visite_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_visite.accompagnement_id)) AND planifiee_par_id = (SELECT droit.compte())",
                        lit=None,
                        name="visite_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_visite.accompagnement_id))",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_visite.accompagnement_id)) AND etat = 'planifiee'",
                        name="visite_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="visite_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="visite_systeme_efface", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visite",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="visite_defini_lit", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="diagnostic",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("accompagnement_id", "equipe_id"),
                        name="diagnostic_de_son_accompagnement",
                        table="accompagnements_accompagnement",
                        vers=("id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="diagnostic",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_diagnostic.accompagnement_id)",
                        name="diagnostic_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="diagnostic",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_diagnostic.accompagnement_id))",
                        lit=None,
                        name="diagnostic_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="diagnostic",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_diagnostic.accompagnement_id))",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_diagnostic.accompagnement_id))",
                        name="diagnostic_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="diagnostic",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="diagnostic_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="diagnostic",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="diagnostic_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="diagnostic",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="diagnostic_defini_lit", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteclinique",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("entree_id", "accompagnement_id", "equipe_id"),
                        name="note_clinique_de_son_entree",
                        table="accompagnements_entreeclinique",
                        vers=("id", "accompagnement_id", "equipe_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteclinique",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(equipe_id = ANY ((SELECT droit.organisations('clinique'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_noteclinique.accompagnement_id))",
                        name="note_clinique_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteclinique",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('clinique'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_noteclinique.accompagnement_id))",
                        lit=None,
                        name="note_clinique_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteclinique",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(equipe_id = ANY ((SELECT droit.organisations('clinique'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_noteclinique.accompagnement_id))",
                        lit="(equipe_id = ANY ((SELECT droit.organisations('clinique'))::bigint[]) AND EXISTS (SELECT 1 FROM accompagnements_accompagnement a WHERE a.id = accompagnements_noteclinique.accompagnement_id)) AND EXISTS (SELECT 1 FROM accompagnements_entreeclinique e WHERE e.id = accompagnements_noteclinique.entree_id AND e.auteur_id = (SELECT droit.compte()))",
                        name="note_clinique_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteclinique",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="note_clinique_systeme_lit",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="noteclinique",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="note_clinique_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
            ]
        ),
        sql("accompagnements", "droit_apres"),
    ]
