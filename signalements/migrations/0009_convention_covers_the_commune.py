from django.db import migrations

from socle.migration_sql import sql


class Migration(migrations.Migration):
    dependencies = [
        ("partenaires", "0007_conventions_settings_and_history"),
        ("signalements", "0008_meetings_of_the_equipe"),
    ]

    operations = [sql("signalements", "convention_couvre")]
