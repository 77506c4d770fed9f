"""Adapters of the gateway to the world: radio, local disk, broker."""
