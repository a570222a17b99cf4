from django.db import migrations

from socle.migration_sql import sql


class Migration(migrations.Migration):
    dependencies = [("accompagnements", "0012_requests_for_access")]

    operations = [sql("accompagnements", "ordre_du_jour")]
