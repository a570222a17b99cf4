import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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
        ("partenaires", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Fiche",
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
                            ("brouillon", "Brouillon"),
                            ("a_relire", "À relire par le référent"),
                            ("a_corriger", "À corriger"),
                            ("transmise", "Transmise"),
                            ("abandonnee", "Abandonnée"),
                        ],
                        default="brouillon",
                        max_length=12,
                    ),
                ),
                (
                    "statut",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recue", "Reçue"),
                            ("a_completer", "À compléter"),
                            ("en_cours", "En cours"),
                            ("rencontre", "Rencontre faite"),
                            ("terminee", "Terminée"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=10)),
                ("cree_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("modifiee_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("envoyee_le", models.DateTimeField(null=True)),
                ("transmise_le", models.DateTimeField(null=True)),
                ("terminee_le", models.DateTimeField(null=True)),
                (
                    "auteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fiches", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "convention",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partenaires.convention",
                    ),
                ),
                (
                    "declarant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fiches_recues",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "orienteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fiches_signalees",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "relue_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "residence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fiches",
                        to="partenaires.residence",
                    ),
                ),
            ],
            options={
                "verbose_name": "fiche",
            },
        ),
        migrations.CreateModel(
            name="Compteur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("annee", models.PositiveSmallIntegerField()),
                ("dernier", models.PositiveIntegerField(default=0)),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "compteur de références",
            },
        ),
        migrations.CreateModel(
            name="Echange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("texte", socle.chiffrement.champs.ChampChiffre(max_length=600)),
                ("le", models.DateTimeField(default=socle.horloge.maintenant)),
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
                (
                    "fiche",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="echanges",
                        to="signalements.fiche",
                    ),
                ),
                (
                    "organisation",
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
                "verbose_name": "message",
            },
        ),
        migrations.CreateModel(
            name="Grille",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveSmallIntegerField()),
                ("publiee_le", models.DateField()),
                (
                    "equipe",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grilles",
                        to="partenaires.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "grille",
            },
        ),
        migrations.CreateModel(
            name="Information",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("le", models.DateField(verbose_name="informée le")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("vive_voix", "De vive voix, notice remise"),
                            ("courrier", "Par courrier, notice jointe"),
                            ("telephone", "Par téléphone, notice envoyée"),
                        ],
                        max_length=12,
                    ),
                ),
                ("enregistree_le", models.DateTimeField(default=socle.horloge.maintenant)),
                (
                    "fiche",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="informations",
                        to="signalements.fiche",
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
                "verbose_name": "information du ménage",
            },
        ),
        migrations.CreateModel(
            name="Jeton",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organisation_id",
                        "jeton",
                        "fiche_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("jeton", models.BinaryField(max_length=16)),
                (
                    "fiche",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="jetons",
                        to="signalements.fiche",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partenaires.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "jeton de recherche",
            },
        ),
        migrations.CreateModel(
            name="OppositionConnue",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("empreinte", models.BinaryField(max_length=32)),
                ("fiche_id", models.UUIDField()),
                ("le", models.DateField()),
                ("expire_le", models.DateField()),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "opposition connue",
            },
        ),
        migrations.CreateModel(
            name="Releve",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("moment", models.CharField(choices=[("t0", "Au départ"), ("t6", "Six mois après")], max_length=2)),
                (
                    "type_evaluateur",
                    models.CharField(
                        choices=[("bailleur", "Bailleur"), ("equipe", "Équipe"), ("partenaire", "Partenaire")],
                        max_length=12,
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("attendu", "Attendu"),
                            ("rendu", "Rendu"),
                            ("non_evaluable", "Non évaluable"),
                            ("caduc", "Caduc"),
                        ],
                        max_length=14,
                    ),
                ),
                ("du_le", models.DateField(null=True)),
                ("caduc_le", models.DateField(null=True)),
                ("rendu_le", models.DateTimeField(null=True)),
                (
                    "motif",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refus", "Refus"),
                            ("perdu_de_vue", "Perdue ou perdu de vue"),
                            ("demenage", "Déménagement"),
                            ("decede", "Décès"),
                        ],
                        max_length=12,
                    ),
                ),
                ("cotations", models.JSONField(default=dict)),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                (
                    "evaluateur",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releves",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "fiche",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="releves",
                        to="signalements.fiche",
                    ),
                ),
                ("grille", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="signalements.grille")),
                (
                    "orienteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "relevé",
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=8)),
                (
                    "domaine",
                    models.CharField(
                        choices=[
                            ("logement", "Logement"),
                            ("securite", "Sécurité"),
                            ("presence", "Présence et entourage"),
                            ("voisinage", "Voisinage"),
                            ("echanges", "Échanges avec la personne"),
                            ("bailleur", "Relations avec le bailleur"),
                        ],
                        max_length=12,
                    ),
                ),
                ("libelle", models.CharField(max_length=160)),
                ("aide", models.CharField(blank=True, max_length=160)),
                ("ordre", models.PositiveSmallIntegerField()),
                (
                    "grille",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signaux", to="signalements.grille"
                    ),
                ),
            ],
            options={
                "verbose_name": "signal",
                "ordering": ["ordre"],
            },
        ),
        migrations.CreateModel(
            name="Brouillon",
            fields=[
                (
                    "fiche",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="brouillon",
                        serialize=False,
                        to="signalements.fiche",
                    ),
                ),
                ("contenu", socle.chiffrement.champs.ChampChiffreJSON(default=dict, editable=False)),
                ("commentaires", socle.chiffrement.champs.ChampChiffreJSON(default=dict, editable=False)),
                ("modifie_le", models.DateTimeField(default=socle.horloge.maintenant)),
                (
                    "modifie_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "brouillon",
            },
        ),
        migrations.CreateModel(
            name="Constat",
            fields=[
                (
                    "fiche",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="constat",
                        serialize=False,
                        to="signalements.fiche",
                    ),
                ),
                (
                    "contexte",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("plaintes", "Plaintes de voisins"),
                                ("impaye", "Impayé"),
                                ("commandement", "Commandement de payer"),
                                ("assignation", "Assignation"),
                                ("jugement", "Jugement d’expulsion"),
                                ("protection", "Mesure de protection"),
                                ("enfants", "Enfants au domicile"),
                                ("seul", "Vit seule ou seul"),
                                ("suivi", "Partenaires déjà connus"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "inquietude",
                    models.PositiveSmallIntegerField(
                        null=True, validators=[django.core.validators.MaxValueValidator(10)], verbose_name="inquiétude"
                    ),
                ),
                (
                    "composition",
                    socle.chiffrement.champs.ChampChiffre(
                        blank=True, max_length=120, verbose_name="composition du ménage"
                    ),
                ),
                ("faits", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=600, verbose_name="faits")),
                (
                    "demarches",
                    socle.chiffrement.champs.ChampChiffre(
                        blank=True, max_length=400, verbose_name="démarches déjà faites"
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
                "verbose_name": "constat",
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "fiche",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="instruction",
                        serialize=False,
                        to="signalements.fiche",
                    ),
                ),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("transmise", "À étudier"),
                            ("a_completer", "À compléter"),
                            ("recevable", "Information à enregistrer"),
                            ("delai_opposition", "Délai d’opposition"),
                            ("a_visiter", "À visiter"),
                            ("accompagnee", "Accompagnée"),
                            ("non_recevable", "Non recevable"),
                            ("opposition", "Opposition"),
                            ("reorientee", "Réorientée"),
                            ("classee", "Classée"),
                            ("close", "Close"),
                        ],
                        default="transmise",
                        max_length=20,
                    ),
                ),
                ("etat_avant", models.CharField(blank=True, max_length=20)),
                (
                    "motif",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hors_territoire", "Hors territoire"),
                            ("mineur", "Personne mineure"),
                            ("hors_parc", "Hors parc conventionné"),
                            ("deja_accompagne", "Déjà accompagnée"),
                            ("aucun_signal", "Aucun signal de la grille"),
                            ("urgence", "Urgence, renvoyée vers 15, 17, 18, 112 ou 3114"),
                            ("impaye_seul", "Relève du seul impayé"),
                            ("technique_seul", "Relève du seul technique"),
                            ("doublon", "Doublon"),
                            ("incomplete", "Fiche incomplète après relance"),
                            ("non_informable", "Ménage non informable"),
                            ("non_adhesion", "Non-adhésion après plusieurs tentatives"),
                            ("injoignable", "Injoignable"),
                            ("demenagement", "Déménagement"),
                            ("hospitalisation", "Hospitalisation longue"),
                            ("etablissement", "Entrée en établissement"),
                            ("incarceration", "Incarcération"),
                            ("deces", "Décès"),
                            ("autre", "Autre"),
                        ],
                        max_length=20,
                    ),
                ),
                ("transmise_le", models.DateTimeField()),
                ("etudier_avant", models.DateField()),
                ("recevable_le", models.DateTimeField(null=True)),
                ("delai_jusqua", models.DateTimeField(null=True)),
                ("visitable_le", models.DateTimeField(null=True)),
                ("rencontre_le", models.DateTimeField(null=True)),
                ("contrat_signe_le", models.DateTimeField(null=True)),
                ("retrait_demande_le", models.DateTimeField(null=True)),
                ("fin_le", models.DateTimeField(null=True)),
                ("opposition_connue_le", models.DateField(null=True)),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructions",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "suivie_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fiches_suivies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "instruction",
            },
        ),
        migrations.CreateModel(
            name="Locataire",
            fields=[
                (
                    "fiche",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="locataire",
                        serialize=False,
                        to="signalements.fiche",
                    ),
                ),
                (
                    "civilite",
                    models.CharField(
                        blank=True, choices=[("mme", "Mme"), ("m", "M.")], max_length=4, verbose_name="civilité"
                    ),
                ),
                (
                    "majeur",
                    models.CharField(choices=[("oui", "Oui"), ("non", "Non"), ("nsp", "Je ne sais pas")], max_length=4),
                ),
                ("nom", socle.chiffrement.champs.ChampChiffre(max_length=80, verbose_name="nom")),
                ("prenom", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=80, verbose_name="prénom")),
                (
                    "naissance",
                    socle.chiffrement.champs.ChampChiffre(blank=True, max_length=10, verbose_name="date de naissance"),
                ),
                (
                    "telephone",
                    socle.chiffrement.champs.ChampChiffre(blank=True, max_length=20, verbose_name="téléphone"),
                ),
                ("batiment", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=40, verbose_name="bâtiment")),
                ("etage", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=40, verbose_name="étage")),
                ("porte", socle.chiffrement.champs.ChampChiffre(blank=True, max_length=40, verbose_name="porte")),
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
                "verbose_name": "locataire",
            },
        ),
        AjouterEnsemble(
            [
                migrations.AddIndex(
                    model_name="fiche",
                    index=models.Index(fields=["equipe", "-transmise_le", "-id"], name="fiche_equipe_recentes"),
                ),
                migrations.AddIndex(
                    model_name="fiche",
                    index=models.Index(fields=["orienteur", "-envoyee_le", "-id"], name="fiche_orienteur_recentes"),
                ),
                migrations.AddIndex(
                    model_name="fiche",
                    index=models.Index(fields=["auteur", "-modifiee_le"], name="fiche_auteur"),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=models.UniqueConstraint(fields=("id", "equipe", "orienteur"), name="fiche_parties"),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=models.UniqueConstraint(fields=("id", "equipe"), name="fiche_id_equipe"),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("equipe", "reference"),
                        name="fiche_reference_unique",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "transmise"), ("transmise_le__isnull", False)),
                            models.Q(models.Q(("etat", "transmise"), _negated=True), ("transmise_le", None)),
                            _connector="OR",
                        ),
                        name="fiche_transmise_ssi_date",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("etat", "brouillon"),
                            models.Q(
                                ("convention__isnull", False), ("equipe__isnull", False), ("residence__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="fiche_envoyee_a_residence_equipe_convention",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("statut", "terminee"), ("terminee_le__isnull", False)),
                            models.Q(models.Q(("statut", "terminee"), _negated=True), ("terminee_le", None)),
                            _connector="OR",
                        ),
                        name="fiche_terminee_ssi_date",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.CleComposee(
                        cascade=False,
                        colonnes=("convention_id", "equipe_id", "orienteur_id"),
                        name="fiche_sous_sa_convention",
                        table="partenaires_convention",
                        vers=("id", "equipe_id", "orienteur_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.transitions.MachineEtat(
                        colonne="etat",
                        initiaux=("brouillon",),
                        name="fiche_depot",
                        passages=(
                            ("a_corriger", "a_relire", False),
                            ("a_corriger", "abandonnee", False),
                            ("a_corriger", "transmise", False),
                            ("a_relire", "a_corriger", False),
                            ("a_relire", "abandonnee", False),
                            ("a_relire", "transmise", False),
                            ("brouillon", "a_relire", False),
                            ("brouillon", "transmise", False),
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(auteur_id = (SELECT droit.compte()) AND declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[])) OR (orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND etat <> 'brouillon') OR (equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND transmise_le IS NOT NULL)",
                        name="fiche_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(auteur_id = (SELECT droit.compte()) AND declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[])) AND etat = 'brouillon' AND transmise_le IS NULL AND (orienteur_id = declarant_id OR orienteur_id = ANY ((SELECT droit.conventionnees())::bigint[]))",
                        lit=None,
                        name="fiche_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(auteur_id = (SELECT droit.compte()) AND declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[])) OR (orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND etat <> 'brouillon') OR (equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND transmise_le IS NOT NULL)",
                        lit="((auteur_id = (SELECT droit.compte()) AND declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[])) AND etat IN ('brouillon', 'a_corriger')) OR ((orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND etat <> 'brouillon') AND etat IN ('a_relire', 'a_corriger')) OR (equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND transmise_le IS NOT NULL)",
                        name="fiche_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="(auteur_id = (SELECT droit.compte()) AND declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[])) AND etat = 'brouillon'",
                        name="fiche_supprime",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="fiche_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.Politique(
                        commande="UPDATE", ecrit="true", lit="true", name="fiche_systeme_modifie", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="etat = 'brouillon'",
                        name="fiche_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="fiche_definie_lit", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="fiche",
                    constraint=socle.rls.Politique(
                        commande="UPDATE", ecrit="true", lit="true", name="fiche_definie_modifie", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="compteur",
                    constraint=models.UniqueConstraint(fields=("equipe", "annee"), name="compteur_unique"),
                ),
                migrations.AddIndex(
                    model_name="echange",
                    index=models.Index(fields=["fiche", "le"], name="echange_fiche"),
                ),
                migrations.AddConstraint(
                    model_name="echange",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("fiche_id", "equipe_id", "orienteur_id"),
                        name="echange_de_sa_fiche",
                        table="signalements_fiche",
                        vers=("id", "equipe_id", "orienteur_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="echange",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_echange.fiche_id AND i.etat <> 'opposition')) OR (orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_echange.fiche_id AND f.terminee_le IS NULL))",
                        name="echange_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="echange",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="auteur_id = (SELECT droit.compte()) AND organisation_id = (SELECT droit.organisation()) AND ((equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_echange.fiche_id AND i.etat <> 'opposition')) OR (orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_echange.fiche_id AND f.terminee_le IS NULL))) AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_echange.fiche_id AND f.terminee_le IS NULL)",
                        lit=None,
                        name="echange_ecrit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="echange",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="echange_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="echange",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="echange_systeme_efface", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="grille",
                    constraint=models.UniqueConstraint(
                        fields=("equipe", "numero"), name="grille_version_unique", nulls_distinct=False
                    ),
                ),
                migrations.AddIndex(
                    model_name="information",
                    index=models.Index(fields=["fiche", "-enregistree_le"], name="information_fiche"),
                ),
                migrations.AddConstraint(
                    model_name="information",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("fiche_id",),
                        name="information_de_sa_fiche",
                        table="signalements_fiche",
                        vers=("id",),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="information",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_information.fiche_id AND ((f.equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND f.transmise_le IS NOT NULL) OR (f.orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND f.terminee_le IS NULL) OR (f.auteur_id = (SELECT droit.compte()) AND f.etat IN ('brouillon', 'a_corriger'))))",
                        name="information_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="information",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="par_id = (SELECT droit.compte()) AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_information.fiche_id AND ((f.equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND f.transmise_le IS NOT NULL) OR (f.orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND f.terminee_le IS NULL) OR (f.auteur_id = (SELECT droit.compte()) AND f.etat IN ('brouillon', 'a_corriger')))) AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_information.fiche_id AND f.terminee_le IS NULL)",
                        lit=None,
                        name="information_ecrit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="information",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="information_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="information",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="information_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="jeton",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("fiche_id",),
                        name="jeton_de_sa_fiche",
                        table="signalements_fiche",
                        vers=("id",),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="jeton",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="organisation_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) OR (organisation_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_jeton.fiche_id AND f.terminee_le IS NULL))",
                        name="jeton_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="jeton",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_jeton.fiche_id AND (f.equipe_id = signalements_jeton.organisation_id OR f.orienteur_id = signalements_jeton.organisation_id))",
                        lit=None,
                        name="jeton_ecrit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="jeton",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="jeton_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="jeton",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="jeton_systeme_efface", role="palier_systeme"
                    ),
                ),
                migrations.AddIndex(
                    model_name="oppositionconnue",
                    index=models.Index(fields=["equipe", "empreinte"], name="opposition_connue_idx"),
                ),
                migrations.AddConstraint(
                    model_name="oppositionconnue",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[])",
                        name="opposition_connue_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="oppositionconnue",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[])",
                        name="opposition_connue_repare",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="oppositionconnue",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="opposition_connue_systeme_lit",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="oppositionconnue",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="opposition_connue_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="oppositionconnue",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="opposition_connue_definie_lit",
                        role="palier_droit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="oppositionconnue",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="true",
                        lit=None,
                        name="opposition_connue_definie_cree",
                        role="palier_droit",
                    ),
                ),
                migrations.AddIndex(
                    model_name="releve",
                    index=models.Index(fields=["equipe", "moment", "etat", "du_le"], name="releve_equipe"),
                ),
                migrations.AddIndex(
                    model_name="releve",
                    index=models.Index(
                        condition=models.Q(("etat", "attendu")), fields=["orienteur", "du_le"], name="releve_attendu"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=models.UniqueConstraint(
                        fields=("fiche", "moment", "type_evaluateur"), name="releve_unique_par_moment"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "rendu"), ("rendu_le__isnull", False)),
                            models.Q(models.Q(("etat", "rendu"), _negated=True), ("cotations", {})),
                            _connector="OR",
                        ),
                        name="releve_cote_ssi_rendu",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "non_evaluable"), ("motif__gt", "")),
                            models.Q(models.Q(("etat", "non_evaluable"), _negated=True), ("motif", "")),
                            _connector="OR",
                        ),
                        name="releve_motif_ssi_non_evaluable",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "attendu"), _negated=True),
                            models.Q(("caduc_le__gt", models.F("du_le")), ("du_le__isnull", False), ("moment", "t6")),
                            _connector="OR",
                        ),
                        name="releve_attendu_a_ses_dates",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("fiche_id", "equipe_id", "orienteur_id"),
                        name="releve_de_sa_fiche",
                        table="signalements_fiche",
                        vers=("id", "equipe_id", "orienteur_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.transitions.MachineEtat(
                        colonne="etat",
                        initiaux=("attendu", "rendu"),
                        name="releve_etat",
                        passages=(
                            ("attendu", "caduc", True),
                            ("attendu", "non_evaluable", False),
                            ("attendu", "rendu", False),
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_releve.fiche_id AND i.etat <> 'opposition')) OR ((orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_releve.fiche_id AND f.terminee_le IS NULL)) AND moment = 't0' AND type_evaluateur <> 'equipe') OR EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_releve.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee') OR (moment = 't6' AND etat = 'attendu' AND type_evaluateur <> 'equipe' AND (orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) OR (evaluateur_id = (SELECT droit.compte()) AND orienteur_id = ANY ((SELECT droit.organisations('saisir'))::bigint[]))))",
                        name="releve_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(moment = 't0' AND etat = 'rendu') AND (EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_releve.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee') OR (equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_releve.fiche_id AND i.etat <> 'opposition')))",
                        lit=None,
                        name="releve_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_releve.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee') OR ((equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_releve.fiche_id AND i.etat <> 'opposition')) AND type_evaluateur = 'equipe')",
                        lit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_releve.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee') OR ((equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_releve.fiche_id AND i.etat <> 'opposition')) AND type_evaluateur = 'equipe')",
                        name="releve_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="releve_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="moment = 't6' AND etat = 'attendu'",
                        lit=None,
                        name="releve_systeme_ouvre",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="etat IN ('attendu', 'caduc')",
                        lit="etat = 'attendu'",
                        name="releve_systeme_clot",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="releve_systeme_efface", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="releve_defini_lit", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="UPDATE", ecrit="true", lit="true", name="releve_defini_rend", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="releve",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="etat = 'attendu'",
                        name="releve_defini_retire",
                        role="palier_droit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="signal",
                    constraint=models.UniqueConstraint(fields=("grille", "code"), name="signal_unique"),
                ),
                migrations.AddConstraint(
                    model_name="brouillon",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("fiche_id",),
                        name="brouillon_de_sa_fiche",
                        table="signalements_fiche",
                        vers=("id",),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="brouillon",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = fiche_id AND ((f.auteur_id = (SELECT droit.compte()) AND f.declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[]) AND f.etat IN ('brouillon', 'a_corriger')) OR (f.orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND f.etat IN ('a_relire', 'a_corriger'))))",
                        name="brouillon_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="brouillon",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = fiche_id AND ((f.auteur_id = (SELECT droit.compte()) AND f.declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[]) AND f.etat IN ('brouillon', 'a_corriger')) OR (f.orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND f.etat IN ('a_relire', 'a_corriger'))))",
                        lit=None,
                        name="brouillon_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="brouillon",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = fiche_id AND ((f.auteur_id = (SELECT droit.compte()) AND f.declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[]) AND f.etat IN ('brouillon', 'a_corriger')) OR (f.orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND f.etat IN ('a_relire', 'a_corriger'))))",
                        lit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = fiche_id AND ((f.auteur_id = (SELECT droit.compte()) AND f.declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[]) AND f.etat IN ('brouillon', 'a_corriger')) OR (f.orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND f.etat IN ('a_relire', 'a_corriger'))))",
                        name="brouillon_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="brouillon",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = fiche_id AND ((f.auteur_id = (SELECT droit.compte()) AND f.declarant_id = ANY ((SELECT droit.organisations('saisir'))::bigint[]) AND f.etat IN ('brouillon', 'a_corriger')) OR (f.orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND f.etat IN ('a_relire', 'a_corriger'))))",
                        name="brouillon_retire",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="brouillon",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="brouillon_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="brouillon",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="brouillon_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="constat",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("inquietude", None), ("inquietude__lte", 10), _connector="OR"),
                        name="constat_inquietude_sur_dix",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="constat",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("fiche_id", "equipe_id", "orienteur_id"),
                        name="constat_de_sa_fiche",
                        table="signalements_fiche",
                        vers=("id", "equipe_id", "orienteur_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="constat",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_constat.fiche_id AND i.etat <> 'opposition')) OR (orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_constat.fiche_id AND f.terminee_le IS NULL)) OR EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_constat.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee')",
                        name="constat_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="constat",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_constat.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee')",
                        lit=None,
                        name="constat_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="constat",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_constat.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee') OR (equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_constat.fiche_id AND i.etat <> 'opposition'))",
                        lit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_constat.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee') OR (equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_constat.fiche_id AND i.etat <> 'opposition'))",
                        name="constat_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="constat",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="constat_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="constat",
                    constraint=socle.rls.Politique(
                        commande="DELETE", ecrit=None, lit="true", name="constat_systeme_efface", role="palier_systeme"
                    ),
                ),
                migrations.AddIndex(
                    model_name="instruction",
                    index=models.Index(fields=["equipe", "etat", "etudier_avant"], name="instruction_tri"),
                ),
                migrations.AddIndex(
                    model_name="instruction",
                    index=models.Index(
                        condition=models.Q(("etat", "delai_opposition")),
                        fields=["delai_jusqua"],
                        name="instruction_delai",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat", "non_recevable"),
                                (
                                    "motif__in",
                                    [
                                        "hors_territoire",
                                        "mineur",
                                        "hors_parc",
                                        "deja_accompagne",
                                        "aucun_signal",
                                        "urgence",
                                        "impaye_seul",
                                        "technique_seul",
                                        "doublon",
                                        "incomplete",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("etat", "classee"),
                                (
                                    "motif__in",
                                    [
                                        "non_informable",
                                        "non_adhesion",
                                        "injoignable",
                                        "demenagement",
                                        "hospitalisation",
                                        "etablissement",
                                        "incarceration",
                                        "deces",
                                        "autre",
                                    ],
                                ),
                            ),
                            models.Q(
                                models.Q(("etat__in", ["non_recevable", "classee"]), _negated=True), ("motif", "")
                            ),
                            _connector="OR",
                        ),
                        name="instruction_motif_ssi_non_recevable_ou_classee",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("etat__in", ["classee", "close", "non_recevable", "opposition", "reorientee"]),
                                ("fin_le__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    ("etat__in", ["classee", "close", "non_recevable", "opposition", "reorientee"]),
                                    _negated=True,
                                ),
                                ("fin_le", None),
                            ),
                            _connector="OR",
                        ),
                        name="instruction_finie_ssi_date",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "delai_opposition"), _negated=True),
                            ("delai_jusqua__isnull", False),
                            _connector="OR",
                        ),
                        name="instruction_delai_a_une_fin",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat__in", ["a_visiter", "accompagnee"]), _negated=True),
                            models.Q(("visitable_le__gte", models.F("delai_jusqua")), ("visitable_le__isnull", False)),
                            _connector="OR",
                        ),
                        name="instruction_visitable_apres_le_delai",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat", "opposition"), _negated=True), ("contrat_signe_le", None), _connector="OR"
                        ),
                        name="instruction_opposition_avant_signature",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=socle.transitions.MachineEtat(
                        colonne="etat",
                        initiaux=("transmise",),
                        name="instruction_etat",
                        passages=(
                            ("a_completer", "delai_opposition", False),
                            ("a_completer", "non_recevable", False),
                            ("a_completer", "opposition", False),
                            ("a_completer", "recevable", False),
                            ("a_completer", "transmise", False),
                            ("a_visiter", "accompagnee", False),
                            ("a_visiter", "classee", False),
                            ("a_visiter", "opposition", False),
                            ("a_visiter", "reorientee", False),
                            ("accompagnee", "classee", False),
                            ("accompagnee", "close", False),
                            ("accompagnee", "opposition", False),
                            ("accompagnee", "reorientee", False),
                            ("delai_opposition", "a_visiter", True),
                            ("delai_opposition", "classee", False),
                            ("delai_opposition", "opposition", False),
                            ("opposition", "a_completer", False),
                            ("opposition", "a_visiter", False),
                            ("opposition", "accompagnee", False),
                            ("opposition", "delai_opposition", False),
                            ("opposition", "recevable", False),
                            ("opposition", "transmise", False),
                            ("recevable", "classee", False),
                            ("recevable", "delai_opposition", False),
                            ("recevable", "opposition", False),
                            ("recevable", "reorientee", False),
                            ("transmise", "a_completer", False),
                            ("transmise", "delai_opposition", False),
                            ("transmise", "non_recevable", False),
                            ("transmise", "opposition", False),
                            ("transmise", "recevable", False),
                            ("transmise", "reorientee", False),
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[])",
                        name="instruction_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[])",
                        lit="equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND (etat <> 'opposition' OR equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]))",
                        name="instruction_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="instruction_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="etat IN ('delai_opposition', 'a_visiter')",
                        lit="etat = 'delai_opposition'",
                        name="instruction_systeme_leve",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="instruction_definie_lit", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="etat = 'transmise'",
                        lit=None,
                        name="instruction_definie_cree",
                        role="palier_droit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="instruction",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="true",
                        lit="true",
                        name="instruction_definie_modifie",
                        role="palier_droit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="locataire",
                    constraint=socle.rls.CleComposee(
                        cascade=True,
                        colonnes=("fiche_id", "equipe_id", "orienteur_id"),
                        name="locataire_de_sa_fiche",
                        table="signalements_fiche",
                        vers=("id", "equipe_id", "orienteur_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="locataire",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_locataire.fiche_id AND i.etat <> 'opposition')) OR (orienteur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_locataire.fiche_id AND f.terminee_le IS NULL)) OR EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_locataire.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee') OR EXISTS (SELECT 1 FROM signalements_releve r WHERE r.fiche_id = signalements_locataire.fiche_id AND r.moment = 't6' AND r.etat = 'attendu' AND r.type_evaluateur <> 'equipe')",
                        name="locataire_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="locataire",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_locataire.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee')",
                        lit=None,
                        name="locataire_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="locataire",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_locataire.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee') OR (equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_locataire.fiche_id AND i.etat <> 'opposition'))",
                        lit="EXISTS (SELECT 1 FROM signalements_fiche f WHERE f.id = signalements_locataire.fiche_id AND f.transmise_le IS NULL AND f.etat <> 'abandonnee') OR (equipe_id = ANY ((SELECT droit.organisations('suivre'))::bigint[]) AND EXISTS (SELECT 1 FROM signalements_instruction i WHERE i.fiche_id = signalements_locataire.fiche_id AND i.etat <> 'opposition'))",
                        name="locataire_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="locataire",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="locataire_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="locataire",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="true",
                        name="locataire_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
            ]
        ),
        sql("signalements", "porte"),
    ]
