"""证明与报表: what a person or a pairing has done, as documents to keep, print and sign.

Words: the *month sheet* (工作日志月报表) lists a person's days of a month in a pairing; a *certificate
of service* (服务证明) is issued by the organisation's manager or the sending province, numbered and
frozen; the *pairing sheet* (结对情况表) says how a pairing stands, without names.
Verbs: issue_service_certificate, record_sheet.
"""
