"""Services for one user of them (demo, test, a fault suite): standard library only.

These modules run before the project's environment exists, on the Python of the machine.
"""
