"""How pages look: pure functions from views to components."""
