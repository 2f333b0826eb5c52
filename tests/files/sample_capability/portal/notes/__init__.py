"""备忘: what an officer notes about a pairing. Verb: write_note."""
