"""What a change of the document means to its clients: `python -m codegen.diff OLD NEW`."""
