"""What draws the letters of an exit."""
