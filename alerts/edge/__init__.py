"""What alerts read from files shipped with the room."""
