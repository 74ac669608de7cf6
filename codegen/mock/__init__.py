"""A server made of a document alone, for those who write clients before the service is there.

It is the contract runtime with one handler for all operations: what comes in is judged as the
service judges it, and what goes out are the document's examples, or values made from its schemas.
"""
