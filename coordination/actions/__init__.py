"""What is to be done for a patient: given, accepted in time or given back, done."""
