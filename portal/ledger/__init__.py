"""台账: every amount that moved, in double entry; the sums of an organisation and year."""
