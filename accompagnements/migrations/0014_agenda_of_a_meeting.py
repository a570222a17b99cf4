from django.db import migrations

from socle.migration_sql import sql


class Migration(migrations.Migration):
    dependencies = [("accompagnements", "0013_delays_of_the_suivi")]

    operations = [sql("accompagnements", "ordre_du_jour")]
