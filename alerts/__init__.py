"""Warning: rules, alerts, and the ladder climbed until a person answers."""
