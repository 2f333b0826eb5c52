"""审计: one sealed row for every write, sign-in, export and reveal, in the same transaction."""
