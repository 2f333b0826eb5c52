"""演示: an invented programme on the real map, so that every finding and every state can be seen.

All 160 key counties have a pairing in 2022–2025 (closed years) and one in a continuation
programme from 2026 (the current year is open); there one of the 160 waits for the second
province's confirmation, so that 159 are in effect. Which province sends to which follows
portal/programme/data/sending_map.csv; every organisation, person, paper and day is invented and
says 演示. Codes and numbers are of blocks that were never issued.
"""
