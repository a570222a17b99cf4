import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import socle.horloge
import socle.identifiants
import socle.rls
from socle.migration_contraintes import AjouterEnsemble
from socle.migration_sql import sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("socle", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        sql("partenaires", "extensions"),
        sql("partenaires", "droit_organisations"),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "genre",
                    models.CharField(
                        choices=[
                            ("bailleur", "Bailleur social"),
                            ("equipe", "Équipe dédiée"),
                            ("partenaire", "Partenaire"),
                            ("clsm", "Conseil local de santé mentale"),
                            ("plateforme", "Plateforme"),
                        ],
                        max_length=12,
                    ),
                ),
                ("nom", models.CharField(max_length=120, unique=True)),
                (
                    "genre_partenaire",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("cmp", "Centre médico-psychologique"),
                            ("cattp", "CATTP"),
                            ("chs", "Hôpital psychiatrique"),
                            ("postcure", "Post-cure"),
                            ("empp", "Équipe mobile psychiatrie précarité"),
                            ("css", "Centre de santé"),
                            ("msp", "Maison de santé pluriprofessionnelle"),
                            ("cpts", "CPTS"),
                            ("medecin", "Médecin traitant, libéral"),
                            ("csapa", "CSAPA"),
                            ("caarud", "CAARUD"),
                            ("elsa", "ELSA"),
                            ("act", "Appartement de coordination thérapeutique"),
                            ("lhss", "Lits halte soins santé"),
                            ("ssiad", "Soins infirmiers à domicile"),
                            ("saad", "Aide à domicile"),
                            ("samsah", "SAMSAH"),
                            ("savs", "SAVS"),
                            ("gem", "Groupe d’entraide mutuelle"),
                            ("unafam", "Unafam"),
                            ("chrs", "CHRS"),
                            ("pension", "Pension de famille"),
                            ("ccas", "CCAS, CIAS"),
                            ("service_social", "Service social départemental ou municipal"),
                            ("siao", "SIAO"),
                            ("caf", "CAF"),
                            ("cpam", "CPAM"),
                            ("pcb", "Point conseil budget"),
                            ("udaf", "UDAF"),
                            ("mjpm", "Mandataire judiciaire"),
                            ("mdph", "MDPH"),
                            ("dac", "Dispositif d’appui à la coordination"),
                            ("clsm", "CLSM"),
                            ("fsl", "FSL"),
                            ("ccapex", "CCAPEX"),
                            ("association", "Association"),
                            ("autre", "Autre"),
                        ],
                        max_length=20,
                    ),
                ),
                ("telephone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                ("courriel", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("adresse", models.CharField(blank=True, max_length=200)),
                ("fermee_le", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "organisation",
            },
        ),
        migrations.CreateModel(
            name="Territoire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code_insee",
                    models.CharField(
                        max_length=5,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(\\d{5}|2[AB]\\d{3})$", "Un code INSEE a cinq caractères."
                            )
                        ],
                        verbose_name="code INSEE",
                    ),
                ),
                ("nom", models.CharField(max_length=80)),
            ],
            options={
                "verbose_name": "territoire",
                "ordering": ["nom"],
            },
        ),
        migrations.CreateModel(
            name="Compte",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="adresse électronique")),
                ("nom", models.CharField(max_length=80)),
                ("prenom", models.CharField(max_length=80, verbose_name="prénom")),
                ("telephone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                (
                    "raccourcis_clavier",
                    models.BooleanField(default=True, verbose_name="touche « / » pour la recherche"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="actif")),
                ("cree_le", models.DateTimeField(default=socle.horloge.maintenant)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "compte",
            },
        ),
        migrations.CreateModel(
            name="ReglagesEquipe",
            fields=[
                (
                    "equipe",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="reglages",
                        serialize=False,
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "delai_opposition_jours",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[django.core.validators.MinValueValidator(7)],
                        verbose_name="délai d’opposition, en jours",
                    ),
                ),
                ("alsace_moselle", models.BooleanField(default=False, verbose_name="jours fériés d’Alsace-Moselle")),
                (
                    "releve_equipe_depuis",
                    models.CharField(
                        choices=[("visite", "la première visite"), ("contrat", "la signature du contrat")],
                        default="visite",
                        max_length=8,
                        verbose_name="relevé de l’équipe à six mois de",
                    ),
                ),
                (
                    "intervenants_seulement",
                    models.BooleanField(
                        default=False, verbose_name="contenu réservé aux intervenants et à la coordination"
                    ),
                ),
            ],
            options={
                "verbose_name": "réglages de l’équipe",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socle.identifiants.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("gardien", "Gardien"),
                            ("referent", "Référent"),
                            ("responsable", "Responsable"),
                            ("coordination", "Coordination"),
                            ("soignant", "Soignant"),
                            ("social", "Assistant de service social"),
                            ("correspondant", "Correspondant"),
                            ("coordination_clsm", "Coordination du CLSM"),
                            ("exploitation", "Exploitation"),
                            ("dpo", "Délégué à la protection des données"),
                        ],
                        max_length=20,
                        verbose_name="rôle",
                    ),
                ),
                ("fonction", models.CharField(blank=True, max_length=80)),
                ("courriel", models.EmailField(max_length=254, verbose_name="adresse électronique")),
                ("residences", models.JSONField(blank=True, default=list)),
                ("jeton", models.BinaryField(max_length=32, unique=True)),
                ("cree_le", models.DateTimeField(default=socle.horloge.maintenant)),
                ("expire_le", models.DateTimeField()),
                ("utilisee_le", models.DateTimeField(null=True)),
                ("annulee_le", models.DateTimeField(null=True)),
                (
                    "par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "utilisee_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="partenaires.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
            },
        ),
        migrations.CreateModel(
            name="Convention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("du", models.DateField()),
                ("au", models.DateField(blank=True, null=True)),
                (
                    "relecture",
                    models.BooleanField(
                        default=False, verbose_name="cellule de veille : le référent relit avant l’envoi"
                    ),
                ),
                (
                    "equipe",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conventions_equipe",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "orienteur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conventions_orienteur",
                        to="partenaires.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "convention",
            },
        ),
        migrations.CreateModel(
            name="Rattachement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("gardien", "Gardien"),
                            ("referent", "Référent"),
                            ("responsable", "Responsable"),
                            ("coordination", "Coordination"),
                            ("soignant", "Soignant"),
                            ("social", "Assistant de service social"),
                            ("correspondant", "Correspondant"),
                            ("coordination_clsm", "Coordination du CLSM"),
                            ("exploitation", "Exploitation"),
                            ("dpo", "Délégué à la protection des données"),
                        ],
                        max_length=20,
                        verbose_name="rôle",
                    ),
                ),
                ("fonction", models.CharField(blank=True, max_length=80)),
                ("du", models.DateField(default=socle.horloge.aujourdhui)),
                ("au", models.DateField(blank=True, null=True)),
                (
                    "compte",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rattachements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rattachements",
                        to="partenaires.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "rattachement",
            },
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("nom", models.CharField(max_length=120)),
                ("adresse", models.CharField(max_length=200)),
                ("code_postal", models.CharField(max_length=5)),
                ("fermee_le", models.DateField(blank=True, null=True)),
                (
                    "bailleur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residences",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "territoire",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="partenaires.territoire"),
                ),
            ],
            options={
                "verbose_name": "résidence",
            },
        ),
        migrations.CreateModel(
            name="ResidenceGardien",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bailleur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partenaires.organisation"
                    ),
                ),
                (
                    "rattachement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="residences",
                        to="partenaires.rattachement",
                    ),
                ),
                (
                    "residence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="gardiens", to="partenaires.residence"
                    ),
                ),
            ],
            options={
                "verbose_name": "résidence d’un gardien",
            },
        ),
        migrations.CreateModel(
            name="RolePermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("gardien", "Gardien"),
                            ("referent", "Référent"),
                            ("responsable", "Responsable"),
                            ("coordination", "Coordination"),
                            ("soignant", "Soignant"),
                            ("social", "Assistant de service social"),
                            ("correspondant", "Correspondant"),
                            ("coordination_clsm", "Coordination du CLSM"),
                            ("exploitation", "Exploitation"),
                            ("dpo", "Délégué à la protection des données"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "permission",
                    models.CharField(
                        choices=[
                            ("membres", "gérer les membres de son organisation"),
                            ("connaitre", "connaître les membres de son organisation"),
                            ("patrimoine", "gérer les résidences de son organisation"),
                            ("saisir", "créer une fiche"),
                            ("lire_fiches", "lire les fiches de son organisation jusqu’à leur fin"),
                            ("suivre", "lire et écrire les dossiers de l’équipe"),
                            ("clinique", "lire et écrire les notes cliniques"),
                            ("coordonner", "régler l’équipe, publier ses bilans, réparer une opposition"),
                            ("repondre", "répondre aux orientations"),
                            ("lire_bilans", "lire les bilans publiés de ses territoires"),
                            ("exploiter", "créer organisations et conventions"),
                            ("journal", "lire le journal de son organisation"),
                            ("journal_tout", "lire tout le journal"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "verbose_name": "permission d’un rôle",
                "constraints": [models.UniqueConstraint(fields=("role", "permission"), name="role_permission_unique")],
            },
        ),
        migrations.AddField(
            model_name="organisation",
            name="territoire",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="partenaires.territoire"
            ),
        ),
        migrations.CreateModel(
            name="CouvertureClsm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "clsm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="couvertures",
                        to="partenaires.organisation",
                    ),
                ),
                (
                    "territoire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="couvertures",
                        to="partenaires.territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "couverture d’un CLSM",
            },
        ),
        migrations.CreateModel(
            name="ConventionTerritoire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("periode", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "convention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="territoires",
                        to="partenaires.convention",
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
                (
                    "territoire",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="partenaires.territoire"),
                ),
            ],
            options={
                "verbose_name": "territoire d’une convention",
            },
        ),
        AjouterEnsemble(
            [
                migrations.AddConstraint(
                    model_name="compte",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("is_superuser", False)), name="compte_jamais_superutilisateur"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="compte",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="compte_adresse_en_minuscules",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reglagesequipe",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("delai_opposition_jours__gte", 7)),
                        name="delai_opposition_au_moins_sept_jours",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reglagesequipe",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(SELECT droit.compte()) IS NOT NULL",
                        name="reglages_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reglagesequipe",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[]) OR (SELECT droit.a_permission('exploiter'))",
                        lit=None,
                        name="reglages_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reglagesequipe",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[])",
                        lit="equipe_id = ANY ((SELECT droit.organisations('coordonner'))::bigint[])",
                        name="reglages_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="reglagesequipe",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="reglages_systeme", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("utilisee_le", None), ("utilisee_par", None)),
                            models.Q(("utilisee_le__isnull", False), ("utilisee_par__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_utilisee_ssi_par_quelqu_un",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="organisation_id = ANY ((SELECT droit.organisations('membres'))::bigint[]) OR (SELECT droit.a_permission('exploiter'))",
                        name="invitation_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="par_id = (SELECT droit.compte()) AND (organisation_id = ANY ((SELECT droit.organisations('membres'))::bigint[]) OR ((SELECT droit.a_permission('exploiter')) AND NOT droit.geree(partenaires_invitation.organisation_id))) AND EXISTS (SELECT 1 FROM partenaires_organisation o WHERE o.id = partenaires_invitation.organisation_id AND (o.genre, partenaires_invitation.role) IN (('bailleur', 'gardien'), ('bailleur', 'referent'), ('bailleur', 'responsable'), ('equipe', 'coordination'), ('equipe', 'soignant'), ('equipe', 'social'), ('partenaire', 'correspondant'), ('clsm', 'coordination_clsm'), ('plateforme', 'exploitation'), ('plateforme', 'dpo')))",
                        lit=None,
                        name="invitation_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="utilisee_le IS NULL AND (organisation_id = ANY ((SELECT droit.organisations('membres'))::bigint[]) OR (SELECT droit.a_permission('exploiter')))",
                        lit="utilisee_le IS NULL AND (organisation_id = ANY ((SELECT droit.organisations('membres'))::bigint[]) OR (SELECT droit.a_permission('exploiter')))",
                        name="invitation_annule",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="invitation_systeme_lit", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="utilisee_le IS NULL",
                        name="invitation_systeme_efface",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="invitation_definie", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=socle.rls.Politique(
                        commande="UPDATE", ecrit="true", lit="true", name="invitation_acceptee", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="par_id IS NULL AND role = 'exploitation'",
                        lit=None,
                        name="invitation_installee",
                        role="palier_droit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="convention",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("au", None), ("au__gte", models.F("du")), _connector="OR"),
                        name="convention_dates_ordonnees",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="convention",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("equipe", models.F("orienteur")), _negated=True),
                        name="convention_entre_deux_organisations",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="convention",
                    constraint=models.UniqueConstraint(fields=("id", "equipe", "orienteur"), name="convention_parties"),
                ),
                migrations.AddConstraint(
                    model_name="convention",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="equipe_id = (SELECT droit.organisation()) OR orienteur_id = (SELECT droit.organisation()) OR (SELECT droit.a_permission('exploiter'))",
                        name="convention_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="convention",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(SELECT droit.a_permission('exploiter'))",
                        lit=None,
                        name="convention_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="convention",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(SELECT droit.a_permission('exploiter'))",
                        lit="(SELECT droit.a_permission('exploiter'))",
                        name="convention_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="convention",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="convention_systeme", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="convention",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="convention_definie", role="palier_droit"
                    ),
                ),
                migrations.AddIndex(
                    model_name="rattachement",
                    index=models.Index(fields=["compte", "organisation"], name="rattachement_compte"),
                ),
                migrations.AddConstraint(
                    model_name="rattachement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("au", None), ("au__gte", models.F("du")), _connector="OR"),
                        name="rattachement_dates_ordonnees",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rattachement",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("au", None)),
                        fields=("compte", "organisation", "role"),
                        name="rattachement_ouvert_unique",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rattachement",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="compte_id = (SELECT droit.compte()) OR organisation_id = ANY ((SELECT droit.organisations('connaitre'))::bigint[]) OR (SELECT droit.a_permission('exploiter'))",
                        name="rattachement_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rattachement",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="organisation_id = ANY ((SELECT droit.organisations('membres'))::bigint[]) AND compte_id <> (SELECT droit.compte()) AND EXISTS (SELECT 1 FROM partenaires_organisation o WHERE o.id = partenaires_rattachement.organisation_id AND (o.genre, partenaires_rattachement.role) IN (('bailleur', 'gardien'), ('bailleur', 'referent'), ('bailleur', 'responsable'), ('equipe', 'coordination'), ('equipe', 'soignant'), ('equipe', 'social'), ('partenaire', 'correspondant'), ('clsm', 'coordination_clsm'), ('plateforme', 'exploitation'), ('plateforme', 'dpo')))",
                        lit="organisation_id = ANY ((SELECT droit.organisations('membres'))::bigint[]) AND compte_id <> (SELECT droit.compte())",
                        name="rattachement_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rattachement",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="rattachement_systeme", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rattachement",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="rattachement_defini", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rattachement",
                    constraint=socle.rls.Politique(
                        commande="INSERT", ecrit="true", lit=None, name="rattachement_invite", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residencegardien",
                    constraint=models.UniqueConstraint(
                        fields=("rattachement", "residence"), name="residence_gardien_unique"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residencegardien",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="bailleur_id = ANY ((SELECT droit.organisations('connaitre'))::bigint[]) OR residence_id = ANY ((SELECT droit.residences())::bigint[])",
                        name="residence_gardien_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residencegardien",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="bailleur_id = ANY ((SELECT droit.organisations('membres'))::bigint[])",
                        lit=None,
                        name="residence_gardien_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residencegardien",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="bailleur_id = ANY ((SELECT droit.organisations('membres'))::bigint[])",
                        name="residence_gardien_retire",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residencegardien",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="residence_gardien_systeme",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residencegardien",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="residence_gardien_definie", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residencegardien",
                    constraint=socle.rls.Politique(
                        commande="INSERT", ecrit="true", lit=None, name="residence_gardien_invite", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residence",
                    constraint=models.UniqueConstraint(
                        fields=("bailleur", "nom"), name="residence_unique_chez_son_bailleur"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residence",
                    constraint=models.UniqueConstraint(fields=("id", "bailleur"), name="residence_id_bailleur"),
                ),
                migrations.AddConstraint(
                    model_name="residence",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="bailleur_id = ANY ((SELECT droit.organisations('lire_fiches'))::bigint[]) OR id = ANY ((SELECT droit.residences())::bigint[]) OR bailleur_id = ANY ((SELECT droit.conventionnees())::bigint[]) OR territoire_id = ANY ((SELECT droit.territoires_conventionnes())::bigint[])",
                        name="residence_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residence",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="bailleur_id = ANY ((SELECT droit.organisations('patrimoine'))::bigint[])",
                        lit=None,
                        name="residence_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residence",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="bailleur_id = ANY ((SELECT droit.organisations('patrimoine'))::bigint[])",
                        lit="bailleur_id = ANY ((SELECT droit.organisations('patrimoine'))::bigint[])",
                        name="residence_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residence",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="residence_systeme", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="residence",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="residence_definie", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="organisation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("genre", "partenaire"), ("genre_partenaire__gt", "")),
                            models.Q(models.Q(("genre", "partenaire"), _negated=True), ("genre_partenaire", "")),
                            _connector="OR",
                        ),
                        name="organisation_partenaire_ssi_genre_partenaire",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="organisation",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(SELECT droit.compte()) IS NOT NULL",
                        name="organisation_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="organisation",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(SELECT droit.a_permission('exploiter'))",
                        lit=None,
                        name="organisation_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="organisation",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(SELECT droit.a_permission('exploiter'))",
                        lit="(SELECT droit.a_permission('exploiter'))",
                        name="organisation_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="organisation",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="organisation_systeme", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="organisation",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="organisation_definie", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="organisation",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="genre = 'plateforme'",
                        lit=None,
                        name="organisation_installee",
                        role="palier_droit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="couvertureclsm",
                    constraint=models.UniqueConstraint(fields=("clsm", "territoire"), name="couverture_unique"),
                ),
                migrations.AddConstraint(
                    model_name="couvertureclsm",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="(SELECT droit.compte()) IS NOT NULL",
                        name="couverture_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="couvertureclsm",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(SELECT droit.a_permission('exploiter'))",
                        lit=None,
                        name="couverture_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="couvertureclsm",
                    constraint=socle.rls.Politique(
                        commande="DELETE",
                        ecrit=None,
                        lit="(SELECT droit.a_permission('exploiter'))",
                        name="couverture_retire",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="couvertureclsm",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="couverture_systeme", role="palier_systeme"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="couvertureclsm",
                    constraint=socle.rls.Politique(
                        commande="SELECT", ecrit=None, lit="true", name="couverture_definie", role="palier_droit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="conventionterritoire",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("orienteur", "="), ("territoire", "="), ("periode", "&&")],
                        name="une_equipe_par_orienteur_commune_et_jour",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="conventionterritoire",
                    constraint=socle.rls.CleComposee(
                        cascade=False,
                        colonnes=("convention_id", "equipe_id", "orienteur_id"),
                        name="territoire_de_sa_convention",
                        table="partenaires_convention",
                        vers=("id", "equipe_id", "orienteur_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="conventionterritoire",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="equipe_id = (SELECT droit.organisation()) OR orienteur_id = (SELECT droit.organisation()) OR (SELECT droit.a_permission('exploiter'))",
                        name="convention_territoire_lit",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="conventionterritoire",
                    constraint=socle.rls.Politique(
                        commande="INSERT",
                        ecrit="(SELECT droit.a_permission('exploiter'))",
                        lit=None,
                        name="convention_territoire_cree",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="conventionterritoire",
                    constraint=socle.rls.Politique(
                        commande="UPDATE",
                        ecrit="(SELECT droit.a_permission('exploiter'))",
                        lit="(SELECT droit.a_permission('exploiter'))",
                        name="convention_territoire_modifie",
                        role="palier_web",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="conventionterritoire",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="convention_territoire_systeme",
                        role="palier_systeme",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="conventionterritoire",
                    constraint=socle.rls.Politique(
                        commande="SELECT",
                        ecrit=None,
                        lit="true",
                        name="convention_territoire_definie",
                        role="palier_droit",
                    ),
                ),
            ]
        ),
        sql("partenaires", "droit_comptes"),
    ]
