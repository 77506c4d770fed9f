"""Who comes when: a weekly list of visits, and what came of each."""
