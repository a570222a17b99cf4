"""A publication put into sections, tables and charts: the same words and numbers on a page, in the PDF, in the ODS.

Published values come in here, so that whatever goes out may circulate; the équipe's own dashboard alone gives its own
numbers (`publication.interne`), and says on its page that they may not.
"""

from indicateurs.lecture.chiffres import chiffres
from indicateurs.lecture.ecrits import Bloc, Section
from indicateurs.lecture.evolution import AVERTISSEMENT, couverture, haltere_de
from indicateurs.lecture.parties import SECTIONS, sections

__all__ = ["AVERTISSEMENT", "SECTIONS", "Bloc", "Section", "chiffres", "couverture", "haltere_de", "sections"]
