"""Who is on duty and when: shifts, public holidays, leave, swaps, substitutes."""
