"""Files of the model and of the data it is made from."""
