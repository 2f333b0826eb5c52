"""月份: a person declares a month complete, so that "forgot" differs from "did not work".

The page says which working days are empty, as information: nobody has to fill them. declare_month,
withdraw_declaration. A declaration stands until something is handed in that it did not know
(queries.stands): nothing has to withdraw it. Managers see who has declared, officers the share.
"""
