"""The commands of `docs/api.md` are run as they are written, against a live server."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from signalements.models import Fiche, Information
from socle import horloge
from tests.cles import logiciel
from tests.conftest import en_tant_que
from tests.fabriques import monde

GUIDE = Path(__file__).resolve().parent.parent.parent / "docs" / "api.md"


def _commandes() -> str:
    """Every bash block of the guide, in its order."""
    return "\n".join(re.findall(r"^```bash\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))


@pytest.mark.django_db(transaction=True)
def test_le_parcours_du_guide_marche_tel_qu_il_est_ecrit(live_server: Any, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is needed: outils/paquets.sh test installs it"
    assert shutil.which("jq"), "jq is needed: outils/paquets.sh test installs it"
    horloge.regler(datetime.now(UTC))  # `date +%F` of the guide is today
    m = monde()
    appelant = logiciel(m)
    resultat = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", _commandes()],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PALIER": live_server.url, "CLE": appelant.jeton, "TZ": "Europe/Paris"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr
    assert '"statut": "recue"' in resultat.stdout
    assert '"mode": "vive_voix"' in resultat.stdout
    assert "Palier est fait pour les adultes." in resultat.stdout
    with en_tant_que("palier_fabrique"):
        assert [(f.etat, f.orienteur_id) for f in Fiche.objects.all()] == [("transmise", m.bailleur.pk)]
        assert Information.objects.count() == 1


def test_le_guide_nomme_chaque_permission_chaque_statut_et_chaque_refus() -> None:
    from partenaires.enums import Portee
    from signalements.enums import Statut
    from socle.api.problemes import GENRES

    guide = GUIDE.read_text(encoding="utf-8")
    absents = [f"`{v}`" for v in (*Portee.values, *Statut.values) if f"`{v}`" not in guide]
    absents += [str(g.statut) for g in GENRES.values() if str(g.statut) not in guide and g.statut not in (405, 406)]
    assert absents == []
