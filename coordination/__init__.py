"""The circle of people around a patient."""
