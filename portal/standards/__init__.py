"""National standards as pure functions: no Flask, no session, no query, no clock.

``credit_code``   unified social credit code (统一社会信用代码), GB 32100 with GB 11714
``id_number``     citizen identity number (公民身份号码), GB 11643
``phone``         mainland telephone numbers (联系电话)
``bank_account``  bank account numbers (银行账号)
``dates``         the date notations of import files; full months between two dates
``file_name``     names of files, and ``numbers_of_people`` left out of them
``money``         yuan as written to integer fen and back

A ``check_…`` function answers None, or the first ``Problem`` with a Chinese sentence that says
how to mend the value. A ``normalise_…`` function gives the form that is stored and compared. A
``mask_…`` function gives the form for pages whose reader may not see the whole value.
"""
