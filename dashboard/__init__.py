"""The console of the monitoring nurse."""
