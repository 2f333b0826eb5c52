"""证书奖补: a local policy of a province, once for a person and a level of certificate (R105, R106).

The province's own money: no row of the programme's ledger (decision 0058). Verbs: claim_awards,
withdraw_award, verify_awards, publicise_awards, send_back, dismiss_objection, reject_award, pay_awards,
take_payment_back, record_rule.
"""
