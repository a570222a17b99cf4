"""Pages of an accompagnement: one named part per subject."""
