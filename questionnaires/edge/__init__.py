"""Where forms come in and their words go out."""
