"""支出: claimed with its voucher, booked by another, sampled by the province; what it may be used for."""
