"""What happens when a person does something on a page."""
