"""Client packages from the bundled document: well-kept generators, and a thin layer above them."""
