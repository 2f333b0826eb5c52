"""转付: what a sending organisation passes on to its partner of the money it received, by agreement."""
