from django.db import migrations

from socle.migration_sql import sql


class Migration(migrations.Migration):
    dependencies = [("accompagnements", "0011_accords_per_commission")]

    operations = [sql("accompagnements", "ordre_du_jour")]
