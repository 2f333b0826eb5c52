"""Forms: shape only (required, format, length). What is allowed, the rules say."""
