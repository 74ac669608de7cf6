"""The database: its tables, its connections, and what its errors mean to a client."""
