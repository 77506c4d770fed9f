"""Virtual devices that speak real Bluetooth bytes, for tests and for the demonstration."""
