"""The desk's list of patients who have not answered, and the calls to them."""
