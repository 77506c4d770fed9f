"""Frames of makers who speak no standard characteristic: one engine, and data for each."""
