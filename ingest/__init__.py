"""From the home to the table: what gateways send is stored exactly once, or quarantined."""
