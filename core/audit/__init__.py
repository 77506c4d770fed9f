"""The audit trail: events, the chain of seals over them, and what leaves the house of them."""
