"""Django’s backend for Postgres, with a pool that looks at its connections without asking."""
