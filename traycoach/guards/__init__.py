"""Reasons not to interrupt now, and signs of presence: one file a mechanism, combined by `watch`."""
