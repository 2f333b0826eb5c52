"""结算: the money of an organisation and year is closed; what of it the province asks about."""
