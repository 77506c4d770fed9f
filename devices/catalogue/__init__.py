"""Models of devices people have at home: how to know them, what they speak, how to use them."""
