"""Tchat: rooms of a patient that say who reads them, and conversations of professionals."""
