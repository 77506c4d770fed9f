"""Reading the profiles and ladders that come with the product."""
