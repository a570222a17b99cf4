"""Bodies of calls: JSON of a bounded size, whose every member is known."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

from socle.api.problemes import Probleme
from socle.ecriture import INSECABLE


class LecteurJSON(JSONParser):
    """Reads a JSON object; what is too long, too deep or not an object is refused before anything else."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        requete = (parser_context or {}).get("request")
        longueur = requete.META.get("CONTENT_LENGTH") if requete is not None else None
        if int(longueur or 0) > settings.API_CORPS_MAXIMAL:
            limite = math.floor(settings.API_CORPS_MAXIMAL / 1024)
            raise Probleme("trop-volumineux", f"Le corps dépasse {limite}{INSECABLE}Kio. Rien n’a été lu.")
        try:
            corps = super().parse(stream, media_type, dict(parser_context or {}))
            json.dumps(corps, ensure_ascii=False).encode()  # half a character cannot be kept, nor named
        except RecursionError:
            raise ParseError("Le JSON est trop imbriqué.") from None
        except (ParseError, UnicodeEncodeError):
            raise ParseError("Le corps n’est pas un JSON valide, en UTF-8.") from None
        if not isinstance(corps, dict):
            raise ParseError("Le corps est un objet JSON, entre accolades.")
        return corps


class CorpsSerializer(serializers.Serializer[Any]):
    """Explicit members only: an unknown one is named, never ignored."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        inconnus = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if inconnus:
            attendus = ", ".join(nom for nom, champ in self.fields.items() if not champ.read_only)
            texte = f"Membre inconnu. Membres attendus{INSECABLE}: {attendus}."
            raise ValidationError(dict.fromkeys(inconnus, texte))
        valeurs: dict[str, Any] = super().to_internal_value(data)
        return valeurs
