"""The contract runtime: what generated routers stand on. It knows no feature and no database."""
