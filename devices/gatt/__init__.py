"""Bluetooth GATT characteristics, one file each, decoded and encoded without loss."""
