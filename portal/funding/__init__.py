"""资金: what is due to a sending organisation, planned, approved, paid, received; what it raised itself."""
