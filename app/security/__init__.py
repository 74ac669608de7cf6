"""Who somebody is: passwords, tokens, and the guard that turns a token into an actor."""
