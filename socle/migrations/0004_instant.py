from django.db import migrations

from socle.migration_sql import sql


class Migration(migrations.Migration):
    dependencies = [
        ("socle", "0003_empreinte_des_documents"),
    ]

    operations = [sql("socle", "instant")]
