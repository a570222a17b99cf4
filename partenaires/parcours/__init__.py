"""What people do to organisations, members and résidences: rights, writing, journal and effects, nowhere else."""
