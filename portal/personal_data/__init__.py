"""个人信息: sealing, blind index and masking of ID numbers, phones and bank accounts.

Stored values are ``key_id ‖ nonce ‖ ciphertext ‖ tag`` (AES-256-GCM), bound by associated data to
their table, column and row: a value copied into another row does not open. Pages show masks;
the clear text is had only by POST with a reason, which the audit keeps.
"""
