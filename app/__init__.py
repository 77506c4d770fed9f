"""The front door: processes, web pages, command line; the only room that knows every room."""
