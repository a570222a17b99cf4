"""Pages of an accompagnement: one named part per subject.

COLLEAGUES: views/orientations.py, forms/orientations.py, urls/orientations.py and templates/accompagnements/orientations/
(the équipe's list `orientations`, the page of one orientation, and the partner's inbox `orientations_recues`) are being
written by the colleague « partenaire » since 16:40. The situation pages (situations, situation, visits, contract,
notes, documents, accords, ends, proposing an orientation from a situation) stay with the colleague « accomp ».
"""
