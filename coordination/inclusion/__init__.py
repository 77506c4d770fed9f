"""How a patient is asked for, included, followed and let go."""
