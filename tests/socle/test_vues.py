"""A form whose object changed meanwhile: the page says so, gives back the text, and nothing is left."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from partenaires.enums import Action
from partenaires.perimetre import agir_comme
from socle import journal
from socle.models import CleIdempotence
from socle.transitions import TransitionInterdite
from socle.vues import Maintenant, transition_dite
from tests.fabriques import monde
from tests.partenaires.regards import compter, evenements

PHRASE = "Une phrase assez longue pour être rendue."


def dire(request: HttpRequest) -> Maintenant:
    return Maintenant(objet="La fiche 26-0001", etat="Classée", url="/fiches/", lien="Revenir aux fiches")


def poster(**champs: str) -> HttpRequest:
    request = RequestFactory().post("/essai/", champs)
    request.user = AnonymousUser()
    return request


def test_une_transition_interdite_devient_une_page_409_et_rien_ne_reste(db: None) -> None:
    m = monde()
    compte = m["coordination"]

    @transition_dite(dire)
    def vue(request: HttpRequest) -> HttpResponse:
        journal.noter(Action.CONNEXION, organisation_id=m.equipe.pk, objet_type="essai")
        journal.noter(Action.CONNEXION, organisation_id=m.equipe.pk, objet_type="essai", issue=journal.REFUS)
        CleIdempotence.objects.create(
            compte_id=compte.pk, action="essai", cle="00000000-0000-4000-8000-000000000000", corps=b"", objet_id="1"
        )
        raise TransitionInterdite("classer", "classee")

    with agir_comme(compte):
        reponse = vue(poster(texte=PHRASE, code="autre", csrfmiddlewaretoken="x" * 64))
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "La fiche 26-0001 a changé entre-temps" in page
    assert "<strong>Classée</strong>" in page
    assert PHRASE in page
    assert "x" * 64 not in page
    assert compter(CleIdempotence) == {"CleIdempotence": 0}
    assert evenements(m.equipe.pk) == ["partenaires.connexion refus"]


def test_une_vue_sans_refus_passe_telle_quelle(db: None) -> None:
    m = monde()

    @transition_dite(dire)
    def vue(request: HttpRequest) -> HttpResponse:
        journal.noter(Action.CONNEXION, organisation_id=m.equipe.pk, objet_type="essai")
        return HttpResponse("fait")

    with agir_comme(m["coordination"]):
        assert vue(poster()).content == b"fait"
    assert evenements(m.equipe.pk) == ["partenaires.connexion"]


def test_a_la_lecture_aussi_la_page_dit_l_etat() -> None:
    @transition_dite(dire)
    def vue(request: HttpRequest) -> HttpResponse:
        raise TransitionInterdite("classer", "classee")

    request = RequestFactory().get("/essai/")
    request.user = AnonymousUser()
    assert vue(request).status_code == 409
