"""Reaching a patient: whom to call, what came of it, and what to tell the SAMU."""
