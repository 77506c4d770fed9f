"""Finding a professional or an organisation: the directory as people search it."""
