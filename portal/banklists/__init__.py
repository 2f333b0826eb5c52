"""银行清单: what is approved and unpaid as a workbook for the bank; the same workbook back, with dates and
vouchers: shown as payments first, then paid by one click: all of them, or none with a sentence for each row."""
