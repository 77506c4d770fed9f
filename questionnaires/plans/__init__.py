"""Plans: which questionnaire a patient is asked when, until when, and what he has missed."""
