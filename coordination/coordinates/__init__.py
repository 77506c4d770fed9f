"""How the members of a circle are reached: in which order, by which way, who is shown what."""
