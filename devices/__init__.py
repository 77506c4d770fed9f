"""Bytes and radios: codecs, virtual devices, the gateway in the home, the wire envelope."""
