"""Side-by-side measurements; absolute times belong here and nowhere else."""
