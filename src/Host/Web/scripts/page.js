// Small things that make a page handier; each of them works without.
