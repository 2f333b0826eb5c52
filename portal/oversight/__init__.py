"""资金监管: how far money is used, what an auditor would ask, and what was answered (R063)."""
