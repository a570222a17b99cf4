"""Pages open to everyone: emergency numbers, help, notices."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partenaires.enums import Role
from partenaires.models import Compte

# One help page per trade: several roles of the équipe share theirs.
AIDES: dict[str, str] = {
    Role.GARDIEN: "gardien",
    Role.REFERENT: "referent",
    Role.RESPONSABLE: "responsable",
    Role.COORDINATION: "coordination",
    Role.SOIGNANT: "equipe",
    Role.SOCIAL: "equipe",
    Role.CORRESPONDANT: "correspondant",
    Role.COORDINATION_CLSM: "clsm",
    Role.EXPLOITATION: "exploitation",
    Role.DPO: "dpo",
}

# (number, service, when): official French and European numbers, free and open day and night.
NUMEROS = (
    ("15", "Samu", "Un problème de santé grave : malaise, blessure, propos ou geste qui fait craindre pour sa vie."),
    ("17", "Police, gendarmerie", "Une violence, une menace, une intrusion."),
    ("18", "Pompiers", "Un incendie, une fuite de gaz, une personne enfermée ou tombée."),
    ("112", "Urgences européennes", "Si vous ne savez pas lequel choisir."),
    ("3114", "Prévention du suicide", "Une personne parle de mourir, ou vous vous inquiétez pour elle."),
    ("119", "Enfance en danger", "Un enfant ou un adolescent est en danger, ou risque de l’être."),
)


@login_not_required
@require_safe
def urgence(request: HttpRequest) -> HttpResponse:
    """Whom to call: Palier is no emergency channel."""
    return render(request, "partenaires/urgence.html", {"numeros": NUMEROS})


@login_not_required
@require_safe
def aide(request: HttpRequest) -> HttpResponse:
    """The help of one's roles; signing in for the first time, for everybody else."""
    compte = request.user
    roles = compte.roles if isinstance(compte, Compte) else frozenset()
    pages = list(dict.fromkeys(AIDES[role] for role in AIDES if role in roles))
    return render(request, "partenaires/aide.html", {"aides": [f"partenaires/aide/{p}.html" for p in pages]})


@login_not_required
@require_safe
def notice_habitants(request: HttpRequest) -> HttpResponse:
    """The notice for the household, in plain French; it is printed and given."""
    return render(request, "partenaires/notice_habitants.html")


@login_not_required
@require_safe
def accessibilite(request: HttpRequest) -> HttpResponse:
    """What is done for accessibility, and whom to tell."""
    return render(request, "partenaires/accessibilite.html")


@login_not_required
@require_safe
def donnees_personnelles(request: HttpRequest) -> HttpResponse:
    """What Palier keeps of people, for how long, and their rights."""
    return render(request, "partenaires/donnees_personnelles.html")
