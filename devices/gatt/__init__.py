"""Bluetooth GATT characteristics: an engine, and a table for each; without loss both ways."""
