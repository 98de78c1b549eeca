"""What Redshift's documentation says and a grammar cannot. A rule takes a Statement and yields Refusals."""
